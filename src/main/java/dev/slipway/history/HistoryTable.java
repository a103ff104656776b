package dev.slipway.history;

import dev.slipway.sql.Identifier;
import java.util.Set;

/// The history table of a database, found or still to be made, and the journal beside it.
///
/// @param schema the schema that holds both
/// @param presence what of it is there
/// @param journalColumns the journal's columns; empty if there is no journal
public record HistoryTable(
    Identifier schema,
    Identifier table,
    Identifier idColumn,
    Identifier versionColumn,
    Presence presence,
    Set<String> journalColumns) {

  /// What of the history is there.
  public enum Presence {
    NO_SCHEMA,
    NO_TABLE,
    TABLE
  }

  /// EF Core's own names (`HistoryRepository.DefaultTableName` and its columns).
  public static final Identifier DEFAULT_TABLE = new Identifier("__EFMigrationsHistory");

  static final Identifier DEFAULT_ID_COLUMN = new Identifier("MigrationId");
  static final Identifier DEFAULT_VERSION_COLUMN = new Identifier("ProductVersion");

  /// Our table; one for all histories of a schema.
  public static final Identifier JOURNAL = new Identifier("slipway_journal");

  public HistoryTable {
    journalColumns = Set.copyOf(journalColumns);
  }

  /// A table that does not exist, with EF's column names.
  static HistoryTable absent(Identifier schema, Identifier table, Presence presence) {
    return new HistoryTable(
        schema, table, DEFAULT_ID_COLUMN, DEFAULT_VERSION_COLUMN, presence, Set.of());
  }

  public boolean exists() {
    return presence == Presence.TABLE;
  }

  public boolean hasJournal() {
    return !journalColumns.isEmpty();
  }

  HistoryTable withJournal(Set<String> columns) {
    return new HistoryTable(schema, table, idColumn, versionColumn, presence, columns);
  }

  /// The table's name as SQL, with its schema.
  public String quoted() {
    return schema.quoted() + "." + table.quoted();
  }

  /// The journal's name as SQL, with its schema.
  public String quotedJournal() {
    return schema.quoted() + "." + JOURNAL.quoted();
  }
}
