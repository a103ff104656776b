package dev.slipway.history;

import java.util.Locale;

/// A column of the journal. Columns are only ever added, and each later one has a default or may be
/// null, so that versions of this program can share a database: an older journal is extended, the
/// columns of a newer one are left alone.
enum JournalColumn {
  /// Which history the row belongs to: several may lie in one schema.
  HISTORY_TABLE("text NOT NULL"),
  MIGRATION_ID("text NOT NULL"),
  /// Of the text that was applied.
  CHECKSUM("text NOT NULL DEFAULT ''"),
  STARTED_AT("timestamp with time zone NOT NULL DEFAULT now()"),
  /// Null while it runs, and after it broke.
  FINISHED_AT("timestamp with time zone"),
  /// The role that logged in.
  APPLIED_BY("text NOT NULL DEFAULT SESSION_USER"),
  /// How many statements took effect; counts up where there is no transaction.
  STATEMENTS_DONE("integer NOT NULL DEFAULT 0"),
  STATEMENTS("integer NOT NULL DEFAULT 0"),
  SLIPWAY_VERSION("text"),
  /// The number of the last statement that was begun by itself, where there is no transaction; 0 if
  /// none was. Null in rows of a version that did not note it.
  STATEMENT_BEGUN("integer"),
  /// The indexes, as SQL, that the table had when CREATE INDEX CONCURRENTLY was begun on it.
  INDEXES_BEFORE("text[]"),
  /// How far the application was with a resync when somebody looked; see
  /// [JournalSql#lookedAtProgress].
  RESYNC_DONE("numeric");

  private final String definition;

  JournalColumn(String definition) {
    this.definition = definition;
  }

  String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Name and definition, as in CREATE TABLE and ALTER TABLE.
  String sqlDefinition() {
    return sqlName() + " " + definition;
  }
}
