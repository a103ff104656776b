package dev.slipway.history;

import dev.slipway.migration.Checksum;
import dev.slipway.migration.MigrationId;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The SQL of one history: its table, the journal, the locks. Runner and script take it from here,
/// so that both do the same. Everything is schema-qualified, since a migration may have set any
/// search path.
public final class HistorySql {
  private static final String INTO_JOURNAL =
      "\n  (history_table, migration_id, checksum, started_at, finished_at, applied_by,"
          + "\n   statements_done, statements, slipway_version)";

  private static final String ON_CONFLICT =
      """

      ON CONFLICT (history_table, migration_id) DO UPDATE
      SET checksum = excluded.checksum, started_at = excluded.started_at,
        finished_at = excluded.finished_at, applied_by = excluded.applied_by,
        statements_done = excluded.statements_done, statements = excluded.statements,
        slipway_version = excluded.slipway_version""";

  /// A schema that is never written.
  private static final Identifier NOWHERE = new Identifier("-");

  private final HistoryTable history;
  private final String table;
  private final String journal;

  public HistorySql(HistoryTable history) {
    this(history, history.quoted(), history.quotedJournal());
  }

  private HistorySql(HistoryTable history, String table, String journal) {
    this.history = history;
    this.table = table;
    this.journal = journal;
  }

  /// The SQL of a history that lies where unqualified tables are created: in a schema that only the
  /// session knows which executes it. Fit for where the search path is the session's own.
  ///
  /// @param table the history's name, with EF's columns
  public static HistorySql inSearchPath(Identifier table) {
    return new HistorySql(
        HistoryTable.absent(NOWHERE, table, HistoryTable.Presence.TABLE),
        table.quoted(),
        HistoryTable.JOURNAL.quoted());
  }

  /// The SQL of a history with EF's columns in this schema.
  public static HistorySql inSchema(Identifier schema, Identifier table) {
    return new HistorySql(HistoryTable.absent(schema, table, HistoryTable.Presence.TABLE));
  }

  /// The SQL of this history once it is there.
  public static HistorySql onceMade(HistoryTable history) {
    return new HistorySql(
        new HistoryTable(
            history.schema(),
            history.table(),
            history.idColumn(),
            history.versionColumn(),
            HistoryTable.Presence.TABLE,
            history.journalColumns()));
  }

  /// The same history by other names, as where a script's client fills them in.
  public HistorySql named(String tableSql, String journalSql) {
    return new HistorySql(history, tableSql, journalSql);
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

  /// The history's name as SQL.
  public String table() {
    return table;
  }

  /// The journal's name as SQL.
  public String journal() {
    return journal;
  }

  public String idColumn() {
    return history.idColumn().quoted();
  }

  /// The schema that the history's name is written with; empty if the search path decides.
  public Optional<Identifier> schema() {
    return history.schema().equals(NOWHERE) ? Optional.empty() : Optional.of(history.schema());
  }

  public Identifier tableName() {
    return history.table();
  }

  public Identifier idColumnName() {
    return history.idColumn();
  }

  /// Joins what is recorded of `migration`, a relation with a column `id`: `recorded`, the row of
  /// the history, and `journal`, that of the journal. Letter case does not count.
  public String joinToMigrations() {
    return """
        LEFT JOIN %s AS recorded
          ON pg_catalog.upper(recorded.%s) = pg_catalog.upper(migration.id)
        LEFT JOIN %s AS journal
          ON journal.history_table = %s
          AND pg_catalog.upper(journal.migration_id) = pg_catalog.upper(migration.id)"""
        .formatted(table, idColumn(), journal, literal(history.table().value()));
  }

  /// Whether the journal has every column.
  public String isJournalComplete() {
    return """
        (SELECT pg_catalog.count(*) = %d FROM pg_catalog.pg_attribute
         WHERE attrelid = %s::pg_catalog.regclass AND attnum > 0 AND NOT attisdropped
           AND attname IN (%s))"""
        .formatted(
            JournalColumn.values().length,
            literal(journal),
            Arrays.stream(JournalColumn.values())
                .map(column -> literal(column.sqlName()))
                .collect(Collectors.joining(",\n           ")));
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
        + "\n    WHERE "
        + history.idColumn().quoted()
        + " = "
        + literal(id.value());
  }

  /// Gives a row if the migration is recorded, and one of these texts is what was applied last, to
  /// its end.
  ///
  /// @param checksums empty if any text will do
  public String findText(MigrationId id, List<Checksum> checksums) {
    return "SELECT 1 FROM %s\n    WHERE %s\n      AND finished_at IS NOT NULL AND checksum %s\n      AND %s"
        .formatted(
            journal,
            journalKey(id.value()),
            checksums.isEmpty()
                ? "<> ''"
                : checksums.stream()
                    .map(checksum -> literal(checksum.value()))
                    .collect(Collectors.joining(",\n        ", "IN (", ")")),
            isRecorded(id));
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

  /// Whether the migration is recorded, in any letter case; false where there is no history yet.
  public String isRecorded(MigrationId id) {
    return history.exists()
        ? "EXISTS (SELECT FROM %s\n    WHERE pg_catalog.upper(%s) = pg_catalog.upper(%s))"
            .formatted(table, history.idColumn().quoted(), literal(id.value()))
        : "false";
  }

  public String recordMigration(MigrationId id, String productVersion) {
    return "INSERT INTO "
        + table
        + " ("
        + history.idColumn().quoted()
        + ", "
        + history.versionColumn().quoted()
        + ")\nVALUES ("
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

  /// The same for PostgreSQL's `format()`.
  ///
  /// @param id place of the migration's id among the arguments
  /// @param checksum place of its text's checksum
  /// @param statements place of the number of its statements
  public String journalAppliedFormat(
      String id, String checksum, String statements, String version) {
    return forFormat(intoJournal())
        + String.join(
            ", ",
            id,
            checksum,
            "now()",
            "clock_timestamp()",
            "SESSION_USER",
            statements,
            statements,
            forFormat(literal(version)))
        + ")"
        + ON_CONFLICT;
  }

  /// The text as `format()` needs it to give it back.
  public static String forFormat(String text) {
    return text.replace("%", "%%");
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
    return intoJournal()
        + String.join(
            ", ",
            literal(id.value()) + ",\n  " + literal(checksum.value()) + ",\n  " + startedAt,
            finishedAt,
            "SESSION_USER",
            Integer.toString(done),
            Integer.toString(statements),
            literal(version))
        + ")";
  }

  private String intoJournal() {
    return "INSERT INTO "
        + journal
        + INTO_JOURNAL
        + "\nVALUES ("
        + literal(history.table().value())
        + ", ";
  }

  /// One more statement of a migration without a transaction took effect.
  public String journalProgress(MigrationId id, int statementsDone) {
    return "UPDATE %s SET statements_done = %d\nWHERE %s"
        .formatted(journal, statementsDone, journalKey(id.value()));
  }

  /// The text that was begun may have been mended since, so the checksum is written again.
  public String journalFinished(MigrationId id, Checksum checksum, int statements) {
    return """
        UPDATE %s SET finished_at = clock_timestamp(), statements_done = %d, statements = %d,
          checksum = %s
        WHERE %s"""
        .formatted(
            journal, statements, statements, literal(checksum.value()), journalKey(id.value()));
  }

  /// Takes the mark back where nothing took effect.
  public String journalForget(String id) {
    return "DELETE FROM %s\nWHERE %s".formatted(journal, journalKey(id));
  }

  /// Which row of the journal is the migration's, as a condition.
  public String journalKey(String id) {
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

  /// [#lockKey] as an expression of SQL, for a session whose search path is its own.
  public String lockKeySql() {
    return schema().isPresent()
        ? lockKey() + "::pg_catalog.int8"
        : """
        ('x' || pg_catalog.substr(pg_catalog.encode(pg_catalog.sha256(
          pg_catalog.convert_to(
            'slipway "' || pg_catalog.replace(pg_catalog.current_schema(), '"', '""') || %s,
            'UTF8')), 'hex'), 1, 16))::pg_catalog.bit(64)::pg_catalog.int8"""
            .formatted(literal("\"." + history.table().quoted()));
  }

  /// The key of the advisory lock that keeps runs on this history apart, on whatever host they are:
  /// derived from the names of schema and table, so that histories side by side do not wait for
  /// each other (advisory locks are the database's, not the server's).
  public long lockKey() {
    Checksum digest = Checksum.ofText(("slipway " + table).getBytes(StandardCharsets.UTF_8));
    return Long.parseUnsignedLong(digest.value().substring(0, 16), 16);
  }
}
