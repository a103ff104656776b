package dev.slipway.migration;

/// Whose ids a history holds.
public enum HistoryUse {
  /// One changelog's.
  OWN,
  /// Those of several, each of which knows only its own.
  SHARED
}
