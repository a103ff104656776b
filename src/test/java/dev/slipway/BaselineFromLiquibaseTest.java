package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.Console;
import dev.slipway.cli.Environment;
import dev.slipway.cli.FailureReport;
import dev.slipway.cli.Interruption;
import dev.slipway.cli.SlipwayCommandLine;
import dev.slipway.config.Output;
import dev.slipway.failure.SlipwayException;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.HandMadeChangelog;
import dev.slipway.testing.LiquibaseRun;
import dev.slipway.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Databases that Liquibase has really migrated, adopted by its own record. The changelog's format
/// is of these tests, so that its identities can be anything.
@Tag("slow")
final class BaselineFromLiquibaseTest {
  private static final Path CHANGELOG =
      Path.of("src/test/resources/dev/slipway/adoption/changelog");
  private static final String ROWS = "SELECT * FROM databasechangelog ORDER BY orderexecuted";

  /// What the changelog does, with the paths under which its files may be recorded.
  private static final List<String> ALL =
      List.of(
          "ann.1 | 1 | ann | changelog.xml | INSERT INTO log (text) VALUES ('1 again')",
          "bob.add-users | add-users | bob | people, parts/users.yaml | CREATE TABLE users (id int)",
          "ann.2 | 2 | ann | people, parts/users.yaml | INSERT INTO log (text) VALUES ('users')",
          "carol.add-orders | add-orders | carol | parts/orders.sql | CREATE TABLE orders (id int)",
          "carol.3 | 3 | carol | parts/orders.sql | INSERT INTO log (text) VALUES ('price')",
          "dev-team.add-tags | add-tags | dev-team | parts/tags.xml | CREATE TABLE tags (id int)",
          "ann.last | last | ann | changelog.xml | INSERT INTO log (text) VALUES ('last')");

  private static final String IDS =
      "ann.1 bob.add-users ann.2 carol.add-orders carol.3 dev-team.add-tags ann.last";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_the_changelog() {
    write(ALL);
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private void write(List<String> lines) {
    new Folder(path).write("changelog/" + HandMadeChangelog.FILE, String.join("\n", lines) + "\n");
  }

  private Program.Result run(String... arguments) {
    return runOn(database.connectionString(""), arguments);
  }

  private Program.Result runOn(String connectionString, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var console = new Console(print(out), print(err), Console.Terminal.PLAIN, Output.TEXT);
    Map<String, String> variables = Map.of("ConnectionStrings__Shop", connectionString);
    int code;
    try {
      var environment =
          new Environment(console, List.of(new HandMadeChangelog()), new Interruption(), "0.1.0");
      code = new SlipwayCommandLine(environment, variables, path).run(arguments);
    } catch (SlipwayException failure) {
      code = FailureReport.print(console, variables, List.of(arguments), failure);
    }
    return new Program.Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private void checked(String name, int code, Program.Result result) {
    Golden.check("dev/slipway/adoption/" + name + ".txt", result.toString());
    assertThat(result.code()).isEqualTo(code);
  }

  @Test
  void everything_that_liquibase_applied_is_recorded_and_its_tables_stay() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml");
    List<String> before = database.rows(ROWS);

    checked("whole", 0, run("baseline", "--from-liquibase"));

    assertThat(database.history()).containsExactlyInAnyOrder(IDS.split(" "));
    assertThat(database.rows(ROWS)).isEqualTo(before);
    assertThat(database.rows("SELECT locked FROM databasechangeloglock")).containsExactly("f");
  }

  @Test
  void nothing_runs_twice_and_the_next_migration_applies() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml");
    run("baseline", "--from-liquibase");
    List<String> log = database.rows("SELECT text FROM log ORDER BY id");
    assertThat(run("migrate").out()).startsWith("Shop: nothing to do, up-to-date");

    write(
        List.of(
            String.join("\n", ALL),
            "ann.4 | 4 | ann | changelog.xml | CREATE TABLE more (id int)"));

    assertThat(run("migrate").out()).startsWith("applied  ann.4");
    assertThat(database.rows("SELECT text FROM log ORDER BY id")).isEqualTo(log);
  }

  @Test
  void what_liquibase_had_not_come_to_is_pending() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml", 3);

    checked("half", 0, run("baseline", "--from-liquibase"));

    assertThat(run("migrate").out())
        .contains("applied  carol.add-orders")
        .contains("Shop: 4 applied, up-to-date");
    assertThat(database.rows("SELECT text FROM log ORDER BY id"))
        .containsExactly("first", "users", "price", "last");
  }

  @Test
  void a_migration_in_the_middle_that_liquibase_never_saw_is_pending() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml");
    write(
        List.of(
            ALL.getFirst(),
            "bob.middle | middle | bob | parts/users.yaml | CREATE TABLE middle (id int)",
            String.join("\n", ALL.subList(1, ALL.size()))));

    run("baseline", "--from-liquibase");

    assertThat(run("migrate").out()).startsWith("applied  bob.middle");
    assertThat(run("status").code()).isZero();
  }

  @Test
  void a_second_time_there_is_nothing_to_record() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml", 2);
    run("baseline", "--from-liquibase");

    assertThat(run("baseline", "--from-liquibase").out()).startsWith("Shop: 0 baselined, pending");

    LiquibaseRun.update(database, CHANGELOG, "changelog.xml", 1);
    assertThat(run("baseline", "--from-liquibase").out()).startsWith("baselined  ann.2\nShop: 1");
  }

  @Test
  void a_dry_run_writes_nothing() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml", 2);
    List<String> before = database.tables();

    assertThat(run("baseline", "--from-liquibase", "--dry-run").out())
        .isEqualTo(
            """
            would baseline  ann.1
            would baseline  bob.add-users
            Shop: 2 would be baselined, nothing was changed
            """);
    assertThat(run("baseline", "--from-liquibase", "--dry-run", "--json").out())
        .contains("\"would_baseline\":[\"ann.1\",\"bob.add-users\"]")
        .hasLineCount(1);
    assertThat(database.tables()).isEqualTo(before);
  }

  @Test
  void json_lists_the_ids() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml", 1);

    assertThat(run("baseline", "--from-liquibase", "--json").out())
        .contains("\"state\":\"pending\",\"applied\":[\"ann.1\"]")
        .contains("\"baselined\":[\"ann.1\"]")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'classpath:' || ", "'src/main/resources/' || ", "'/app/db/' || "})
  void how_liquibase_was_started_does_not_count(String prefix) throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml");
    database.execute("UPDATE databasechangelog SET filename = " + prefix + "filename");

    Program.Result result = run("baseline", "--from-liquibase");

    assertThat(result.out()).contains("Shop: 7 baselined, up-to-date");
  }

  @Test
  void rows_of_changesets_that_did_not_take_effect_do_not_count() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml");
    database.execute(
        """
        UPDATE databasechangelog SET exectype = CASE id
          WHEN '1' THEN 'RERAN' WHEN '2' THEN 'MARK_RAN' WHEN '3' THEN 'FAILED' ELSE 'SKIPPED' END""");

    assertThat(run("baseline", "--from-liquibase").out())
        .startsWith("baselined  ann.1\nbaselined  ann.2\nShop: 2 baselined");
  }

  @Test
  void changesets_that_the_changelog_has_no_more_are_told() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml");
    write(ALL.subList(0, 5));

    checked("removed", 0, run("baseline", "--from-liquibase"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "migrate"})
  void until_then_nothing_is_run_and_the_way_is_told(String command) throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml");
    write(ALL.subList(0, 5));
    List<String> before = database.tables();

    checked("found-" + command, 6, run(command));

    assertThat(database.tables()).isEqualTo(before);
  }

  @Test
  void a_record_of_another_changelog_is_shown_beside_this_one() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml");
    write(
        List.of(
            "eve.1 | 1 | eve | other.xml | SELECT 1",
            "eve.10 | 10 | eve | parts/more.xml | SELECT 1"));
    List<String> before = database.tables();

    checked("unmatched", 6, run("baseline", "--from-liquibase"));

    assertThat(database.tables()).isEqualTo(before);
    assertThat(run("status").err()).contains("slipway baseline ID, with the migration");
  }

  @Test
  void rows_that_may_be_several_changesets_are_left_to_a_person() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml", 1);
    write(
        List.of(
            "a.1 | 1 | ann | a/changelog.xml | SELECT 1",
            "b.1 | 1 | ann | b/changelog.xml | SELECT 1"));
    List<String> before = database.tables();

    checked("ambiguous", 6, run("baseline", "--from-liquibase"));

    assertThat(database.tables()).isEqualTo(before);
    assertThat(run("status").err()).contains("slipway baseline --from-liquibase\n");
  }

  @Test
  void it_has_to_be_on_the_search_path() throws Exception {
    LiquibaseRun.update(database, CHANGELOG, "changelog.xml");
    database.executeAsOwner("CREATE SCHEMA app");
    String alone = database.connectionString(";Search Path=app");

    checked("no-record", 3, runOn(alone, "baseline", "--from-liquibase"));

    assertThat(runOn(alone + ",public", "baseline", "--from-liquibase").code()).isZero();
    assertThat(database.tables()).contains("app.__EFMigrationsHistory");
  }

  @Test
  void it_takes_an_id_or_the_record() {
    checked("id-and-record", 2, run("baseline", "ann.1", "--from-liquibase"));
    checked("no-id-no-record", 2, run("baseline"));
    assertThat(database.tables()).isEmpty();
  }

  @Test
  void a_changelog_of_plain_sql_has_nothing_to_compare() {
    new Folder(path).write("plain/20240101000000_One.sql", "SELECT 1;");

    Program.Result result =
        Program.in(path)
            .with("Shop", database)
            .run("baseline", "--from-liquibase", "--changelog", "plain");

    checked("no-changesets", 3, result);
  }
}
