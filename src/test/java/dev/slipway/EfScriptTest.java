package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Catalog;
import dev.slipway.testing.EfGolden;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Psql;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Scripts of EF's among other files, in several pieces, and with what people add to them.
final class EfScriptTest {
  private static final EfGolden SHOP = new EfGolden("bookshop", "ef10");

  /// The fourth of ten.
  private static final String FOURTH = "20240219080000_SalesSchema";

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("versions")
  void a_script_from_a_later_migration_on_goes_on(EfGolden golden) {
    try (var database = TestDatabase.create()) {
      write("changelog/1.sql", upToThird(golden));
      assertApplied(database, 3);
      new Folder(folder).delete("changelog/1.sql");
      write("changelog/2.sql", golden.text("from-3-to-6.idempotent"));

      Program.Result written = Program.in(folder).run("script", "-o", "ours.sql");
      Psql.Result byHand = byPsql(database);
      List<String> after = database.history();
      Program.Result result = run(database);

      assertThat(written.code()).as(written.toString()).isZero();
      assertThat(byHand.code()).as(byHand.text()).isZero();
      assertThat(after).hasSize(6);
      assertThat(result.out()).as(result.toString()).contains("nothing to do");
    }
  }

  /// Our script of the same changelog makes the same.
  private void assertSameByPsql(TestDatabase expected) {
    try (var database = TestDatabase.create()) {
      Program.in(folder).run("script", "-o", "ours.sql");
      database.executeAsOwner("CREATE SCHEMA IF NOT EXISTS shop");
      Psql.Result result = byPsql(database);

      assertThat(result.code()).as(result.text()).isZero();
      assertThat(database.tables()).isEqualTo(expected.tables());
      assertThat(Catalog.schema(database)).isEqualTo(Catalog.schema(expected));
    }
  }

  private Psql.Result byPsql(TestDatabase database) {
    return Psql.run(
        database, database.owner(), folder.resolve("ours.sql"), "--set=ON_ERROR_STOP=1");
  }

  static Stream<EfGolden> versions() {
    return EfGolden.all().filter(golden -> golden.model().equals("bookshop"));
  }

  @Test
  void several_scripts_are_one_changelog_whatever_their_names() {
    try (var database = TestDatabase.create()) {
      write("changelog/z-first.sql", upToThird(SHOP));
      write("changelog/m.sql", SHOP.text("from-3-to-6.idempotent"));
      write("changelog/a-last.sql", SHOP.text("idempotent"));

      Program.Result result = run(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err()).isEmpty();
      assertThat(database.history()).hasSize(10).isSorted();
    }
  }

  /// What is missing between two scripts cannot be seen from them.
  @Test
  void what_a_script_from_a_later_migration_on_is_taken_to_follow_is_told() {
    try (var database = TestDatabase.create()) {
      write("changelog/1.sql", upToThird(SHOP));
      write("changelog/2.sql", SHOP.text("from-3-to-6.idempotent"));

      Program.Result first = run(database);
      Program.Result second = run(database);

      assertThat(first.code()).as(first.toString()).isZero();
      assertThat(first.err())
          .containsPattern(
              "\""
                  + FOURTH
                  + "\" begins \\S+/2.sql, .* it is taken to follow \"20240203143000_Add");
      assertThat(second.err()).isEmpty();
    }
  }

  @Test
  void the_text_of_the_script_that_goes_further_is_taken_with_a_notice() {
    try (var database = TestDatabase.create()) {
      write("changelog/1.sql", SHOP.text("idempotent"));
      write("changelog/2.sql", upToThird(SHOP).replace("\"Country\" character(2)", "\"X\" int"));

      Program.Result result = run(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err())
          .containsPattern(
              "\"20240112101500_AddPublishers\" has one text in \\S+/1.sql:59 and another in"
                  + " \\S+/2.sql:59; that of \\S+/1.sql is taken");
      assertThat(database.rows("SELECT \"Country\" FROM \"Publishers\"")).isNotEmpty();
    }
  }

  @Test
  void a_script_that_begins_in_the_middle_is_refused_where_nothing_is_applied() {
    try (var database = TestDatabase.create()) {
      write("changelog/from.sql", SHOP.text("from-3-to-6.idempotent"));

      Program.in(folder).run("script", "-o", "ours.sql");
      Program.Result result = run(database);
      Psql.Result byHand = byPsql(database);

      assertThat(result.code()).isEqualTo(6);
      assertThat(result.err()).contains("begins in the middle").contains(FOURTH);
      assertThat(byHand.code()).isEqualTo(3);
      assertThat(byHand.text()).contains("begins in the middle");
      assertThat(database.tables()).isEmpty();
    }
  }

  @Test
  void another_text_of_an_applied_migration_is_a_notice() {
    try (var database = TestDatabase.create()) {
      write("changelog/1.sql", SHOP.text("idempotent"));
      assertApplied(database, 10);
      write("changelog/1.sql", SHOP.text("idempotent").replace("numeric(12,2)", "numeric(14,2)"));

      Program.Result result = run(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err()).contains("\"" + FOURTH + "\" was applied with another text");
      assertThat(result.out()).contains("nothing to do");
    }
  }

  /// Versions of EF write the same statements, and layout is none of them.
  @Test
  void the_script_of_another_version_of_ef_is_the_same() {
    try (var database = TestDatabase.create()) {
      write("changelog/1.sql", new EfGolden("bookshop", "ef8").text("idempotent"));
      assertApplied(database, 10);
      write("changelog/1.sql", SHOP.text("idempotent").replace("\n", "\r\n"));

      Program.Result result = run(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err()).doesNotContain("another");
    }
  }

  @Test
  void it_stands_beside_plain_sql_and_liquibase() {
    try (var database = TestDatabase.create()) {
      write("changelog/migrations.sql", upToThird(SHOP));
      write("changelog/20240106000000_Plain.sql", "ALTER TABLE \"Authors\" ADD plain int;");
      write(
          "changelog/more.xml",
          """
          <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
            <changeSet id="20240113000000_Liquibase" author="a">
              <sql>ALTER TABLE "Publishers" ADD xml int</sql>
            </changeSet>
          </databaseChangeLog>
          """);

      Program.Result result = run(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.out().lines().filter(line -> line.startsWith("applied")))
          .extracting(line -> line.replaceAll("^applied +\\d+_(\\w+).*", "$1"))
          .containsExactly(
              "InitialCreate", "Plain", "AddPublishers", "Liquibase", "AddCustomersAndFormat");
    }
  }

  @Test
  void what_was_added_by_hand_counts() {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner("CREATE SCHEMA shop");
      write(
          "changelog/migrations.sql",
          "-- reviewed\n\\set ON_ERROR_STOP on\nSET search_path TO shop; \\echo hello\n"
              + upToThird(SHOP)
                  .replaceFirst(
                      "(?s)(START TRANSACTION;)(.*?)",
                      "CREATE TABLE IF NOT EXISTS added (id int);\n$1")
              + "\nCOMMENT ON TABLE \"Customers\" IS 'added';\n");

      Program.Result result = run(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.tables())
          .contains("shop.added", "shop.Authors", "shop.__EFMigrationsHistory")
          .noneMatch(table -> table.startsWith("public."));
      assertThat(database.rows("SELECT obj_description('shop.\"Customers\"'::regclass)"))
          .containsExactly("added");
      assertSameByPsql(database);
    }
  }

  @Test
  void a_schema_that_was_added_by_hand_is_made() {
    try (var database = TestDatabase.create()) {
      write(
          "changelog/migrations.sql",
          "create schema if not exists shop;\nCREATE SCHEMA IF NOT EXISTS other;\n"
              + "SET search_path = shop, other;\n"
              + upToThird(SHOP).replaceAll("(COMMIT;)", "$1\nSET search_path TO other, shop;\n"));

      Program.Result result = run(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.tables())
          .contains("shop.Authors", "shop.__EFMigrationsHistory", "other.Publishers");
      assertSameByPsql(database);
    }
  }

  @Test
  void repairs_are_shown() {
    write("changelog/migrations.sql", SHOP.text("idempotent"));

    Program.Result text = Program.in(folder).run("show", "20240402170000_SearchIndexes");
    Program.Result json = Program.in(folder).run("show", "StockKeeping", "--json");

    assertThat(text.out())
        .contains("-- without a transaction\n-- repaired: ")
        .contains("migrations.sql:332: CREATE INDEX CONCURRENTLY cannot");
    assertThat(json.out())
        .containsPattern("\"kind\":\"repaired\",\"file\":\"[^\"]+/migrations.sql\",\"line\":297")
        .contains("AS $$\\nDECLARE\\n    wanted");
  }

  @Test
  void repairs_are_told_on_request() {
    try (var database = TestDatabase.create()) {
      write("changelog/migrations.sql", SHOP.text("idempotent"));

      Program.Result result = Program.in(folder).with("Shop", database).run("migrate", "--verbose");

      assertThat(result.err())
          .containsPattern("repaired \\S+/migrations.sql:332: CREATE INDEX CONCURRENTLY cannot");
    }
  }

  @Test
  void two_contexts_in_one_database_have_a_history_each() {
    try (var database = TestDatabase.create()) {
      for (String model : List.of("cargo-a", "cargo-b")) {
        write(
            "changelog/%s/migrations.sql".formatted(model),
            new EfGolden(model, "ef9").text("idempotent"));
      }

      for (String outcome : List.of("applied", "nothing to do")) {
        Program.Result result =
            Program.in(folder).with("Cargo-A", database).with("Cargo-B", database).run();

        assertThat(result.code()).as(result.toString()).isZero();
        assertThat(result.out()).contains(outcome);
        assertThat(database.history()).isEqualTo(new EfGolden("cargo-a", "ef9").ids());
        assertThat(database.rows("SELECT \"MigrationId\" FROM ops.\"_Migrations\" ORDER BY 1"))
            .isEqualTo(new EfGolden("cargo-b", "ef9").ids());
      }
    }
  }

  @Test
  void scripts_for_two_histories_are_no_changelog() {
    write("changelog/a.sql", new EfGolden("cargo-a", "ef9").text("idempotent"));
    write("changelog/b.sql", new EfGolden("cargo-b", "ef9").text("idempotent"));

    Program.Result result = Program.in(folder).run("show", "head");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .contains("/changelog/b.sql:15")
        .contains("records in \"ops\".\"_Migrations\" (\"MigrationId\"), another one of this")
        .contains("a folder for each");
  }

  @Test
  void a_setting_must_not_name_another_history() {
    write("changelog/a.sql", SHOP.text("custom-history.idempotent"));

    Program.Result result =
        Program.in(folder).with("Slipway__HistoryTable", "other").run("show", "head");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .contains("records in \"_Migrations\", and Slipway__HistoryTable is \"other\"");
  }

  @Test
  void a_history_in_any_case_of_its_names_is_gone_on_with() {
    try (var database = TestDatabase.create()) {
      write("changelog/1.sql", SHOP.text("snake-case.idempotent"));
      assertApplied(database, 10, "migration_id");
      write("changelog/1.sql", SHOP.text("idempotent"));

      Program.Result result = run(database);

      assertThat(result.out()).as(result.toString()).contains("nothing to do");
    }
  }

  @Test
  void a_plain_migration_may_ask_the_history_itself() {
    try (var database = TestDatabase.create()) {
      write(
          "changelog/20240101000000_Plain.sql",
          """
          DO $$
          BEGIN
            IF EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'public') THEN
              CREATE TABLE asked (id int);
            END IF;
          END $$;
          DO $$
          BEGIN
            IF NOT EXISTS (SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = 'x') THEN
              CREATE TABLE asked_too (id int);
            END IF;
          END $$;
          """);

      Program.Result result = run(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.tables()).contains("public.asked", "public.asked_too");
    }
  }

  @Test
  void an_empty_migration_is_nothing_odd() {
    try (var database = TestDatabase.create()) {
      write(
          "changelog/m.sql",
          SHOP.text("idempotent").lines().limit(7).collect(Collectors.joining("\n"))
              + """

              DO $EF$
              BEGIN
                  IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20240101000000_Nothing') THEN
                  INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
                  VALUES ('20240101000000_Nothing', '10.0.0');
                  END IF;
              END $EF$;
              COMMIT;
              """);

      Program.Result result = run(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err()).isEmpty();
      assertThat(database.history()).containsExactly("20240101000000_Nothing");
    }
  }

  private void assertApplied(TestDatabase database, int count) {
    assertApplied(database, count, "MigrationId");
  }

  private void assertApplied(TestDatabase database, int count, String column) {
    Program.Result result = run(database);
    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(database.rows("SELECT \"%s\" FROM \"__EFMigrationsHistory\"".formatted(column)))
        .hasSize(count);
  }

  private Program.Result run(TestDatabase database) {
    return Program.in(folder).with("Shop", database).run();
  }

  private void write(String name, String text) {
    new Folder(folder).write(name, text);
  }

  /// The script as it was when there were three migrations.
  private static String upToThird(EfGolden golden) {
    String text = golden.text("idempotent");
    int fourth = text.indexOf(FOURTH);
    String before = text.substring(0, text.lastIndexOf("DO $EF$", fourth)).stripTrailing();
    return before.endsWith("START TRANSACTION;")
        ? before.substring(0, before.length() - "START TRANSACTION;".length())
        : before + "\nCOMMIT;\n";
  }

  @Test
  void a_script_is_checked() throws IOException {
    Files.copy(SHOP.script("idempotent"), folder.resolve("ef.sql"));

    Program.Result result = Program.in(folder).run("check", "ef.sql");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .contains("ef.sql:297: indented-text: ")
        .contains("ef.sql:332: outside-transaction: CREATE INDEX CONCURRENTLY")
        .contains("ef.sql: 4 findings");
  }

  @Test
  void a_sound_script_is_called_so() {
    // As EF writes it when rows with keys were added.
    String setval = "PERFORM setval(pg_get_serial_sequence('ops.\"Trips\"', 'Id'), 9);";
    String script = new EfGolden("cargo-b", "ef10").text("idempotent");
    write(
        "ef.sql",
        script.replace("ALTER TABLE ops.\"Trips\"", setval + "\n    ALTER TABLE ops.\"Trips\""));

    Program.Result result = Program.in(folder).run("check", "ef.sql");

    assertThat(result.out()).isEqualTo("ef.sql: nothing is wrong\n");
    assertThat(result.code()).isZero();
    assertThat(script).contains("ALTER TABLE ops.\"Trips\"");
  }

  @Test
  void a_checked_script_is_tried_where_it_is_to_run() throws IOException {
    try (var database = TestDatabase.create()) {
      Files.copy(new EfGolden("cargo-a", "ef10").script("idempotent"), folder.resolve("ef.sql"));
      Program program = Program.in(folder).with("Shop", database);

      Program.Result sound = program.run("check", "ef.sql", "--database", "Shop");
      boolean left = !database.tables().isEmpty();
      database.executeAsOwner("CREATE TABLE \"Parcels\" (id int)");
      Program.Result failing = program.run("check", "ef.sql", "--database", "Shop");

      assertThat(sound.code()).as(sound.toString()).isZero();
      assertThat(left).isFalse();
      assertThat(failing.code()).as(failing.toString()).isEqualTo(1);
      assertThat(failing.out()).contains("fails: relation \"Parcels\" already exists");
    }
  }

  @Test
  void what_cannot_be_applied_is_a_finding() throws IOException {
    Files.copy(SHOP.script("plain"), folder.resolve("ef.sql"));

    Program.Result result = Program.in(folder).run("check", "ef.sql", "--json");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("{\"findings\":[{\"line\":32,\"kind\":\"refused\"")
        .contains("--idempotent");
  }
}
