package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Golden;
import dev.slipway.testing.Psql;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Databases that a script refuses by its first block, and what is near to them.
@Tag("slow")
final class ScriptRefusalTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String MARK = "-- slipway: no-transaction\n";

  @TempDir private Path path;
  private HandRun hand = new HandRun(Path.of(""));

  @BeforeEach
  void write_a_changelog() {
    hand =
        new HandRun(path)
            .migration(ONE, "CREATE TABLE one (id int);")
            .migration(TWO, "CREATE TABLE two (id int);");
  }

  private static TestDatabase database(ServerVersion version) {
    return TestDatabase.on(version.server());
  }

  private static String history(String table, String id, String productVersion, String recorded) {
    return """
        CREATE TABLE %s (%s varchar(150) PRIMARY KEY, %s varchar(32) NOT NULL);
        INSERT INTO %1$s VALUES ('%4$s', '8.0.0');
        """
        .formatted(table, id, productVersion, recorded);
  }

  private void searchPath(String value) {
    hand.with(
        "ConnectionStrings__Gateway",
        "Host=nowhere;Database=none;Username=nobody;Search Path=" + value);
  }

  /// Every relation with its number of rows, history and journal, too.
  private static List<String> everything(TestDatabase database) {
    return database.rows(
        """
        SELECT oid::regclass,
          query_to_xml('SELECT * FROM ' || oid::regclass, false, true, '')
        FROM pg_class WHERE relkind = 'r'
          AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        UNION ALL SELECT NULL, nspname::text::xml FROM pg_namespace WHERE nspname !~ '^pg_'
        ORDER BY 1""");
  }

  /// Also a psql that goes on after the error does nothing.
  private static void assertThatItIsRefused(TestDatabase database, Path script, String golden) {
    List<String> before = everything(database);

    Psql.Result stopped = Psql.run(database, database.owner(), script, HandRun.STOP);
    Psql.Result wentOn = Psql.run(database, database.owner(), script);

    Golden.check("dev/slipway/script/refusals/" + golden + ".txt", stopped.toString());
    assertThat(stopped.code()).isEqualTo(3);
    assertThat(wentOn.text())
        .startsWith(stopped.text())
        .contains("not complete: there is missing the beginning");
    assertThat(everything(database)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void a_history_of_other_ids(ServerVersion version) {
    try (var database = database(version)) {
      database.executeAsOwner(
          history(
              "\"__EFMigrationsHistory\"",
              "\"MigrationId\"",
              "\"ProductVersion\"",
              "20230505000000_Theirs"));

      assertThatItIsRefused(database, hand.script(), "foreign-history");
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_edited_migration(ServerVersion version) {
    try (var database = database(version)) {
      Psql.run(database, database.owner(), hand.script("--to", "One"));
      hand.migration(ONE, "CREATE TABLE one (id bigint);");

      assertThatItIsRefused(database, hand.script(), "edited");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_migration_that_the_program_began_without_a_transaction(ServerVersion version) {
    hand.migration(TWO, MARK + "CREATE TABLE two (id int);\nSELECT 1 / 0;");
    try (var database = database(version)) {
      hand.program().with("Gateway", database).run();
      hand.migration(TWO, "CREATE TABLE IF NOT EXISTS two (id int);");

      assertThatItIsRefused(database, hand.script(), "partially-applied");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_partially_applied_migration_that_the_changelog_does_not_have(ServerVersion version) {
    hand.migration("20240103000000_Three", MARK + "CREATE TABLE three (id int);\nSELECT 1 / 0;");
    try (var database = database(version)) {
      hand.program().with("Gateway", database).run();

      assertThatItIsRefused(database, hand.script("--to", "Two"), "partially-applied-unknown");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_database_that_lacks_what_comes_before_it(ServerVersion version) {
    try (var database = database(version)) {
      assertThatItIsRefused(database, hand.script("--from", "One"), "from");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_search_path_whose_first_schema_is_missing(ServerVersion version) {
    searchPath("app,public");
    try (var database = database(version)) {
      assertThatItIsRefused(database, hand.script(), "missing-schema");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_search_path_without_a_schema(ServerVersion version) {
    try (var database = database(version)) {
      database.execute("ALTER DATABASE %s SET search_path = ''".formatted(database.name()));

      assertThatItIsRefused(database, hand.script(), "no-schema");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_schema_of_the_history_that_is_missing(ServerVersion version) {
    try (var database = database(version)) {
      assertThatItIsRefused(
          database, hand.script("--history-schema", "records"), "missing-history-schema");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_history_in_a_later_schema_of_the_search_path(ServerVersion version) {
    try (var database = database(version)) {
      Psql.run(database, database.owner(), hand.script());
      database.executeAsOwner("CREATE SCHEMA app");
      searchPath("app,public");

      assertThatItIsRefused(database, hand.script(), "later-schema");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_history_by_another_name(ServerVersion version) {
    try (var database = database(version)) {
      database.executeAsOwner(
          history("__ef_migrations_history", "migration_id", "product_version", ONE));

      assertThatItIsRefused(database, hand.script(), "snake-case-table");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_history_with_other_columns(ServerVersion version) {
    try (var database = database(version)) {
      database.executeAsOwner(
          history("\"__EFMigrationsHistory\"", "migration_id", "product_version", ONE));

      assertThatItIsRefused(database, hand.script(), "snake-case-columns");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_flyway_has_made(ServerVersion version) {
    try (var database = database(version)) {
      database.executeAsOwner(
          "CREATE TABLE flyway_schema_history (installed_rank int, version text, success bool);"
              + "INSERT INTO flyway_schema_history VALUES (1, '1', true)");

      assertThatItIsRefused(database, hand.script(), "flyway");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_liquibase_has_made(ServerVersion version) {
    try (var database = database(version)) {
      database.executeAsOwner(
          "CREATE TABLE databasechangelog (id text, author text, filename text);"
              + "INSERT INTO databasechangelog VALUES ('1', 'ann', 'db/a.xml')");

      assertThatItIsRefused(database, hand.script(), "liquibase");
    }
  }

  private Path within(String begin) throws IOException {
    return hand.write(begin + "\n" + Files.readString(hand.script()) + "COMMIT;\n");
  }

  @ParameterizedTest
  @EnumSource
  void a_repeatable_read_transaction_around_it(ServerVersion version) throws IOException {
    try (var database = database(version)) {
      List<String> before = everything(database);

      Psql.Result refused =
          Psql.run(
              database,
              database.owner(),
              within("BEGIN ISOLATION LEVEL REPEATABLE READ;"),
              HandRun.STOP);

      Golden.check("dev/slipway/script/refusals/repeatable-read.txt", refused.toString());
      assertThat(everything(database)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_serializable_transaction_around_it(ServerVersion version) throws IOException {
    try (var database = database(version)) {
      List<String> before = everything(database);

      Psql.Result refused =
          Psql.run(database, database.owner(), within("BEGIN ISOLATION LEVEL SERIALIZABLE;"));

      assertThat(refused.text())
          .startsWith("ERROR:  55000: slipway: the transaction around this script is serializable");
      assertThat(everything(database)).isEqualTo(before);
    }
  }

  private void assertThatItIsApplied(TestDatabase database) {
    Psql.Result result = hand.runUntilError(database);

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.text()).endsWith("slipway: 2 applied, 0 already there\n");
  }

  @ParameterizedTest
  @EnumSource
  void a_read_committed_transaction_around_it_is_well(ServerVersion version) throws IOException {
    try (var database = database(version)) {
      Psql.Result result = Psql.run(database, database.owner(), within("BEGIN;"), HandRun.STOP);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.history()).containsExactly(ONE, TWO);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_role_whose_transactions_are_serializable_can_run_it(ServerVersion version) {
    hand.migration(TWO, MARK + "CREATE TABLE two (id int);");
    try (var database = database(version)) {
      database.execute(
          "ALTER ROLE " + database.owner() + " SET default_transaction_isolation = 'serializable'");

      assertThatItIsApplied(database);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_schema_is_made_where_that_was_asked_for(ServerVersion version) {
    searchPath("app,public");
    hand.with("Slipway__CreateSchema", "true");
    try (var database = database(version)) {
      assertThatItIsApplied(database);

      assertThat(database.tables())
          .containsExactly(
              "app.__EFMigrationsHistory", "app.one", "app.slipway_journal", "app.two");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_schema_of_the_history_is_made_where_that_was_asked_for(ServerVersion version) {
    searchPath("app");
    hand.with("Slipway__CreateSchema", "true").with("Slipway__HistorySchema", "records");
    try (var database = database(version)) {
      assertThatItIsApplied(database);

      assertThat(database.tables())
          .containsExactly(
              "app.one", "app.two", "records.__EFMigrationsHistory", "records.slipway_journal");
    }
  }

  /// As PostgreSQL reads it: letters beyond ASCII keep their case, and a long name is cut.
  @ParameterizedTest
  @EnumSource
  void a_search_path_without_quotes_leads_where_it_leads_the_server(ServerVersion version) {
    hand.with("Slipway__CreateSchema", "true");
    try (var database = database(version)) {
      for (String schema : List.of("\u00c4rger", "x".repeat(70))) {
        searchPath(schema);
        database.execute("ALTER DATABASE %s SET search_path = public".formatted(database.name()));

        assertThatItIsApplied(database);
      }
      assertThat(database.tables()).contains("\u00c4rger.one", "x".repeat(63) + ".one");
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_empty_table_of_another_tool_is_no_obstacle(ServerVersion version) {
    try (var database = database(version)) {
      database.executeAsOwner("CREATE TABLE databasechangelog (id text)");

      assertThatItIsApplied(database);
    }
  }
}
