package dev.slipway.history;

import dev.slipway.migration.HistoryDefinition;
import dev.slipway.sql.Identifier;
import java.util.Optional;
import java.util.Set;

/// The history table of a database, found or still to be made, and the journal beside it.
///
/// @param schema the schema that holds both
/// @param columns what its CREATE TABLE says behind the name, if a changelog says that
/// @param presence what of it is there
/// @param journalColumns the journal's columns; empty if there is no journal
public record HistoryTable(
    Identifier schema,
    Identifier table,
    Identifier idColumn,
    Identifier versionColumn,
    Optional<String> columns,
    Presence presence,
    Set<String> journalColumns) {

  /// What of the history is there.
  public enum Presence {
    NO_SCHEMA,
    NO_TABLE,
    TABLE
  }

  /// Our table; one for all histories of a schema.
  public static final Identifier JOURNAL = new Identifier("slipway_journal");

  public HistoryTable {
    journalColumns = Set.copyOf(journalColumns);
  }

  /// A table as it is to be made.
  static HistoryTable defined(Identifier schema, HistoryDefinition definition, Presence presence) {
    return new HistoryTable(
        schema,
        definition.table(),
        definition.idColumn(),
        definition.versionColumn(),
        definition.columns(),
        presence,
        Set.of());
  }

  public boolean exists() {
    return presence == Presence.TABLE;
  }

  public boolean hasJournal() {
    return !journalColumns.isEmpty();
  }

  HistoryTable withJournal(Set<String> journal) {
    return new HistoryTable(schema, table, idColumn, versionColumn, columns, presence, journal);
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
