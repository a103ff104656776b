package dev.slipway.migration;

/// When a migration that is applied becomes due again.
public enum Rerun {
  NEVER,
  /// When its text differs from the one that was applied.
  ON_CHANGE,
  /// At each run.
  ALWAYS
}
