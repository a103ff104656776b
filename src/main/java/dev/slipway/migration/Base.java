package dev.slipway.migration;

/// What a migration can be applied on top of, as its author says.
public enum Base {
  /// What the migrations before it have left, with its rows.
  ANY,
  /// Nothing: it cannot take the data of before along.
  CLEAN_DATABASE
}
