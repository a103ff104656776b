package dev.slipway.testing;

import java.util.List;

/// What two databases that received the same release have in common: all but when, by whom and with
/// what.
public record State(String schema, String contents, List<String> history, List<String> journal) {

  /// @param history the schema of history and journal
  public static State of(TestDatabase database, String history) {
    return new State(
        Catalog.schema(database),
        Catalog.contents(database),
        database.rows("SELECT * FROM %s.\"__EFMigrationsHistory\" ORDER BY 1".formatted(history)),
        database.rows(
            """
            SELECT history_table, migration_id, checksum, finished_at IS NOT NULL,
                   statements_done, statements
            FROM %s.slipway_journal ORDER BY 1, 2"""
                .formatted(history)));
  }
}
