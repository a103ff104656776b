package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Histories as EF and its naming conventions make them, and journals of other versions of ours.
@Tag("slow")
final class HistoryShapesTest {
  private static final String EF_CREATE =
      """
      CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
          "MigrationId" character varying(150) NOT NULL,
          "ProductVersion" character varying(32) NOT NULL,
          CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
      );
      """;
  private static final String EF_INSERT =
      "INSERT INTO \"__EFMigrationsHistory\" VALUES ('20240101000000_One', '8.0.33')";

  @TempDir private Path folder;
  private Folder changelog = new Folder(Path.of(""));

  @BeforeEach
  void write_a_changelog() {
    changelog =
        new Folder(folder)
            .write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);")
            .write("changelog/20240102000000_Two.sql", "CREATE TABLE two (id int);");
  }

  @ParameterizedTest
  @EnumSource
  void the_history_that_we_make_is_described_by_psql_as_the_one_that_ef_makes(
      ServerVersion version) {
    try (var ours = TestDatabase.on(version.server());
        var efs = TestDatabase.on(version.server())) {
      efs.executeAsOwner(EF_CREATE);

      Program.Result result = program(ours).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(described(ours)).isEqualTo(described(efs)).contains("PK___EFMigrationsHistory");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "__EFMigrationsHistory, MigrationId, ProductVersion",
    "__EFMigrationsHistory, migration_id, product_version",
    "__EFMigrationsHistory, migrationid, productversion",
    "__efmigrationshistory, MigrationId, ProductVersion",
    "__EFMIGRATIONSHISTORY, MIGRATIONID, PRODUCTVERSION",
    "__EF_MIGRATIONS_HISTORY, MIGRATION_ID, PRODUCT_VERSION",
    "__ef_migrations_history, migration_id, product_version",
    "__efMigrationsHistory, migrationId, productVersion"
  })
  void a_history_of_efs_in_any_spelling_is_gone_on_with(
      String table, String idColumn, String versionColumn) {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner(history(table, idColumn, versionColumn));
      database.executeAsOwner("CREATE TABLE one (id int)");

      Program.Result result = program(database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("SELECT * FROM \"%s\" ORDER BY 1".formatted(table)))
          .containsExactly("20240101000000_One|8.0.33", "20240102000000_Two|slipway 0.1.0");
      assertThat(database.tables())
          .containsExactly("public." + table, "public.one", "public.slipway_journal", "public.two");
    }
  }

  @Test
  void a_configured_name_and_schema_are_made_where_they_are_missing() {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner("CREATE SCHEMA ops");
      Program program =
          program(database)
              .with("Slipway__HistorySchema", "ops")
              .with("Slipway__HistoryTable", "_Migrations");

      Program.Result first = program.run();
      Program.Result second = program.run();

      assertThat(first.code()).as(first.toString()).isZero();
      assertThat(second.out()).contains("nothing to do");
      assertThat(database.tables())
          .containsExactly("ops._Migrations", "ops.slipway_journal", "public.one", "public.two");
      assertThat(
              database.rows(
                  "SELECT conname FROM pg_constraint WHERE conname LIKE 'PK_%' AND contype = 'p'"))
          .containsExactly("PK__Migrations");
    }
  }

  @Test
  void a_configured_history_with_rows_of_efs_is_gone_on_with() {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner("CREATE SCHEMA ops; CREATE TABLE one (id int)");
      database.executeAsOwner(
          "SET search_path = ops; " + history("_Migrations", "migration_id", "product_version"));

      Program.Result result =
          program(database)
              .with("Slipway__HistorySchema", "ops")
              .with("Slipway__HistoryTable", "_Migrations")
              .run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("SELECT migration_id FROM ops.\"_Migrations\" ORDER BY 1"))
          .containsExactly("20240101000000_One", "20240102000000_Two");
      assertThat(database.tables()).doesNotContain("public.__EFMigrationsHistory");
    }
  }

  @Test
  void a_changelog_can_name_its_history_in_its_settings_file() {
    try (var database = TestDatabase.create()) {
      changelog.write("changelog/slipway.yaml", "history-table: weather_history\n");

      Program.Result result = program(database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("SELECT \"MigrationId\" FROM weather_history ORDER BY 1"))
          .containsExactly("20240101000000_One", "20240102000000_Two");
      assertThat(database.tables()).doesNotContain("public.__EFMigrationsHistory");
    }
  }

  @Test
  void two_histories_in_one_schema_do_not_know_of_each_other() {
    try (var database = TestDatabase.create()) {
      program(database).run();
      changelog
          .delete("changelog/20240101000000_One.sql")
          .delete("changelog/20240102000000_Two.sql")
          .write("changelog/20240102000000_Two.sql", "CREATE TABLE another (id int);")
          .write("changelog/slipway.yaml", "history-table: other_history\n");

      Program.Result result = program(database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("SELECT \"MigrationId\" FROM other_history"))
          .containsExactly("20240102000000_Two");
      assertThat(database.rows("SELECT history_table FROM slipway_journal ORDER BY 1"))
          .containsExactly("__EFMigrationsHistory", "__EFMigrationsHistory", "other_history");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"20240101000000_ONE", "20240101000000_one", "20240101000000_oNE"})
  void an_id_in_other_letter_case_counts_as_applied(String recorded) {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner(EF_CREATE + EF_INSERT.replace("20240101000000_One", recorded));
      database.executeAsOwner("CREATE TABLE one (id int)");

      Program.Result result = program(database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.history()).containsExactly(recorded, "20240102000000_Two");
    }
  }

  @Test
  void two_tables_that_could_be_the_history_are_a_conflict_until_one_is_named() {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner(EF_CREATE + EF_INSERT);
      database.executeAsOwner(
          history("__ef_migrations_history", "migration_id", "product_version"));
      database.executeAsOwner("CREATE TABLE one (id int)");

      Program.Result refused = program(database).run();
      Program.Result named =
          program(database).with("Slipway__HistoryTable", "__ef_migrations_history").run();

      assertThat(refused.code()).as(refused.toString()).isEqualTo(6);
      assertThat(refused.err())
          .contains("__ef_migrations_history")
          .contains("__EFMigrationsHistory")
          .contains("Slipway__HistoryTable=");
      assertThat(named.code()).as(named.toString()).isZero();
      assertThat(database.history()).containsExactly("20240101000000_One");
      assertThat(database.rows("SELECT migration_id FROM __ef_migrations_history")).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE \"__EFMigrationsHistory\" (id int)",
        "CREATE TABLE \"__EFMigrationsHistory\" ()",
        "CREATE TABLE \"__EFMigrationsHistory\" (\"MigrationId\" text)",
        "CREATE VIEW \"__EFMigrationsHistory\" AS SELECT 1 AS x"
      })
  void a_relation_of_that_name_without_its_columns_is_a_conflict(String create) {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner(create);
      List<String> before = relations(database);

      Program.Result result = program(database).run();

      assertThat(result.code()).as(result.toString()).isEqualTo(6);
      assertThat(result.err()).contains("Slipway__HistoryTable=");
      assertThat(relations(database)).isEqualTo(before);
    }
  }

  @Test
  void a_view_with_the_name_of_the_journal_is_a_conflict() {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner("CREATE VIEW slipway_journal AS SELECT 1 AS x");

      Program.Result result = program(database).run();

      assertThat(result.code()).as(result.toString()).isEqualTo(6);
      assertThat(relations(database)).containsExactly("slipway_journal");
    }
  }

  @Test
  void columns_that_others_added_to_the_history_are_left_alone() {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner(EF_CREATE + EF_INSERT);
      database.executeAsOwner(
          """
          CREATE TABLE one (id int);
          ALTER TABLE "__EFMigrationsHistory"
              ADD COLUMN "AppliedAt" timestamptz NOT NULL DEFAULT now(),
              ADD COLUMN checksum text,
              ADD COLUMN "Seq" int GENERATED ALWAYS AS IDENTITY,
              ALTER COLUMN "MigrationId" TYPE text""");

      Program.Result result = program(database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(
              database.rows(
                  "SELECT \"MigrationId\", \"Seq\" FROM \"__EFMigrationsHistory\" ORDER BY 1"))
          .containsExactly("20240101000000_One|1", "20240102000000_Two|2");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slipway_version",
        "applied_by",
        "statements",
        "statements_done",
        "started_at",
        "finished_at",
        "checksum",
        "checksum, DROP COLUMN started_at, DROP COLUMN finished_at, DROP COLUMN applied_by,"
            + " DROP COLUMN statements_done, DROP COLUMN statements, DROP COLUMN slipway_version"
      })
  void the_journal_of_an_older_version_is_extended(String columns) {
    try (var database = TestDatabase.create()) {
      program(database).run();
      List<String> whole = journalColumns(database);
      database.executeAsOwner("ALTER TABLE slipway_journal DROP COLUMN " + columns);
      changelog.write("changelog/20240103000000_Three.sql", "CREATE TABLE three (id int);");

      Program.Result status = program(database).run("status");
      Program.Result first = program(database).run();
      Program.Result second = program(database).run();

      assertThat(status.code()).as(status.toString()).isEqualTo(1);
      assertThat(first.code()).as(first.toString()).isZero();
      assertThat(first.out()).startsWith("applied  20240103000000_Three").hasLineCount(2);
      assertThat(second.out()).as(second.toString()).contains("nothing to do");
      assertThat(journalColumns(database)).isEqualTo(whole);
    }
  }

  @Test
  void an_older_journal_is_left_as_it_is_while_there_is_nothing_to_do() {
    try (var database = TestDatabase.create()) {
      program(database).run();
      database.executeAsOwner("ALTER TABLE slipway_journal DROP COLUMN slipway_version");
      List<String> before = journalColumns(database);

      Program.Result result = program(database).run();

      assertThat(result.out()).contains("nothing to do");
      assertThat(journalColumns(database)).isEqualTo(before);
    }
  }

  @Test
  void the_journal_of_a_newer_version_is_left_alone() {
    try (var database = TestDatabase.create()) {
      program(database).run();
      database.executeAsOwner(
          """
          ALTER TABLE slipway_journal
              ADD COLUMN rows_moved bigint NOT NULL DEFAULT 0,
              ADD COLUMN image_digest text""");
      List<String> before = journalColumns(database);
      changelog.write("changelog/20240103000000_Three.sql", "CREATE TABLE three (id int);");

      Program.Result result = program(database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(journalColumns(database)).isEqualTo(before);
      assertThat(database.rows("SELECT rows_moved FROM slipway_journal")).hasSize(3);
    }
  }

  private Program program(TestDatabase database) {
    return Program.in(folder).with("Gateway", database);
  }

  private static String history(String table, String idColumn, String versionColumn) {
    return """
    CREATE TABLE "%s" ("%s" varchar(150) PRIMARY KEY, "%s" varchar(32) NOT NULL);
    INSERT INTO "%1$s" VALUES ('20240101000000_One', '8.0.33')"""
        .formatted(table, idColumn, versionColumn);
  }

  private static String described(TestDatabase database) {
    return Tool.psql(
        database, database.owner(), "\\pset tuples_only off", "\\d \"__EFMigrationsHistory\"");
  }

  private static List<String> journalColumns(TestDatabase database) {
    return database.rows(
        """
        SELECT attname, format_type(atttypid, atttypmod), attnotnull
        FROM pg_attribute
        WHERE attrelid = 'slipway_journal'::regclass AND attnum > 0 AND NOT attisdropped
        ORDER BY 1""");
  }

  private static List<String> relations(TestDatabase database) {
    return database.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1");
  }

  @Test
  void a_configured_name_that_is_not_there_does_not_start_over_beside_the_real_history() {
    try (var database = TestDatabase.create()) {
      program(database).run();

      Program.Result result = program(database).run("migrate", "--history-table", "Typo");

      assertThat(result.code()).as(result.toString()).isEqualTo(6);
      assertThat(result.err())
          .contains("is \"public\".\"__EFMigrationsHistory\", not \"public\".\"Typo\"\n")
          .contains("  next    Go on with it: take Slipway__HistoryTable out\n")
          .contains("ALTER TABLE \"public\".\"__EFMigrationsHistory\" RENAME TO \"Typo\"");
      assertThat(database.tables()).doesNotContain("public.Typo");
    }
  }

  @Test
  void a_configured_name_beside_another_applications_history_begins_a_history() {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner(EF_CREATE);
      database.executeAsOwner(
          "INSERT INTO \"__EFMigrationsHistory\" VALUES ('20230101000000_Other', '8.0.33')");

      Program.Result result = program(database).run("migrate", "--history-table", "ours");

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void a_row_that_a_trigger_swallows_is_not_told_as_success() {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner(EF_CREATE);
      database.executeAsOwner(
          """
          CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RETURN NULL; END $$;
          CREATE TRIGGER swallow BEFORE INSERT ON "__EFMigrationsHistory"
            FOR EACH ROW EXECUTE FUNCTION swallow()""");

      Program.Result result = program(database).run();

      assertThat(result.code()).as(result.toString()).isEqualTo(6);
      assertThat(result.err())
          .contains("the history does not hold what was applied\n")
          .contains("  state   20240102000000_Two is applied\n")
          .contains("slipway baseline 20240102000000_Two\n");
    }
  }

  @Test
  void another_applications_table_of_the_journals_name_is_no_journal() {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner("CREATE TABLE slipway_journal (x int)");

      Program.Result result = program(database).run();

      assertThat(result.code()).as(result.toString()).isEqualTo(6);
      assertThat(result.err()).contains("is no journal of Slipway's");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--history-table", "--history-schema", "--role"})
  void a_name_that_postgresql_would_cut_is_refused(String option) {
    try (var database = TestDatabase.create()) {
      Program.Result result = program(database).run("migrate", option, "x".repeat(64));

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(result.err()).contains("Write a name of at most 63 bytes");
      assertThat(database.tables()).isEmpty();
    }
  }
}
