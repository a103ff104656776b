package dev.slipway.migration;

/// How a migration's statements are bound together.
public enum TransactionMode {
  /// All of them, with the history row, in one transaction.
  ONE,
  /// Each by itself, because PostgreSQL refuses one of them inside a transaction block.
  NONE
}
