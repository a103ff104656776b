package dev.slipway.history;

import dev.slipway.migration.Checksum;
import dev.slipway.migration.MigrationId;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The SQL of one history: its table, the journal, the locks. Runner and script take it from here,
/// so that both do the same. Everything is schema-qualified, since a migration may have set any
/// search path.
public final class HistorySql {
  private static final String INTO_JOURNAL =
      """
       AS j (history_table, migration_id, checksum, started_at, finished_at, \
      applied_by, statements_done, statements, slipway_version)""";

  private static final String ON_CONFLICT =
      """

      ON CONFLICT (history_table, migration_id) DO UPDATE
      SET checksum = excluded.checksum, started_at = excluded.started_at, \
      finished_at = excluded.finished_at, applied_by = excluded.applied_by, \
      statements_done = excluded.statements_done, statements = excluded.statements, \
      slipway_version = excluded.slipway_version""";

  private final HistoryTable history;
  private final String table;
  private final String journal;

  public HistorySql(HistoryTable history) {
    this.history = history;
    this.table = history.quoted();
    this.journal = history.quotedJournal();
  }

  public static String createSchema(Identifier schema) {
    return "CREATE SCHEMA IF NOT EXISTS " + schema.quoted();
  }

  /// EF Core's table, as `NpgsqlHistoryRepository` creates it. Two sessions that execute CREATE
  /// TABLE IF NOT EXISTS at the same moment can both pass the check and collide in pg_type (23505)
  /// or pg_class (42P07).
  public String createHistory() {
    return """
        CREATE TABLE IF NOT EXISTS %s (
            %s character varying(150) NOT NULL,
            %s character varying(32) NOT NULL,
            CONSTRAINT "PK_%s" PRIMARY KEY (%s)
        )"""
        .formatted(
            table,
            history.idColumn().quoted(),
            history.versionColumn().quoted(),
            history.table().value().replace("\"", "\"\""),
            history.idColumn().quoted());
  }

  public String createJournal() {
    return """
        CREATE TABLE IF NOT EXISTS %s (
            %s,
            PRIMARY KEY (history_table, migration_id)
        )"""
        .formatted(
            journal,
            Arrays.stream(JournalColumn.values())
                .map(JournalColumn::sqlDefinition)
                .collect(Collectors.joining(",\n    ")));
  }

  /// What an older version's journal lacks.
  public List<String> extendJournal() {
    return Arrays.stream(JournalColumn.values())
        .filter(column -> !history.journalColumns().contains(column.sqlName()))
        .map(
            column ->
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s"
                    .formatted(journal, column.sqlDefinition()))
        .toList();
  }

  /// Keeps every other writer of the history out until the transaction ends, and lets readers in.
  /// It conflicts with itself, with a history INSERT of EF 8, and with the lock of EF 9 and 10.
  public String lockTable() {
    return "LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE";
  }

  /// Gives a row if the migration is recorded. Only the exact id is looked for, by the primary key:
  /// rows in other letter case were seen when the history was read.
  public String findMigration(MigrationId id) {
    return "SELECT 1 FROM "
        + table
        + " WHERE "
        + history.idColumn().quoted()
        + " = "
        + literal(id.value());
  }

  /// Fails (22P02) if the migration is recorded, with an error that names it; else gives no row.
  /// For statements that others follow in one message.
  public String refuseRecorded(MigrationId id) {
    return "SELECT CAST('is recorded: ' || "
        + history.idColumn().quoted()
        + " AS integer) FROM "
        + table
        + " WHERE "
        + history.idColumn().quoted()
        + " = "
        + literal(id.value());
  }

  public String recordMigration(MigrationId id, String productVersion) {
    return "INSERT INTO "
        + table
        + " ("
        + history.idColumn().quoted()
        + ", "
        + history.versionColumn().quoted()
        + ") VALUES ("
        + literal(id.value())
        + ", "
        + literal(productVersion)
        + ")";
  }

  /// The journal row of a migration that is done, in the transaction that did it. Its times are the
  /// transaction's start and the moment of this statement.
  public String journalApplied(MigrationId id, Checksum checksum, int statements, String version) {
    return journalFirstApplied(id, checksum, statements, version) + ON_CONFLICT;
  }

  /// The same for a migration that the journal does not know; it costs the server half as much.
  public String journalFirstApplied(
      MigrationId id, Checksum checksum, int statements, String version) {
    return insertIntoJournal(
        id, checksum, "now()", "clock_timestamp()", statements, statements, version);
  }

  /// The journal row of a migration that is recorded without being run.
  public String journalMarked(MigrationId id, Checksum checksum, int statements, String version) {
    return insertIntoJournal(id, checksum, "now()", "clock_timestamp()", 0, statements, version)
        + ON_CONFLICT;
  }

  /// The mark that a migration without a transaction has begun.
  public String journalStarted(MigrationId id, Checksum checksum, int statements, String version) {
    return insertIntoJournal(id, checksum, "clock_timestamp()", "NULL", 0, statements, version)
        + ON_CONFLICT;
  }

  private String insertIntoJournal(
      MigrationId id,
      Checksum checksum,
      String startedAt,
      String finishedAt,
      int done,
      int statements,
      String version) {
    return "INSERT INTO "
        + journal
        + INTO_JOURNAL
        + "\nVALUES ("
        + String.join(
            ", ",
            literal(history.table().value()),
            literal(id.value()),
            literal(checksum.value()),
            startedAt,
            finishedAt,
            "SESSION_USER",
            Integer.toString(done),
            Integer.toString(statements),
            literal(version))
        + ")";
  }

  /// One more statement of a migration without a transaction took effect.
  public String journalProgress(MigrationId id, int statementsDone) {
    return "UPDATE %s SET statements_done = %d WHERE %s"
        .formatted(journal, statementsDone, journalKey(id.value()));
  }

  /// The text that was begun may have been mended since, so the checksum is written again.
  public String journalFinished(MigrationId id, Checksum checksum, int statements) {
    return """
        UPDATE %s SET finished_at = clock_timestamp(), checksum = %s, \
        statements_done = %d, statements = %d WHERE %s"""
        .formatted(
            journal, literal(checksum.value()), statements, statements, journalKey(id.value()));
  }

  /// Takes the mark back where nothing took effect.
  public String journalForget(String id) {
    return "DELETE FROM %s WHERE %s".formatted(journal, journalKey(id));
  }

  private String journalKey(String id) {
    return "history_table = %s AND migration_id = %s"
        .formatted(literal(history.table().value()), literal(id));
  }

  /// Id and product version of each row.
  String readHistory() {
    return "SELECT "
        + history.idColumn().quoted()
        + ", "
        + history.versionColumn().quoted()
        + " FROM "
        + table
        + " ORDER BY 1";
  }

  /// Id, checksum, both times in microseconds since 1970, statements done, statements. Columns that
  /// an older journal lacks are read as null.
  String readJournal() {
    return "SELECT "
        + String.join(
            ", ",
            JournalColumn.MIGRATION_ID.sqlName(),
            columnOrNull(JournalColumn.CHECKSUM),
            microseconds(JournalColumn.STARTED_AT),
            microseconds(JournalColumn.FINISHED_AT),
            columnOrNull(JournalColumn.STATEMENTS_DONE),
            columnOrNull(JournalColumn.STATEMENTS))
        + " FROM "
        + journal
        + " WHERE "
        + (history.journalColumns().contains(JournalColumn.HISTORY_TABLE.sqlName())
            ? "history_table = " + literal(history.table().value())
            : "true");
  }

  private String columnOrNull(JournalColumn column) {
    return history.journalColumns().contains(column.sqlName()) ? column.sqlName() : "NULL";
  }

  private String microseconds(JournalColumn column) {
    String name = columnOrNull(column);
    return name.equals("NULL") ? name : "(extract(epoch FROM " + name + ") * 1000000)::bigint";
  }

  private static String literal(String value) {
    return new Literal(value).quoted();
  }

  /// The key of the advisory lock that keeps runs on this history apart, on whatever host they are:
  /// derived from the names of schema and table, so that histories side by side do not wait for
  /// each other (advisory locks are the database's, not the server's).
  public long lockKey() {
    Checksum digest = Checksum.ofText(("slipway " + table).getBytes(StandardCharsets.UTF_8));
    return Long.parseUnsignedLong(digest.value().substring(0, 16), 16);
  }
}
