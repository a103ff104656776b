package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandsTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";

  private static final String CHANGESET =
      """
      databaseChangeLog:
        - changeSet: {id: %s, author: ann, changes: [{sql: SELECT 1}]}
      """;

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    folder =
        new Folder(path)
            .write("changelog/" + ONE + ".sql", "CREATE TABLE one (id int);\n")
            .write("changelog/" + TWO + ".sql", "CREATE TABLE two (id int);\n");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private static Program.Result succeeds(Program.Result result) {
    assertThat(result.code()).as(result.toString()).isZero();
    return result;
  }

  private List<String> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(path.resolve(folder))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"migrate", "upgrade", "upgrade head", "update", "migrate --to head"})
  void migrate_has_the_names_of_its_peers(String command) {
    succeeds(program().run(command.split(" ")));

    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @ParameterizedTest
  @ValueSource(strings = {ONE, "20240101000000_ONE", "One", "one"})
  void to_ends_with_the_id_or_the_name(String to) {
    Program.Result result = succeeds(program().run("--to", to));

    assertThat(result.out())
        .endsWith("Gateway: 1 applied, pending at " + ONE + " (1 applied, 1 pending)\n");
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void upgrade_takes_the_end_as_an_argument() {
    succeeds(program().run("upgrade", "One"));

    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void a_dry_run_says_what_would_be_done_and_writes_nothing() {
    Program.Result result = succeeds(program().run("--dry-run"));

    assertThat(result.out())
        .isEqualTo(
            """
            would apply  20240101000000_One
            would apply  20240102000000_Two
            Gateway: 2 would be applied, nothing was changed
            """);
    assertThat(database.tables()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"execute", "plan", "EXECUTE"})
  void a_value_behind_a_blank_is_told_from_an_id(String value) {
    Program.Result result = program().run("migrate", "--dry-run", value);

    assertThat(result.code()).as(result.toString()).isEqualTo(2);
    assertThat(result.err())
        .contains("error: no migration \"%s\" in the changelog".formatted(value))
        .contains("where   It was asked for by the argument ID.\n")
        .contains("next    Did you mean --dry-run=%s? ".formatted(value));
    assertThat(database.tables()).isEmpty();
  }

  @Test
  void an_id_that_there_is_not_is_told_with_where_it_came_from() {
    Program.Result argument = program().run("migrate", "Five");
    Program.Result option = program().run("migrate", "--to", "execute");
    Program.Result variable = program().with("Slipway__To", "Five").run("migrate");

    assertThat(argument.err()).contains("It was asked for by the argument ID.\n");
    assertThat(option.err())
        .contains("It was asked for by --to.\n")
        .endsWith("next    See what there is: slipway status --verbose\n");
    assertThat(variable.err()).contains("It was asked for by environment variable Slipway__To.\n");
  }

  @Test
  void a_dry_run_fails_where_the_run_would() {
    folder.write("changelog/20240103000000_Three.sql", "VACUUM;");

    assertThat(program().run("--dry-run").code()).isEqualTo(3);
  }

  @Test
  void status_shows_what_is_pending_and_answers_no() {
    succeeds(program().run("--to", "One"));

    Program.Result result = program().run("status");

    assertThat(result.out())
        .isEqualTo(
            """
            pending   20240102000000_Two
            Gateway: pending at 20240101000000_One (1 applied, 1 pending)
            """);
    assertThat(result.code()).isEqualTo(1);
  }

  @Test
  void current_is_status() {
    succeeds(program().run());

    Program.Result result = succeeds(program().run("current"));

    assertThat(result.out()).isEqualTo("Gateway: up-to-date at " + TWO + " (2 applied)\n");
  }

  @Test
  void verbose_status_shows_what_is_applied() {
    succeeds(program().run("--to", "One"));

    Program.Result result = program().run("status", "--verbose");

    assertThat(result.out()).startsWith("applied   " + ONE + "\npending   " + TWO + "\n");
  }

  @Test
  void verbose_migrate_tells_each_step_and_the_notices() {
    folder.write("changelog/" + ONE + ".sql", "DROP TABLE IF EXISTS nothing;");

    Program.Result result = succeeds(program().run("--verbose"));

    assertThat(result.err())
        .contains("Gateway: applying " + ONE + " (1 of 2) from ")
        .contains("Gateway: NOTICE: table \"nothing\" does not exist, skipping\n");
  }

  @Test
  void warnings_of_the_server_are_shown_and_notices_are_not() {
    folder.write(
        "changelog/" + ONE + ".sql",
        "DO $$ BEGIN RAISE NOTICE 'quiet'; RAISE WARNING 'loud'; END $$;");

    Program.Result result = succeeds(program().run());

    assertThat(result.err()).isEqualTo("Gateway: WARNING: loud\n");
  }

  @Test
  void history_shows_id_version_and_time() {
    succeeds(program().run());

    Program.Result result = succeeds(program().run("history"));

    assertThat(result.out().replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "TIME"))
        .isEqualTo(
            """
            20240101000000_One  slipway 0.1.0  TIME
            20240102000000_Two  slipway 0.1.0  TIME
            Gateway: 2 in the history
            """);
  }

  @Test
  void history_of_an_empty_database_is_empty() {
    Program.Result result = succeeds(program().run("history"));

    assertThat(result.out()).isEqualTo("Gateway: 0 in the history\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", TWO, "two"})
  void show_prints_the_statements(String reference) {
    folder.write(
        "changelog/" + TWO + ".sql", "-- slipway: no-transaction\n\nVACUUM one ;\n\nSELECT 2\n");

    Program.Result result = succeeds(Program.in(path).run("show", reference));

    Golden.check("dev/slipway/commands/show.txt", result.toString());
  }

  @Test
  void show_needs_the_changelog_to_be_named_where_several_have_the_migration() {
    folder
        .write("all/one/" + ONE + ".sql", "SELECT 1;")
        .write("all/two/" + ONE + ".sql", "SELECT 2;");

    Program.Result several = Program.in(path).run("show", "head", "--changelog", "all");
    Program.Result named =
        Program.in(path).run("show", "head", "--changelog", "all", "--database", "Two");

    assertThat(several.code()).isEqualTo(2);
    assertThat(named.out()).contains("\nSELECT 2;\n");
  }

  @Test
  void a_new_migration_gets_the_time_as_its_digits() throws IOException {
    Program.Result result = succeeds(Program.in(path).run("new", "AddOrders"));

    assertThat(files("changelog")).hasSize(3);
    assertThat(files("changelog").getLast()).matches("20[2-9]\\d{11}_AddOrders\\.sql");
    assertThat(result.out()).endsWith("/changelog/" + files("changelog").getLast() + "\n");
  }

  @Test
  void a_new_migration_comes_behind_the_last_one() throws IOException {
    folder.write("changelog/29991231235959_Last.sql", "SELECT 1;");

    succeeds(Program.in(path).run("new", "AddOrders"));

    assertThat(files("changelog").getLast()).isEqualTo("30000101000000_AddOrders.sql");
  }

  @Test
  void a_new_migration_comes_behind_digits_that_are_no_time() throws IOException {
    folder.write("changelog/99990000000099_Last.sql", "SELECT 1;");

    succeeds(Program.in(path).run("new", "AddOrders"));

    assertThat(files("changelog").getLast()).isEqualTo("99990000000100_AddOrders.sql");
  }

  @Test
  void nothing_comes_behind_the_last_number() {
    folder.write("changelog/99999999999999_Last.sql", "SELECT 1;");

    Program.Result result = Program.in(path).run("new", "AddOrders");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: no id comes behind \"99999999999999\"\n");
  }

  @Test
  void two_new_migrations_of_one_name_are_two_files() throws IOException {
    succeeds(Program.in(path).run("new", "AddOrders"));
    succeeds(Program.in(path).run("new", "AddOrders"));

    assertThat(files("changelog")).hasSize(4);
  }

  @Test
  void revision_takes_the_name_by_its_option() throws IOException {
    succeeds(Program.in(path).run("revision", "-m", "AddOrders"));

    assertThat(files("changelog").getLast()).endsWith("_AddOrders.sql");
  }

  @ParameterizedTest
  @ValueSource(strings = {"add orders", "add-orders", "Größe", "a/b", "../x", "a.sql", ""})
  void a_name_of_other_characters_is_refused(String name) throws IOException {
    Program.Result result = Program.in(path).run("new", name);

    assertThat(result.code()).as(result.toString()).isEqualTo(2);
    assertThat(files("changelog")).hasSize(2);
  }

  @Test
  void new_makes_the_folder() throws IOException {
    succeeds(Program.in(path).run("new", "Begin", "--changelog", "db/migrations"));

    assertThat(files("db/migrations")).singleElement().asString().endsWith("_Begin.sql");
  }

  @Test
  void new_makes_the_folder_of_the_database() throws IOException {
    succeeds(Program.in(path).run("new", "Begin", "--changelog", "db", "--database", "ledger"));

    assertThat(files("db/ledger")).hasSize(1);
  }

  @Test
  void what_new_made_can_be_applied() {
    succeeds(Program.in(path).run("new", "AddOrders"));

    succeeds(program().run());

    assertThat(database.history()).hasSize(3);
  }

  @Test
  void a_new_migration_comes_behind_the_last_changeset() throws IOException {
    folder.write("changelog/changes.yaml", CHANGESET.formatted("29991231235959_Last"));

    succeeds(Program.in(path).run("new", "AddOrders"));

    assertThat(files("changelog")).contains("30000101000000_AddOrders.sql");
  }

  @Test
  void new_makes_no_file_beside_a_root_file_with_ids_of_its_own() throws IOException {
    folder.write("root/changelog.yaml", CHANGESET.formatted("1"));

    Program.Result result = Program.in(path).run("new", "AddOrders", "--changelog", "root");

    assertThat(result.code()).isEqualTo(2);
    Golden.check("dev/slipway/commands/new-beside-ids.txt", result.toString());
    assertThat(files("root")).containsExactly("changelog.yaml");
  }

  @ParameterizedTest
  @CsvSource({"changelog.yaml, root", "20240101000000_One.sql, sql"})
  void new_makes_no_file_for_a_changelog_that_is_a_file(String file, String golden)
      throws IOException {
    folder
        .write("one/changelog.yaml", CHANGESET.formatted("20240101000000_One"))
        .write("one/20240101000000_One.sql", "SELECT 1;");

    Program.Result result = Program.in(path).run("new", "AddOrders", "--changelog", "one/" + file);

    assertThat(result.code()).isEqualTo(2);
    Golden.check("dev/slipway/commands/new-beside-%s.txt".formatted(golden), result.toString());
    assertThat(files("one")).hasSize(2);
  }

  @Test
  void a_root_file_without_changesets_is_where_the_first_is_to_be_written() {
    folder.write("root/changelog.yaml", "databaseChangeLog: []\n");

    Program.Result result = Program.in(path).run("new", "AddOrders", "--changelog", "root");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("Write a changeset in ").contains("root/changelog.yaml\n");
  }

  @Test
  void new_says_why_it_cannot_write() {
    folder.write("file", "");

    Program.Result result = Program.in(path).run("new", "A", "--changelog", "file/changelog");

    assertThat(result.code()).isEqualTo(3);
    Golden.check(
        "dev/slipway/commands/new-cannot-write.txt",
        result.toString().replaceAll("\\d{14}_A", "ID"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "migrate", "status", "history", "baseline", "show", "script", "config", "new"})
  void each_command_has_its_help_with_an_example(String command) {
    String[] arguments =
        command.isEmpty() ? new String[] {"--help"} : new String[] {command, "--help"};

    Program.Result result = succeeds(Program.in(Path.of("nowhere")).run(arguments));

    assertThat(result.out()).contains("\nExample:\n");
    Golden.check(
        "dev/slipway/help/slipway" + (command.isEmpty() ? "" : "-" + command) + ".txt",
        result.out());
  }

  @Test
  void the_version_is_printed_whatever_else_is_wrong() throws InterruptedException {
    Process process =
        Program.in(path)
            .with("Slipway__Nonsense", "1")
            .with("ConnectionStrings__Gateway", "nonsense")
            .start("--version");

    Program.Result result = Program.finish(process);

    assertThat(result).isEqualTo(new Program.Result(0, "slipway 0.1.0\n", ""));
  }

  @Test
  void options_are_settings_of_the_environment() {
    Program program =
        program()
            .with("Slipway__DryRun", "true")
            .with("Slipway__To", "One")
            .with("Slipway__Changelog", path.resolve("changelog").toString());

    Program.Result result = succeeds(program.run());

    assertThat(result.out()).startsWith("would apply  " + ONE + "\nGateway: 1 would be applied");
    assertThat(database.tables()).isEmpty();
  }

  @Test
  void an_option_outdoes_the_environment() {
    succeeds(program().with("Slipway__To", "One").run("--to", "head"));

    assertThat(database.history()).hasSize(2);
  }

  @Test
  void a_connection_string_may_be_an_argument() {
    succeeds(Program.in(path).run("--ConnectionStrings:Gateway=" + database.connectionString("")));

    assertThat(database.history()).hasSize(2);
  }

  @Test
  void the_changelog_is_where_the_option_says() {
    folder.write("elsewhere/20250101000000_Other.sql", "SELECT 1;");

    succeeds(program().run("--changelog", "elsewhere"));

    assertThat(database.history()).containsExactly("20250101000000_Other");
  }

  @Test
  void the_changelog_may_be_one_file() {
    succeeds(program().run("--changelog", "changelog/" + ONE + ".sql"));

    assertThat(database.history()).containsExactly(ONE);
  }
}
