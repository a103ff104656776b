package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.Psql;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Releases that need a clean database, told by history, changelog and its author's marks.
@Tag("slow")
final class CleanDatabaseTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String MARK = "-- slipway: needs-clean-database\n";
  private static final String REASON = "\"reason\":\"needs-clean-database\"";

  @TempDir private Path path;
  private HandRun hand = new HandRun(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    hand =
        new HandRun(path)
            .migration(ONE, "CREATE TABLE one (id int, name text);")
            .migration(TWO, "CREATE TABLE two (id int);");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return hand.program().with("Gateway", database);
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  private void yaml(String text) {
    new Folder(path).write("changelog/slipway.yaml", text);
  }

  private void record(String... ids) {
    database.executeAsOwner(
        """
        CREATE TABLE "__EFMigrationsHistory"
          ("MigrationId" varchar(150) PRIMARY KEY, "ProductVersion" varchar(32) NOT NULL)""");
    for (String id : ids) {
      database.executeAsOwner(
          "INSERT INTO \"__EFMigrationsHistory\" VALUES ('" + id + "', '8.0.0')");
    }
  }

  /// By whatever would write; and nothing is written.
  private Program.Result assertThatItIsRefused() {
    List<String> before = database.tables();
    for (String[] command :
        new String[][] {
          {"status"},
          {"script", "--pending", "-o", "pending.sql"},
          {"migrate", "--dry-run"},
          {"migrate", "--dry-run=execute"},
          {"migrate"},
        }) {
      String[] asJson = List.of(command).toArray(new String[command.length + 1]);
      asJson[command.length] = "--json";

      assertThat(ends(6, program().run(asJson)).out())
          .as(String.join(" ", command))
          .contains(REASON);
    }
    assertThat(hand.runUntilError(database).code()).isEqualTo(3);
    assertThat(database.tables()).isEqualTo(before);
    return ends(6, program().run());
  }

  private void assertThatItGoes() {
    ends(0, program().run("migrate", "--dry-run=execute"));
    ends(0, program().run());
    ends(0, program().run("status"));
    Psql.Result again = hand.runUntilError(database);
    assertThat(again.code()).as(again.text()).isZero();
  }

  @Test
  void a_marked_migration_is_refused_where_there_are_tables() {
    ends(0, program().run());
    hand.migration("20240103000000_Three", MARK + "CREATE TABLE three (id int);");

    Program.Result refused = assertThatItIsRefused();

    assertThat(refused.err())
        .contains("There are 2 tables: public.one, public.two.", "5. Start the application");
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void what_is_printed_empties_the_database_and_migrates_it(ServerVersion version) {
    try (var other = TestDatabase.on(version.server())) {
      other.execute("CREATE EXTENSION pg_trgm SCHEMA public");
      other.executeAsOwner("CREATE SCHEMA app; CREATE TABLE app.theirs (id int)");
      other.execute("GRANT ALL ON SCHEMA public TO " + other.owner());
      hand.migration(ONE, MARK + "CREATE SCHEMA app; CREATE TABLE app.one (id int);");
      Program program = hand.program().with("Gateway", other);
      String printed = ends(6, program.run()).err();

      ends(1, program.run(arguments(after(printed, "be lost: slipway "))));
      ends(0, program.run(arguments(after(printed, "migrate it: slipway "))));

      assertThat(other.tables()).doesNotContain("app.theirs").contains("app.one");
      assertThat(other.rows("SELECT extnamespace::regnamespace FROM pg_extension ORDER BY 1"))
          .containsExactlyInAnyOrder("pg_catalog", "public");
    }
  }

  private static String[] arguments(String command) {
    return command.split(" ");
  }

  /// The rest of the line behind it.
  private static String after(String text, String mark) {
    int from = text.indexOf(mark) + mark.length();
    return text.substring(from, text.indexOf('\n', from));
  }

  @Test
  void tables_beside_a_history_with_a_schema_of_its_own_count() {
    database.executeAsOwner("CREATE SCHEMA ops; CREATE TABLE theirs (id int)");
    hand.with("Slipway__HistorySchema", "ops")
        .migration(ONE, MARK + "CREATE TABLE one (id int, name text);");

    assertThat(assertThatItIsRefused().err()).contains("There is 1 table: public.theirs.");
    ends(0, program().run("resync", "--wipe", "--confirm", database.name()));

    assertThat(database.tables())
        .containsExactly(
            "ops.__EFMigrationsHistory", "ops.slipway_journal", "public.one", "public.two");
  }

  /// The search path leads to another application's schema.
  @Test
  void tables_where_the_changelog_makes_none_do_not_count() {
    database.executeAsOwner("CREATE SCHEMA app; CREATE TABLE theirs (id int)");
    hand.with("Slipway__HistorySchema", "app")
        .migration(ONE, MARK + "CREATE TABLE app.one (id int);")
        .migration(TWO, "CREATE TABLE app.two (id int);");

    assertThatItGoes();
    ends(0, program().run("resync", "--wipe", "--confirm", database.name()));

    assertThat(database.tables()).contains("public.theirs");
  }

  @Test
  void it_is_refused_by_tables_without_a_history_too() {
    hand.migration(ONE, MARK + "CREATE TABLE one (id int, name text);");
    database.executeAsOwner("CREATE TABLE theirs (id int)");

    assertThat(assertThatItIsRefused().err()).contains("There is 1 table: public.theirs.");
  }

  @Test
  void it_is_applied_to_an_empty_database() {
    hand.migration(TWO, MARK + "CREATE TABLE two (id int);");

    assertThatItGoes();
  }

  @Test
  void its_script_is_run_on_an_empty_database_twice() {
    hand.migration(TWO, MARK + "CREATE TABLE two (id int);");

    assertThat(hand.runUntilError(database).code()).isZero();
    assertThat(hand.runUntilError(database).code()).isZero();

    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void a_later_release_goes_on_top_of_it() {
    hand.migration(ONE, MARK + "CREATE TABLE one (id int, name text);");
    ends(0, program().run());
    hand.migration("20240103000000_Three", "CREATE TABLE three (id int);");

    assertThatItGoes();
  }

  @Test
  void what_ends_before_it_goes() {
    ends(0, program().run("migrate", ONE));
    hand.migration("20240103000000_Three", MARK + "CREATE TABLE three (id int);");

    ends(0, program().run("migrate", TWO));

    assertThatItIsRefused();
  }

  /// What an extension's table is, PostgreSQL's own one can have, too.
  @Test
  void objects_of_extensions_and_of_other_schemas_are_no_tables_of_ours() {
    hand.migration(ONE, MARK + "CREATE SCHEMA app; CREATE TABLE app.one (id int);");
    record();
    database.execute(
        """
        CREATE TABLE points (id int); ALTER EXTENSION plpgsql ADD TABLE points;
        CREATE SCHEMA other; CREATE TABLE other.theirs (id int);
        CREATE VIEW seen AS SELECT 1""");

    assertThatItGoes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE SCHEMA app;",
        "CREATE SCHEMA IF NOT EXISTS \"app\";",
        "DO $EF$ BEGIN IF NOT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = 'app') THEN"
            + " CREATE SCHEMA app; END IF; END $EF$;"
      })
  void tables_in_a_schema_that_the_changelog_makes_count(String makes) {
    hand.migration(ONE, MARK + makes + "\nCREATE TABLE app.one (id int);");
    database.executeAsOwner("CREATE SCHEMA app; CREATE TABLE app.theirs (id int)");

    Program.Result refused = assertThatItIsRefused();

    assertThat(refused.err()).contains("app.theirs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "needs-clean-database: true",
        "needs-clean-database: 20240101000000_one",
        "needs-clean-database: [20240101000000_One, 20240102000000_Two]",
        "needs-clean-database:\n  - 20240102000000_Two\n"
      })
  void the_author_may_say_it_in_the_settings_of_the_changelog(String marks) {
    yaml(marks);
    database.executeAsOwner("CREATE TABLE theirs (id int)");

    assertThatItIsRefused();
    database.executeAsOwner("DROP TABLE theirs");
    assertThatItGoes();
  }

  @ParameterizedTest
  @ValueSource(strings = {"needs-clean-database: false", "needs-clean-database:"})
  void the_author_may_say_that_it_is_not_so(String marks) {
    yaml(marks);
    database.executeAsOwner("CREATE TABLE theirs (id int)");

    assertThatItGoes();
  }

  /// It made them itself, before it came to the marked one.
  @Test
  void tables_of_a_run_that_is_at_work_are_not_held_against_it() throws InterruptedException {
    database.executeAsOwner("CREATE SCHEMA other; CREATE TABLE other.gate (id int)");
    hand.migration(TWO, MARK + "ALTER TABLE other.gate ADD COLUMN name text;");
    Process atWork;
    try (var _ = new OpenTransaction(database, "LOCK TABLE other.gate")) {
      atWork = program().start("--lock-timeout", "0");
      Until.running(database, "%ALTER TABLE other.gate%");
      assertThat(database.history()).containsExactly(ONE);

      ends(1, program().run("status"));
      ends(0, program().run("migrate", "--dry-run"));
    }

    ends(0, Program.finish(atWork));
    ends(0, program().run("status"));
  }

  @Test
  void a_history_that_is_shared_is_told_so() {
    record("20230101000000_Theirs", "20250101000000_Theirs");
    assertThat(assertThatItIsRefused().err()).contains("Slipway__SharedHistory=true");
    hand.with("Slipway__SharedHistory", "true");

    Program.Result status = ends(1, program().run("status"));
    assertThat(status.toString()).doesNotContain("unknown", "ahead", "conflict");
    assertThatItGoes();
    assertThat(ends(0, program().run()).err()).doesNotContain("ahead", "older");
  }

  @Test
  void the_script_for_a_shared_history_runs_where_others_have_begun_theirs() {
    record("20230101000000_Theirs");
    yaml("shared-history: true");

    Psql.Result byHand = hand.runUntilError(database);

    assertThat(byHand.code()).as(byHand.text()).isZero();
    assertThat(database.history()).contains(ONE, TWO);
  }

  @Test
  void ids_that_are_older_and_unknown_are_a_notice() {
    record("20230101000000_Squashed", "20230201000000_Too", ONE);
    database.executeAsOwner("CREATE TABLE one (id int)");

    Program.Result result = ends(0, program().run());

    assertThat(result.err())
        .contains(
            "notice: Gateway: the history holds \"20230101000000_Squashed\" and 1 more older ids");
  }

  @Test
  void a_schema_that_is_as_the_changelog_makes_it_can_be_adopted() {
    record("20230101000000_Initial", "20230201000000_Two");
    database.executeAsOwner("CREATE TABLE one (name text, id int); CREATE TABLE two (id int)");

    String hint = assertThatItIsRefused().err();

    assertThat(hint.indexOf("slipway baseline " + TWO)).isPositive();
    assertThat(hint.indexOf("slipway baseline")).isLessThan(hint.indexOf("slipway resync"));
    ends(0, program().run("baseline", TWO));
    assertThat(ends(0, program().run()).err()).contains("and 1 more older ids");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE one (id int)",
        "CREATE TABLE one (id int, name text, more int); CREATE TABLE two (id int)",
        "CREATE TABLE one (id int, name2 text); CREATE TABLE two (id int)",
        "CREATE TABLE one (id int, name text); CREATE TABLE two (id int); CREATE TABLE x (id int)",
        "CREATE TABLE one (id int, name text); CREATE VIEW two AS SELECT 1 AS id"
      })
  void one_that_is_not_quite_so_is_not_offered_to_be_adopted(String there) {
    record("20230101000000_Initial");
    database.executeAsOwner(there);

    assertThat(assertThatItIsRefused().err()).doesNotContain("slipway baseline");
  }
}
