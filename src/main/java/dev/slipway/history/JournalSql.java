package dev.slipway.history;

import dev.slipway.migration.Checksum;
import dev.slipway.migration.History;
import dev.slipway.migration.MigrationId;
import dev.slipway.sql.Literal;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The SQL of the journal: what was applied, when, by whom and with what, beside a history that has
/// no room for it. One table serves all histories of a schema.
///
/// @param history whose rows they are
/// @param table the journal's name as SQL
public record JournalSql(HistoryTable history, String table) {
  private static final String INTO_JOURNAL =
      "\n  (history_table, migration_id, checksum, started_at, finished_at, applied_by,"
          + "\n   statements_done, statements, slipway_version, statement_begun)";

  private static final String ON_CONFLICT =
      """

      ON CONFLICT (history_table, migration_id) DO UPDATE
      SET checksum = excluded.checksum, started_at = excluded.started_at,
        finished_at = excluded.finished_at, applied_by = excluded.applied_by,
        statements_done = excluded.statements_done, statements = excluded.statements,
        slipway_version = excluded.slipway_version, statement_begun = excluded.statement_begun""";

  /// Whether a row is of a migration that was begun and not finished, and of which a part may have
  /// taken effect.
  public static final String HALF_APPLIED =
      "finished_at IS NULL AND (statements_done > 0 OR statement_begun IS DISTINCT FROM 0)";

  /// Stands for a history's name in the rows that remember looks at the progress of a resync, one
  /// for each history, whose name is the id there. So no reader of a history's rows comes upon
  /// them, whichever its version.
  private static final String PROGRESS = "slipway resync-progress";

  /// Whether a row says that the schema is being emptied, with whatever histories lie there.
  private static final String IS_EMPTYING = "migration_id = '" + History.EMPTYING + "'";

  public String create() {
    return """
        CREATE TABLE IF NOT EXISTS %s (
            %s,
            PRIMARY KEY (history_table, migration_id)
        )"""
        .formatted(
            table,
            Arrays.stream(JournalColumn.values())
                .map(JournalColumn::sqlDefinition)
                .collect(Collectors.joining(",\n    ")));
  }

  /// Whether the journal has every column.
  public String isComplete() {
    return """
        (SELECT pg_catalog.count(*) = %d FROM pg_catalog.pg_attribute
         WHERE attrelid = %s::pg_catalog.regclass AND attnum > 0 AND NOT attisdropped
           AND attname IN (%s))"""
        .formatted(
            JournalColumn.values().length,
            literal(table),
            Arrays.stream(JournalColumn.values())
                .map(column -> literal(column.sqlName()))
                .collect(Collectors.joining(",\n           ")));
  }

  /// What an older version's journal lacks.
  public List<String> extend() {
    return Arrays.stream(JournalColumn.values())
        .filter(column -> !history.journalColumns().contains(column.sqlName()))
        .map(
            column ->
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s"
                    .formatted(table, column.sqlDefinition()))
        .toList();
  }

  /// The journal row of a migration that is done, in the transaction that did it. Its times are the
  /// transaction's start and the moment of this statement.
  public String applied(MigrationId id, Checksum checksum, int statements, String version) {
    return firstApplied(id, checksum, statements, version) + ON_CONFLICT;
  }

  /// The same for PostgreSQL's `format()`.
  ///
  /// @param id place of the migration's id among the arguments
  /// @param checksum place of its text's checksum
  /// @param statements place of the number of its statements
  public String appliedFormat(String id, String checksum, String statements, String version) {
    return forFormat(insertInto())
        + String.join(
            ", ",
            id,
            checksum,
            "now()",
            "clock_timestamp()",
            "SESSION_USER",
            statements,
            statements,
            forFormat(literal(version)),
            "0")
        + ")"
        + ON_CONFLICT;
  }

  /// The same for a migration that the journal does not know; it costs the server half as much.
  public String firstApplied(MigrationId id, Checksum checksum, int statements, String version) {
    return insert(id, checksum, "now()", "clock_timestamp()", statements, statements, version);
  }

  /// The journal row of a migration that is recorded without being run.
  public String marked(MigrationId id, Checksum checksum, int statements, String version) {
    return insert(id, checksum, "now()", "clock_timestamp()", 0, statements, version) + ON_CONFLICT;
  }

  /// The mark that a migration without a transaction has begun.
  public String started(MigrationId id, Checksum checksum, int statements, String version) {
    return insert(id, checksum, "clock_timestamp()", "NULL", 0, statements, version) + ON_CONFLICT;
  }

  /// The mark that the schemas are being emptied in several transactions.
  ///
  /// @param gone how many objects are not there any more
  /// @param objects how many there were
  public String emptying(int gone, int objects, String version) {
    return insert(History.EMPTYING, "", "clock_timestamp()", "NULL", gone, objects, version)
        + ON_CONFLICT;
  }

  /// So many of the objects are gone.
  public String emptied(int objects) {
    return "UPDATE %s SET statements_done = %d\nWHERE %s"
        .formatted(table, objects, key(History.EMPTYING));
  }

  /// The mark that a statement is begun by itself, which cannot take effect together with the mark
  /// that it did.
  ///
  /// @param number of the statement, from 1
  public String begun(MigrationId id, int number) {
    return "UPDATE %s SET statement_begun = %d\nWHERE %s".formatted(table, number, key(id.value()));
  }

  /// The same of one that builds indexes: whichever there are afterwards and not now are its work.
  ///
  /// @param indexes a query for their names
  public String begun(MigrationId id, int number, String indexes) {
    return """
        UPDATE %s SET statement_begun = %d,
          indexes_before = ARRAY(%s)
        WHERE %s"""
        .formatted(table, number, indexes, key(id.value()));
  }

  /// The indexes that the table had when the statement was begun that builds one, as an array; null
  /// where nobody noted them.
  public String indexesBefore(MigrationId id) {
    return "SELECT indexes_before FROM %s\n  WHERE %s".formatted(table, key(id.value()));
  }

  /// A statement that was begun by itself took no effect.
  public String notBegun(MigrationId id) {
    return "UPDATE %s SET statement_begun = 0\nWHERE %s".formatted(table, key(id.value()));
  }

  /// Whether the migration is half applied.
  public String isHalfApplied(MigrationId id) {
    return """
        EXISTS (SELECT FROM %s
          WHERE %s
            AND %s)"""
        .formatted(table, key(id.value()), HALF_APPLIED);
  }

  /// Somebody has seen to it that exactly the first statements of this text took effect.
  public String resumable(MigrationId id, Checksum checksum, int statementsDone) {
    return """
        UPDATE %s SET statements_done = %d, statement_begun = 0, checksum = %s
        WHERE %s"""
        .formatted(table, statementsDone, literal(checksum.value()), key(id.value()));
  }

  private String insert(
      MigrationId id,
      Checksum checksum,
      String startedAt,
      String finishedAt,
      int done,
      int statements,
      String version) {
    return insert(id.value(), checksum.value(), startedAt, finishedAt, done, statements, version);
  }

  private String insert(
      String id,
      String checksum,
      String startedAt,
      String finishedAt,
      int done,
      int statements,
      String version) {
    return insertInto()
        + String.join(
            ", ",
            literal(id) + ",\n  " + literal(checksum) + ",\n  " + startedAt,
            finishedAt,
            "SESSION_USER",
            Integer.toString(done),
            Integer.toString(statements),
            literal(version),
            "0")
        + ")";
  }

  private String insertInto() {
    return "INSERT INTO "
        + table
        + INTO_JOURNAL
        + "\nVALUES ("
        + literal(history.table().value())
        + ", ";
  }

  /// One more statement of a migration without a transaction took effect.
  public String progress(MigrationId id, int statementsDone) {
    return "UPDATE %s SET statements_done = %d\nWHERE %s"
        .formatted(table, statementsDone, key(id.value()));
  }

  /// The text that was begun may have been mended since, so the checksum is written again.
  public String finished(MigrationId id, Checksum checksum, int statements) {
    return """
        UPDATE %s SET finished_at = clock_timestamp(), statements_done = %d, statements = %d,
          checksum = %s, indexes_before = NULL
        WHERE %s"""
        .formatted(table, statements, statements, literal(checksum.value()), key(id.value()));
  }

  /// What was applied or begun is as good as this text.
  public String accepted(MigrationId id, Checksum checksum, int statements) {
    return "UPDATE %s SET checksum = %s, statements = %d\nWHERE %s"
        .formatted(table, literal(checksum.value()), statements, key(id.value()));
  }

  /// Spells the id of its row otherwise.
  public String respelled(String id, MigrationId as) {
    return """
        UPDATE %1$s SET migration_id = %2$s
        WHERE %3$s AND NOT EXISTS (SELECT FROM %1$s WHERE %4$s)"""
        .formatted(table, literal(as.value()), key(id), key(as.value()));
  }

  /// Takes the mark back where nothing took effect.
  public String forget(String id) {
    return "DELETE FROM %s\nWHERE %s".formatted(table, key(id));
  }

  /// Which row of the journal is the migration's, as a condition.
  public String key(String id) {
    return "history_table = %s AND migration_id = %s"
        .formatted(literal(history.table().value()), literal(id));
  }

  /// Whether there is room for a look at the progress of a resync.
  public boolean remembersProgress() {
    return history.journalColumns().contains(JournalColumn.RESYNC_DONE.sqlName());
  }

  /// The last look at the progress of a resync: the figure, since when it has been the same, and
  /// when it was looked, in microseconds since 1970.
  public String lastProgress() {
    return """
        SELECT resync_done, %s, %s FROM %s
        WHERE %s AND resync_done IS NOT NULL"""
        .formatted(
            microseconds(JournalColumn.STARTED_AT),
            microseconds(JournalColumn.FINISHED_AT),
            table,
            progressKey());
  }

  /// Notes a look at the progress of a resync.
  ///
  /// @param done the figure
  /// @param at by the server's clock
  public String lookedAtProgress(BigDecimal done, Instant at) {
    return """
        INSERT INTO %s AS last (history_table, migration_id, started_at, finished_at, resync_done)
        VALUES (%s, %s, %s, %4$s, %5$s)
        ON CONFLICT (history_table, migration_id) DO UPDATE
        SET started_at = CASE WHEN last.resync_done = excluded.resync_done
            THEN last.started_at ELSE excluded.started_at END,
          finished_at = excluded.finished_at, resync_done = excluded.resync_done"""
        .formatted(
            table,
            literal(PROGRESS),
            literal(history.table().value()),
            literal(at.toString()),
            done.toPlainString());
  }

  /// Whether the role may note a look, on a server that takes it; once a transaction has said that
  /// it is read-only, only the default tells.
  public String mayNoteProgress() {
    return """
        NOT pg_catalog.pg_is_in_recovery()
          AND pg_catalog.current_setting('default_transaction_read_only') = 'off'
          AND pg_catalog.has_table_privilege(%1$s, 'INSERT')
          AND pg_catalog.has_table_privilege(%1$s, 'UPDATE')"""
        .formatted(literal(table));
  }

  private String progressKey() {
    return "history_table = %s AND migration_id = %s"
        .formatted(literal(PROGRESS), literal(history.table().value()));
  }

  /// Id, checksum, both times in microseconds since 1970, statements done, statements,
  /// statement begun. Columns that an older journal lacks are read as null.
  String read() {
    return "SELECT "
        + String.join(
            ", ",
            JournalColumn.MIGRATION_ID.sqlName(),
            columnOrNull(JournalColumn.CHECKSUM),
            microseconds(JournalColumn.STARTED_AT),
            microseconds(JournalColumn.FINISHED_AT),
            columnOrNull(JournalColumn.STATEMENTS_DONE),
            columnOrNull(JournalColumn.STATEMENTS),
            columnOrNull(JournalColumn.STATEMENT_BEGUN))
        + " FROM "
        + table
        + " WHERE "
        + (history.journalColumns().contains(JournalColumn.HISTORY_TABLE.sqlName())
            ? "history_table = " + literal(history.table().value()) + " OR " + IS_EMPTYING
            : "true");
  }

  private String columnOrNull(JournalColumn column) {
    return history.journalColumns().contains(column.sqlName()) ? column.sqlName() : "NULL";
  }

  private String microseconds(JournalColumn column) {
    String name = columnOrNull(column);
    return name.equals("NULL") ? name : "(extract(epoch FROM " + name + ") * 1000000)::bigint";
  }

  /// The text as `format()` needs it to give it back.
  private static String forFormat(String text) {
    return text.replace("%", "%%");
  }

  private static String literal(String value) {
    return new Literal(value).quoted();
  }
}
