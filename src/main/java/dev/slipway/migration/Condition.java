package dev.slipway.migration;

import java.util.List;

/// Something that holds in a database or does not. Evaluated in order, and no further than needed:
/// what stands behind a condition may rely on it, as a table's rows on the table's being there.
public sealed interface Condition {

  /// An expression of SQL that gives one boolean. It is not parsed before it is its turn.
  ///
  /// @param sql for example `EXISTS (SELECT 1 FROM orders)`; null counts as false
  /// @param text for people, as a clause: `table "orders" exists`
  record Holds(String sql, String text) implements Condition {}

  /// Whether the history records this migration.
  record Recorded(MigrationId id) implements Condition {}

  /// What is known without a database.
  record Known(boolean holds, String text) implements Condition {}

  /// All hold; also if there is none.
  record All(List<Condition> conditions) implements Condition {
    public All {
      conditions = List.copyOf(conditions);
    }
  }

  /// At least one holds.
  record Any(List<Condition> conditions) implements Condition {
    public Any {
      conditions = List.copyOf(conditions);
    }
  }

  record Not(Condition condition) implements Condition {}
}
