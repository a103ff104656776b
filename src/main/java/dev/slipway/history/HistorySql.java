package dev.slipway.history;

import dev.slipway.migration.Checksum;
import dev.slipway.migration.HistoryDefinition;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The SQL of one history: its table, the locks and, beside them, the journal. Runner and script
/// take it from here, so that both do the same. Everything is schema-qualified, since a migration
/// may have set any search path.
public final class HistorySql {
  /// A schema that is never written.
  private static final Identifier NOWHERE = new Identifier("-");

  private final HistoryTable history;
  private final String table;
  private final JournalSql journal;

  public HistorySql(HistoryTable history) {
    this(history, history.quoted(), history.quotedJournal());
  }

  private HistorySql(HistoryTable history, String table, String journal) {
    this.history = history;
    this.table = table;
    this.journal = new JournalSql(history, journal);
  }

  /// The SQL of a history before it is known what is there. Without a schema of its own it lies
  /// where unqualified tables are created: in a schema that only the session knows which executes
  /// it. That is fit for where the search path is the session's own.
  public static HistorySql of(HistoryDefinition definition) {
    Identifier schema = definition.schema().orElse(NOWHERE);
    HistoryTable history = HistoryTable.defined(schema, definition, HistoryTable.Presence.TABLE);
    return schema.equals(NOWHERE)
        ? new HistorySql(history, history.table().quoted(), HistoryTable.JOURNAL.quoted())
        : new HistorySql(history);
  }

  /// The SQL of this history once it is there.
  public static HistorySql onceMade(HistoryTable history) {
    return new HistorySql(
        new HistoryTable(
            history.schema(),
            history.table(),
            history.idColumn(),
            history.versionColumn(),
            history.columns(),
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
    return "CREATE TABLE IF NOT EXISTS %s %s".formatted(table, history.columns().orElse(columns()));
  }

  private String columns() {
    return """
    (
        %s character varying(150) NOT NULL,
        %s character varying(32) NOT NULL,
        CONSTRAINT %s PRIMARY KEY (%s)
    )"""
        .formatted(
            history.idColumn().quoted(),
            history.versionColumn().quoted(),
            new Identifier("PK_" + history.table()).quoted(),
            history.idColumn().quoted());
  }

  /// The history's name as SQL.
  public String table() {
    return table;
  }

  public JournalSql journal() {
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
        .formatted(table, idColumn(), journal.table(), literal(history.table().value()));
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
            journal.table(),
            journal.key(id.value()),
            checksums.isEmpty()
                ? "<> ''"
                : checksums.stream()
                    .map(checksum -> literal(checksum.value()))
                    .collect(Collectors.joining(",\n        ", "IN (", ")")),
            isRecorded(id).replace("\n", "\n      "));
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

  /// The history row of a migration. Where its text says no product version, the row says ours: EF
  /// 8, 9 and 10 accept any text there.
  ///
  /// @param version this program's
  public String recordMigration(Migration migration, String version) {
    return recordMigration(
        migration.id(), migration.productVersion().orElseGet(() -> "slipway " + version));
  }

  String recordMigration(MigrationId id, String productVersion) {
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

  /// Takes a row away, by the id that it has.
  public String forgetMigration(String id) {
    return "DELETE FROM %s\nWHERE %s = %s".formatted(table(), idColumn(), new Literal(id).quoted());
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
