package dev.slipway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.history.HistoryTable.Presence;
import dev.slipway.migration.Checksum;
import dev.slipway.migration.MigrationId;
import dev.slipway.sql.Identifier;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HistorySqlTest {
  private static final MigrationId ID = new MigrationId("20260101000000_It's \"a\\b\" $1 ü");
  private static final MigrationId OTHER = new MigrationId("20260102000000_Other");
  private static final Checksum CHECKSUM = new Checksum("ab".repeat(32));
  private static final HistoryTable DEFAULT =
      table("public", "__EFMigrationsHistory", "MigrationId", "ProductVersion", Set.of());

  /// What the journal's first version cannot lack.
  private static final Set<String> OLDEST_JOURNAL = Set.of("history_table", "migration_id");

  private static Stream<TestServer> servers() {
    return Stream.of(TestServer.oldest(), TestServer.newest());
  }

  private static HistoryTable table(
      String schema, String table, String id, String version, Set<String> journalColumns) {
    return new HistoryTable(
        new Identifier(schema),
        new Identifier(table),
        new Identifier(id),
        new Identifier(version),
        Optional.empty(),
        Presence.TABLE,
        journalColumns);
  }

  private static HistoryTable odd(Set<String> journalColumns) {
    return table(
        "It's \"odd\\\" ü", "a\"b'c\\d", "migration_id", "Product Version", journalColumns);
  }

  private static Set<String> allColumns() {
    return Arrays.stream(JournalColumn.values())
        .map(JournalColumn::sqlName)
        .collect(Collectors.toCollection(HashSet::new));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void the_history_is_the_table_of_ef(TestServer server) {
    try (var database = TestDatabase.on(server)) {
      database.execute(new HistorySql(DEFAULT).createHistory());

      assertThat(
              database.rows(
                  """
                  SELECT attname, format_type(atttypid, atttypmod), attnotnull
                  FROM pg_attribute WHERE attrelid = '"__EFMigrationsHistory"'::regclass
                    AND attnum > 0 ORDER BY attnum"""))
          .containsExactly(
              "MigrationId|character varying(150)|t", "ProductVersion|character varying(32)|t");
      assertThat(
              database.rows(
                  """
                  SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
                  WHERE conrelid = '"__EFMigrationsHistory"'::regclass AND contype = 'p'"""))
          .containsExactly("PK___EFMigrationsHistory|PRIMARY KEY (\"MigrationId\")");
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void everything_can_be_made_twice_under_any_name(TestServer server) {
    var sql = new HistorySql(odd(Set.of()));
    try (var database = TestDatabase.on(server)) {
      for (int i = 0; i < 2; i++) {
        create(database, sql);
      }

      assertThat(database.tables())
          .containsExactly("It's \"odd\\\" ü.a\"b'c\\d", "It's \"odd\\\" ü.slipway_journal");
      assertThat(new HistorySql(odd(allColumns())).journal().extend()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void a_migration_is_found_once_it_is_recorded(TestServer server) {
    var sql = new HistorySql(odd(allColumns()));
    try (var database = TestDatabase.on(server)) {
      create(database, sql);
      assertThat(database.rows(sql.findMigration(ID))).isEmpty();

      database.execute(
          String.join(
              ";\n",
              "BEGIN",
              sql.lockTable(),
              sql.recordMigration(OTHER, "slipway 0.1"),
              sql.recordMigration(ID, "it's \\ \"8\""),
              "COMMIT"));

      assertThat(database.rows(sql.findMigration(ID))).containsExactly("1");
      assertThat(database.rows(sql.readHistory()))
          .containsExactly(ID + "|it's \\ \"8\"", OTHER + "|slipway 0.1");
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void the_journal_follows_a_migration_from_start_to_end(TestServer server) {
    var sql = new HistorySql(odd(allColumns()));
    try (var database = TestDatabase.on(server)) {
      create(database, sql);

      database.execute(sql.journal().started(ID, CHECKSUM, 3, "0.1"));
      assertThat(journal(database, sql)).containsExactly(ID + "|" + CHECKSUM + "|t||0|3|0");
      database.execute(sql.journal().progress(ID, 2));
      assertThat(journal(database, sql)).containsExactly(ID + "|" + CHECKSUM + "|t||2|3|0");
      database.execute(sql.journal().begun(ID, 3));
      assertThat(journal(database, sql)).containsExactly(ID + "|" + CHECKSUM + "|t||2|3|3");
      database.execute(sql.journal().notBegun(ID));
      assertThat(journal(database, sql)).containsExactly(ID + "|" + CHECKSUM + "|t||2|3|0");
      database.execute(sql.journal().finished(ID, CHECKSUM, 3));
      assertThat(journal(database, sql)).containsExactly(ID + "|" + CHECKSUM + "|t|t|3|3|0");
      database.execute(sql.journal().applied(ID, CHECKSUM, 4, "0.2"));
      assertThat(journal(database, sql)).containsExactly(ID + "|" + CHECKSUM + "|t|t|4|4|0");
      database.execute(sql.journal().forget(ID.value()));
      assertThat(journal(database, sql)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void histories_side_by_side_do_not_see_each_other_in_the_journal(TestServer server) {
    var one = new HistorySql(table("public", "one", "id", "version", allColumns()));
    var other = new HistorySql(table("public", "other", "id", "version", allColumns()));
    try (var database = TestDatabase.on(server)) {
      create(database, one);
      create(database, other);
      database.execute(one.journal().applied(ID, CHECKSUM, 1, "0.1"));
      database.execute(other.journal().applied(ID, CHECKSUM, 2, "0.1"));

      database.execute(other.journal().forget(ID.value()));

      assertThat(journal(database, one)).hasSize(1);
      assertThat(journal(database, other)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void an_older_journal_is_read_as_it_is_and_extended(TestServer server) {
    var older = new HistorySql(table("public", "h", "id", "version", OLDEST_JOURNAL));
    try (var database = TestDatabase.on(server)) {
      database.execute(
          """
          CREATE TABLE public.slipway_journal
            (history_table text, migration_id text, PRIMARY KEY (history_table, migration_id))""");
      database.execute("INSERT INTO public.slipway_journal VALUES ('h', 'a'), ('x', 'b')");
      assertThat(database.rows(older.journal().read())).containsExactly("a||||||");

      for (int i = 0; i < 2; i++) {
        database.execute(String.join(";\n", older.journal().extend()));
      }

      var extended = new HistorySql(table("public", "h", "id", "version", allColumns()));
      assertThat(journal(database, extended)).containsExactly("a||t||0|0|");
      database.execute(extended.journal().applied(ID, CHECKSUM, 1, "0.2"));
    }
  }

  @Test
  void a_recorded_migration_is_refused_by_name() {
    var sql = new HistorySql(table("public", "h", "id", "version", allColumns()));
    try (var database = TestDatabase.create()) {
      create(database, sql);
      assertThat(database.rows(sql.refuseRecorded(ID))).isEmpty();
      database.execute(sql.recordMigration(ID, "8.0.33"));

      assertThatThrownBy(() -> database.rows(sql.refuseRecorded(ID)))
          .hasStackTraceContaining("is recorded: " + ID);
    }
  }

  @Test
  void times_are_read_to_the_microsecond() {
    var sql = new HistorySql(table("public", "h", "id", "version", allColumns()));
    try (var database = TestDatabase.create()) {
      create(database, sql);
      database.execute(sql.journal().started(ID, CHECKSUM, 1, "0.1"));
      database.execute(
          """
          UPDATE public.slipway_journal SET started_at = '2026-01-01 12:00:00.123457+02',
            finished_at = '1999-12-31 23:59:59.999999Z'""");

      assertThat(database.rows(sql.journal().read()))
          .containsExactly(ID + "|" + CHECKSUM + "|1767261600123457|946684799999999|0|1|0");
    }
  }

  @Test
  void the_lock_key_never_changes() {
    assertThat(new HistorySql(DEFAULT).lockKey()).isEqualTo(6_804_819_380_917_474_168L);
  }

  @Test
  void histories_side_by_side_have_locks_of_their_own() {
    var keys =
        Stream.of(
                DEFAULT,
                table("app", "__EFMigrationsHistory", "MigrationId", "ProductVersion", Set.of()),
                table("public", "__efmigrationshistory", "MigrationId", "x", Set.of()),
                table("public", "__EFMigrationsHistory ", "MigrationId", "x", Set.of()),
                table("public\".\"a", "b", "x", "x", Set.of()),
                table("public", "a\".\"b", "x", "x", Set.of()))
            .map(table -> new HistorySql(table).lockKey());

    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void neither_columns_nor_what_is_there_change_the_lock() {
    assertThat(
            new HistorySql(
                    table("public", "__EFMigrationsHistory", "migration_id", "v", allColumns()))
                .lockKey())
        .isEqualTo(new HistorySql(DEFAULT).lockKey());
  }

  private static void create(TestDatabase database, HistorySql sql) {
    for (Identifier schema : List.of(odd(Set.of()).schema(), DEFAULT.schema())) {
      database.execute(HistorySql.createSchema(schema));
    }
    for (String statement : List.of(sql.createHistory(), sql.journal().create())) {
      database.execute(statement);
    }
  }

  /// The journal as the program reads it, with `t` for times.
  private static List<String> journal(TestDatabase database, HistorySql sql) {
    return database.rows(sql.journal().read()).stream()
        .map(row -> row.replaceAll("\\|\\d{16}(?=\\|)", "|t"))
        .toList();
  }
}
