package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.FakeServer;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an operator reads of each failure that leaves the database alone, whole, as golden files.
final class FailureMessagesTest {
  private static final String ONE = "changelog/20240101000000_One.sql";
  private static final String TWO = "changelog/20240102000000_Two.sql";
  private static final String CREATE_ONE = "CREATE TABLE one (id int);\n";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void enter_the_folder() {
    folder = new Folder(path).write(ONE, CREATE_ONE);
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private void refused(String golden, int code, Program.Result result) {
    checked(golden, code, result);
    assertThat(database.tables()).isEmpty();
  }

  private static void checked(String golden, int code, Program.Result result) {
    Golden.check("dev/slipway/failures/" + golden + ".txt", result.toString());
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
  }

  @Test
  void a_bad_id() {
    folder.write("changelog/2024_Two.sql", "SELECT 1;");

    refused("bad-id", 3, program().run());
  }

  @Test
  void a_duplicate_id() {
    folder.write("changelog/20240101000000_ONE.sql", "SELECT 1;");

    refused("duplicate-id-by-case", 3, program().run());
  }

  /// As where another means made the database.
  @Test
  void a_table_that_is_there_already() {
    database.executeAsOwner("CREATE TABLE one (id int)");

    checked("table-there", 7, program().run());
  }

  @Test
  void a_file_that_is_no_changelog() {
    folder.write("changelog/notes.txt", "Remember the milk.");

    refused("no-changelog-file", 3, program().run());
  }

  @Test
  void a_file_that_cannot_be_read() throws IOException {
    Files.createSymbolicLink(path.resolve(TWO), Path.of("gone.sql"));

    refused("unreadable-file", 3, program().run());
  }

  @Test
  void a_folder_with_the_name_of_a_migration() {
    folder.write(TWO + "/part.sql", "SELECT 1;");

    refused("folder-as-file", 3, program().run());
  }

  @Test
  void bad_utf_8() throws IOException {
    Files.write(path.resolve(TWO), "-- ä\nSELECT 'é';".getBytes(StandardCharsets.ISO_8859_1));

    refused("bad-utf-8", 3, program().run());
  }

  @Test
  void copy_from_stdin() {
    folder.write(TWO, "CREATE TABLE two (id int);\nCOPY two FROM stdin;\n1\n\\.\n");

    refused("copy-from-stdin", 3, program().run());
  }

  @Test
  void a_meta_command() {
    folder.write(TWO, "\\set ON_ERROR_STOP on\nSELECT 1;\n");

    refused("meta-command", 3, program().run());
  }

  @Test
  void an_index_built_concurrently_without_the_directive() {
    folder.write(TWO, "-- fast\nCREATE INDEX CONCURRENTLY ON one (id);\n");

    refused("concurrently-unmarked", 3, program().run());
  }

  @Test
  void transaction_control() {
    folder.write(TWO, "BEGIN;\nSELECT 1;\nCOMMIT;\n");

    refused("transaction-control", 3, program().run());
  }

  @Test
  void an_unclosed_quote() {
    folder.write(TWO, "SELECT 1;\nSELECT 'it''s;\nSELECT 2;\n");

    refused("unclosed-quote", 3, program().run());
  }

  @Test
  void an_unknown_directive() {
    folder.write(TWO, "-- slipway: no-transactions\nSELECT 1;\n");

    refused("unknown-directive", 3, program().run());
  }

  @Test
  void a_migration_that_needs_a_clean_database() {
    folder.write(TWO, "-- slipway: needs-clean-database\nCREATE SCHEMA shop;\n");
    database.executeAsOwner("CREATE SCHEMA shop; CREATE TABLE shop.orders (id int)");

    checked("not-clean", 6, program().run());
  }

  @Test
  void an_unknown_migration_that_needs_a_clean_database() {
    folder.write("changelog/slipway.yaml", "needs-clean-database:\n  - 20240102000000_Two\n");

    refused("unknown-clean-mark", 3, program().run());
  }

  @Test
  void a_directive_behind_a_statement() {
    folder.write(TWO, "SELECT 1;\n-- slipway: no-transaction\nVACUUM;\n");

    refused("misplaced-directive", 3, program().run());
  }

  @Test
  void several_problems_at_once() {
    folder.write(TWO, "SELECT $x$;").write("changelog/20240103000000_Three.sql", "\\i x\n");

    refused("several-problems", 3, program().run());
  }

  @Test
  void several_bad_names_at_once() {
    folder.write("changelog/a.sql", "").write("changelog/b.sql", "").write("changelog/c.bak", "");

    refused("several-bad-names", 3, program().run());
  }

  @Test
  void an_empty_changelog() {
    folder.delete(ONE);

    refused("empty-changelog", 3, program().run());
  }

  @Test
  void no_changelog() throws IOException {
    folder.delete(ONE);
    Files.delete(path.resolve("changelog"));

    refused("no-changelog", 3, program().run());
  }

  @Test
  void a_changelog_with_nothing_but_notes() {
    folder.delete(ONE);
    folder.write("changelog/README.md", "Migrations go here.");

    refused("no-migration", 3, program().run());
  }

  @Test
  void a_misspelt_path_of_a_changelog() {
    folder
        .write("changelogs/gateway/20240101000000_One.sql", CREATE_ONE)
        .write("changelogs/warehouse/20240101000000_One.sql", CREATE_ONE);

    refused("misspelt-path", 3, program().run("--changelog", "changelogs/warehuose"));
  }

  @Test
  void a_misspelt_folder_within_the_path_of_a_changelog() {
    folder.write("database/shop/20240101000000_One.sql", CREATE_ONE);

    Program.Result result = program().run("--changelog", "databse/shop");

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err())
        .endsWith("next    Did you mean --changelog %s/database/shop?\n".formatted(path));
  }

  @Test
  void no_path_is_proposed_where_none_is_near() {
    folder.write("changelogs/gateway/20240101000000_One.sql", CREATE_ONE);

    Program.Result result = program().run("--changelog", "changelogs/indexer");

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err()).contains("next    Name the folder that holds the migrations: ");
  }

  @Test
  void no_connection_string() {
    refused("no-connection-string", 3, Program.in(path).run());
  }

  @Test
  void a_malformed_connection_string() {
    Program program = Program.in(path).with("ConnectionStrings__Gateway", "Host=h;Password='x");

    refused("malformed-connection-string", 3, program.run());
  }

  @Test
  void an_unknown_key() {
    Program program =
        Program.in(path)
            .with("ConnectionStrings__Gateway", database.connectionString(";Serch Path=app"));

    refused("unknown-key", 3, program.run());
  }

  @Test
  void no_connection_string_that_matches_a_changelog() {
    folder.delete(ONE).write("changelog/validator/20240101000000_One.sql", CREATE_ONE);

    refused("no-match", 3, program().run());
  }

  @Test
  void a_database_that_there_is_not() {
    refused("unknown-database", 3, program().run("--database", "Gatway"));
  }

  @Test
  void several_connection_strings_and_one_changelog() {
    refused("several-connection-strings", 3, program().with("Other", database).run());
  }

  @Test
  void an_unknown_setting() {
    refused("unknown-setting", 3, program().with("Slipway__LokTimeout", "5s").run());
  }

  @Test
  void a_setting_that_cannot_be() {
    refused("malformed-setting", 3, program().with("Slipway__LockTimeout", "soon").run());
  }

  @Test
  void an_unknown_command() {
    refused("unknown-command", 2, program().run("migarte"));
  }

  @Test
  void an_unknown_option() {
    refused("unknown-option", 2, program().run("migrate", "--dryrun"));
  }

  @Test
  void an_option_without_its_value() {
    refused("option-without-value", 2, program().run("migrate", "--to"));
  }

  @Test
  void an_unknown_end() {
    refused("unknown-to", 2, program().run("--to", "20240105000000_Five"));
  }

  @Test
  void an_older_end() {
    folder.write(TWO, "CREATE TABLE two (id int);");
    program().run();

    checked("older-to", 2, program().run("--to", "One"));
  }

  @Test
  void a_missing_database() {
    Program program =
        Program.in(path)
            .with(
                "ConnectionStrings__Gateway",
                "Host=localhost;Port=%d;Database=nowhere;Username=postgres"
                    .formatted(database.server().port()));

    refused("missing-database", 4, program.run());
  }

  @Test
  void a_wrong_password() {
    try (var guarded = TestDatabase.on(TestServer.askingForPasswords())) {
      guarded.execute("ALTER ROLE " + guarded.owner() + " PASSWORD 'right'");
      Program program = Program.in(path);

      Program.Result wrong =
          program
              .with("ConnectionStrings__Gateway", guarded.connectionString(";Password=s3cret"))
              .run();
      Program.Result right =
          program
              .with("ConnectionStrings__Gateway", guarded.connectionString(";Password=right"))
              .run();

      checked("wrong-password", 4, wrong);
      assertThat(wrong.toString()).doesNotContain("s3cret");
      assertThat(right.code()).as(right.toString()).isZero();
    }
  }

  @Test
  void no_password() {
    try (var guarded = TestDatabase.on(TestServer.askingForPasswords())) {
      checked("no-password", 4, Program.in(path).with("Gateway", guarded).run());
    }
  }

  @Test
  void nothing_listening() {
    int port = FakeServer.unusedPort();
    Program program =
        Program.in(path)
            .with("ConnectionStrings__Gateway", "Host=localhost;Port=" + port + ";Username=u")
            .with("Slipway__StartWait", "1s");
    long begin = System.nanoTime();

    Program.Result result = program.run();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    checked("nothing-listening", 4, result);
  }

  @Test
  void an_edited_migration() {
    program().run();
    folder.write(ONE, "CREATE TABLE one (id bigint);").write(TWO, "CREATE TABLE two (id int);");

    checked("edited", 6, program().run());

    assertThat(database.history()).containsExactly("20240101000000_One");
    assertThat(database.tables()).doesNotContain("public.two");
  }

  @Test
  void a_foreign_history() {
    program().run();
    folder.delete(ONE).write(TWO, "CREATE TABLE two (id int);");

    checked("foreign-history", 6, program().run());

    assertThat(database.history()).containsExactly("20240101000000_One");
    assertThat(database.tables()).doesNotContain("public.two");
  }

  @Test
  void an_unknown_newer_id_is_told_and_no_failure() {
    program().run();
    database.execute("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20990101000000_New', '10')");

    checked("unknown-newer", 0, program().run());
  }

  @Test
  void a_late_migration_is_told_and_applied() {
    program().run();
    folder.write("changelog/20230101000000_Late.sql", "CREATE TABLE late (id int);");

    checked("out-of-order", 0, program().run());

    assertThat(database.history()).containsExactly("20230101000000_Late", "20240101000000_One");
  }

  @Test
  void a_name_that_two_migrations_have() {
    folder.write("changelog/20240103000000_ONE.sql", "SELECT 1;");

    refused("ambiguous-name", 2, program().run("show", "One"));
    assertThat(program().run("migrate", "--to", "one").code()).isEqualTo(2);
  }

  @Test
  void show_without_an_id() {
    refused("show-without-id", 2, program().run("show"));
  }

  @Test
  void two_ends() {
    refused(
        "two-ends",
        2,
        program().run("migrate", "20240101000000_One", "--to", "20240102000000_Two"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--database", "--to", "--changelog", "--history-table"})
  void an_option_that_is_empty_like_an_unset_variable(String option) {
    Program.Result result = program().run("migrate", option, "");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: " + option + " is empty\n");
    assertThat(program().run("migrate", "").code()).isEqualTo(2);
    assertThat(database.tables()).isEmpty();
  }

  @Test
  void files_beside_the_folders_of_a_changelog_per_database() {
    folder.write("all/a/20240101000000_One.sql", "").write("all/notes.txt", "");

    refused(
        "files-beside-folders",
        3,
        program().with("ConnectionStrings__Other", "Host=localhost").run("--changelog", "all"));
  }

  @Test
  void a_server_without_tls_where_tls_is_required() {
    refused(
        "no-tls",
        4,
        readable(
            Program.in(path)
                .with(
                    "ConnectionStrings__Gateway",
                    database.connectionString(";Password=secret;SSL Mode=Require"))
                .run()));
  }

  @Test
  void a_role_that_may_not_be_taken() {
    refused("role-not-granted", 3, readable(program().run("--role", "postgres")));
  }

  @Test
  void a_role_that_there_is_not() {
    refused("role-missing", 3, readable(program().run("--role", "nobody knows")));
  }

  /// Names and ports differ from run to run.
  private Program.Result readable(Program.Result result) {
    return new Program.Result(
        result.code(),
        result.out(),
        result
            .err()
            .replace(database.name(), "DATABASE")
            .replace(database.owner(), "OWNER")
            .replaceAll("localhost:\\d+", "localhost:PORT"));
  }

  @Test
  void what_is_no_regular_file() throws IOException {
    Files.createSymbolicLink(path.resolve(TWO), Path.of("/dev/zero"));

    refused("no-regular-file", 3, program().run());
  }
}
