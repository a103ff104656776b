package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Client;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `slipway script` as it is called: what it writes, and where to.
final class ScriptCommandTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String THREE = "20240103000000_Three";
  private static final Pattern BLOCK = Pattern.compile("(?m)^-- (\\d{14}_\\w+)$");

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    folder =
        new Folder(path)
            .write("changelog/" + ONE + ".sql", "CREATE TABLE one (größe int);\n")
            .write("changelog/" + TWO + ".sql", "CREATE TABLE two (id int);\n")
            .write("changelog/" + THREE + ".sql", "CREATE TABLE three (id int);\n");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  /// Without a database.
  private Program program() {
    return Program.in(path);
  }

  private Program withDatabase() {
    return program().with("Gateway", database);
  }

  private static Program.Result succeeds(Program.Result result) {
    assertThat(result.code()).as(result.toString()).isZero();
    return result;
  }

  private static void refused(String golden, int code, Program.Result result) {
    Golden.check("dev/slipway/script/command/" + golden + ".txt", result.toString());
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
  }

  private String text(String file) throws IOException {
    return Files.readString(path.resolve(file));
  }

  private List<String> files(String of) throws IOException {
    try (Stream<Path> files = Files.list(path.resolve(of))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static List<String> blocks(String script) {
    return BLOCK
        .matcher(script)
        .results()
        .map(MatchResult::group)
        .map(s -> s.substring(3))
        .toList();
  }

  private void psql(String file) {
    Client.psql(database, List.of(path.resolve(file)));
  }

  @Test
  void a_file_gets_the_bytes_that_stdout_gets() throws IOException {
    Program.Result printed = succeeds(program().run("script"));
    Program.Result written = succeeds(program().run("script", "-o", "new/script.sql"));

    assertThat(text("new/script.sql")).isEqualTo(printed.out()).contains("one (größe int)");
    assertThat(written.out()).isEqualTo("changelog: 3 migrations written to new/script.sql\n");
    assertThat(files("new")).containsExactly("script.sql");
  }

  @Test
  void the_bytes_depend_on_nothing_but_the_changelog() throws IOException {
    String script = succeeds(program().run("script")).out();

    assertThat(succeeds(program().run("script")).out()).isEqualTo(script);
    assertThat(
            succeeds(
                    Program.in(path.resolve("changelog"))
                        .run("script", "--changelog", path.resolve("changelog").toString()))
                .out())
        .isEqualTo(script);
    assertThat(
            succeeds(
                    Program.in(Files.createDirectories(path.resolve("a/b")))
                        .run("script", "--changelog", "../../changelog"))
                .out())
        .isEqualTo(script);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar EG", "tr TR", "hi IN"})
  void the_bytes_are_the_same_whatever_language_encoding_and_time_zone(String language)
      throws Exception {
    String[] parts = language.split(" ", -1);
    Process process =
        program()
            .with("LC_ALL", "C")
            .with(
                "JAVA_TOOL_OPTIONS",
                "-Duser.language=%s -Duser.country=%s -Duser.timezone=Asia/Kathmandu"
                        .formatted(parts[0], parts[1])
                    + " -Dstdout.encoding=US-ASCII")
            .start("script");

    assertThat(Program.finish(process).out()).isEqualTo(program().run("script").out());
  }

  @Test
  void a_line_feed_in_a_name_does_not_end_a_comment() {
    new Folder(path)
        .write("a\nDROP/x\nDROP.sql", "--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n");

    Program.Result result =
        Program.in(path)
            .run("script", "--changelog", "a\nDROP/x\nDROP.sql", "--history-schema", "b\nDROP");

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.out().substring(0, result.out().indexOf("\nDO "))).doesNotContain("\nDROP");
    assertThat(result.out()).contains("\n-- x DROP.sql:");
  }

  @Test
  void no_path_of_the_machine_is_in_it() {
    folder.write(
        "liquibase/changelog.xml",
        """
        <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
          <changeSet id="20240101000000_One" author="ann">
            <preConditions onFail="WARN"><sqlCheck expectedResult="1">SELECT 1</sqlCheck></preConditions>
            <createTable tableName="one">
              <column name="id" type="int"><constraints foreignKeyName="fk"/></column>
            </createTable>
          </changeSet>
        </databaseChangeLog>
        """);

    String script =
        succeeds(program().run("script", "--changelog", path.resolve("liquibase").toString()))
            .out();

    assertThat(script)
        .contains(
            """
            -- liquibase/changelog.xml:2
            -- warning: liquibase/changelog.xml:5: foreignKeyName of createTable has no effect:\
            """)
        .doesNotContain(path.toString());
  }

  @Test
  void an_existing_file_is_replaced_and_a_link_to_it_stays() throws IOException {
    folder.write("real/script.sql", "before").link("script.sql", "real/script.sql");

    succeeds(program().run("script", "-o", "script.sql"));

    assertThat(path.resolve("script.sql")).isSymbolicLink();
    assertThat(text("real/script.sql")).isEqualTo(program().run("script").out());
    assertThat(files("real")).containsExactly("script.sql");
  }

  @Test
  void a_folder_gets_a_file_with_the_databases_name() throws IOException {
    folder.write("out/.keep", "");

    succeeds(withDatabase().run("script", "-o", "out"));

    assertThat(files("out")).containsExactly(".keep", "gateway.sql");
  }

  @Test
  void a_folder_in_place_of_the_file_is_no_place() {
    folder.write("out/changelog.sql/file", "");

    refused("folder-in-place-of-file", 3, program().run("script", "-o", "out"));
  }

  @Test
  void a_file_in_place_of_the_folder_is_no_place() {
    folder.write("out", "");

    refused("file-in-place-of-folder", 3, program().run("script", "-o", "out/script.sql"));
  }

  @Test
  void a_file_that_cannot_be_written_whole_stays_as_it_was() throws Exception {
    folder.write("out/script.sql", "before");
    List<String> smallFiles = List.of("sh", "-c", "ulimit -f 8; exec \"$@\"", "sh");

    Program.Result result =
        Program.finish(
            program()
                .with("JAVA_TOOL_OPTIONS", "-XX:-UsePerfData")
                .startWithin(smallFiles, "script", "-o", "out/script.sql"));

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err()).contains("error: could not write the script to \"out/script.sql\"\n");
    assertThat(files("out")).containsExactly("script.sql");
    assertThat(text("out/script.sql")).isEqualTo("before");
  }

  @Test
  void a_full_disk_is_told() throws Exception {
    List<String> onFullDisk = List.of("sh", "-c", "exec \"$@\" > /dev/full", "sh");

    refused("stdout-full", 3, Program.finish(program().startWithin(onFullDisk, "script")));
    refused("device-full", 3, program().run("script", "-o", "/dev/full"));
  }

  @ParameterizedTest
  @CsvSource({
    "--from One, 20240102000000_Two 20240103000000_Three",
    "--to two, 20240101000000_One 20240102000000_Two",
    "--from One --to Two, 20240102000000_Two",
    "--from Two --to Two, ''",
    "--to head, 20240101000000_One 20240102000000_Two 20240103000000_Three"
  })
  void from_is_left_out_and_to_is_the_last(String options, String expected) {
    String script = succeeds(program().run(("script " + options).split(" ", -1))).out();

    assertThat(String.join(" ", blocks(script))).isEqualTo(expected);
  }

  @Test
  void what_comes_behind_from_needs_what_comes_before() throws IOException {
    succeeds(program().run("script", "--from", "One", "-o", "rest.sql"));
    succeeds(withDatabase().run("migrate", "--to", "One"));

    psql("rest.sql");

    assertThat(database.history()).containsExactly(ONE, TWO, THREE);
  }

  @ParameterizedTest
  @CsvSource({
    "unknown-from, --from Four",
    "unknown-to, --to Four",
    "from-behind-to, --from Three --to One",
    "from-and-pending, --from One --pending",
    "json-on-stdout, --json",
    "pending-json-on-stdout, --pending --json"
  })
  void options_that_do_not_go_together_are_refused(String golden, String options) {
    refused(golden, 2, withDatabase().run(("script " + options).split(" ", -1)));
  }

  @Test
  void pending_is_what_the_database_lacks() throws IOException {
    succeeds(withDatabase().run("migrate", "--to", "One"));

    succeeds(withDatabase().run("script", "--pending", "--to", "Two", "-o", "pending.sql"));
    psql("pending.sql");

    assertThat(blocks(text("pending.sql"))).containsExactly(TWO);
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void a_script_of_nothing_pending_does_nothing() throws IOException {
    succeeds(withDatabase().run());
    List<String> before = database.rows("SELECT * FROM slipway_journal ORDER BY 1, 2");

    succeeds(withDatabase().run("script", "--pending", "-o", "pending.sql"));
    psql("pending.sql");

    assertThat(text("pending.sql")).contains("-- Changelog changelog: nothing to do\n");
    assertThat(database.rows("SELECT * FROM slipway_journal ORDER BY 1, 2")).isEqualTo(before);
  }

  @Test
  void a_conflict_leaves_the_file_as_it_was() throws IOException {
    succeeds(withDatabase().run());
    folder
        .write("changelog/" + ONE + ".sql", "CREATE TABLE one (id bigint);")
        .write("pending.sql", "before");

    Program.Result text = withDatabase().run("script", "--pending", "-o", "pending.sql");
    Program.Result json = withDatabase().run("script", "--pending", "-o", "pending.sql", "--json");

    refused("conflict", 6, text);
    refused("conflict-json", 6, json);
    assertThat(text("pending.sql")).isEqualTo("before");
  }

  private void writeTwoChangelogs() {
    folder
        .write("all/gateway/" + ONE + ".sql", "CREATE TABLE gateway (id int);")
        .write("all/miner/" + TWO + ".sql", "CREATE TABLE miner (id int);");
  }

  @Test
  void several_databases_get_a_file_each() throws IOException {
    writeTwoChangelogs();

    Program.Result result =
        succeeds(program().run("script", "--changelog", "all", "-o", "out/", "--json"));

    assertThat(files("out")).containsExactly("gateway.sql", "miner.sql");
    assertThat(blocks(text("out/gateway.sql"))).containsExactly(ONE);
    assertThat(blocks(text("out/miner.sql"))).containsExactly(TWO);
    assertThat(result.out())
        .isEqualTo(
            "{\"databases\":[{\"name\":\"gateway\",\"file\":\"out/gateway.sql\",\"migrations\":[\"%s\"]},"
                    .formatted(ONE)
                + "{\"name\":\"miner\",\"file\":\"out/miner.sql\",\"migrations\":[\"%s\"]}]}\n"
                    .formatted(TWO));
  }

  @Test
  void a_script_is_told_by_the_name_of_its_connection_string() throws IOException {
    writeTwoChangelogs();
    Program program = withDatabase();

    Program.Result all = succeeds(program.run("script", "--changelog", "all", "-o", "out/"));
    Program.Result named =
        succeeds(
            program.run("script", "--changelog", "all", "--database", "gateway", "-o", "one/"));

    assertThat(all.out())
        .isEqualTo(
            """
            Gateway: 1 migration written to out/gateway.sql
            miner: 1 migration written to out/miner.sql
            """);
    assertThat(named.out()).isEqualTo("Gateway: 1 migration written to one/gateway.sql\n");
    assertThat(files("out")).containsExactly("gateway.sql", "miner.sql");
  }

  @Test
  void one_of_several_databases_is_named() {
    writeTwoChangelogs();

    Program.Result result =
        succeeds(program().run("script", "--changelog", "all", "--database", "Miner"));

    assertThat(blocks(result.out())).containsExactly(TWO);
  }

  @Test
  void a_database_is_named_by_its_folder_beside_connection_strings_of_others() {
    writeTwoChangelogs();

    Program.Result result =
        succeeds(withDatabase().run("script", "--changelog", "all", "--database", "Miner"));

    assertThat(blocks(result.out())).containsExactly(TWO);
  }

  @Test
  void several_databases_need_a_folder() throws IOException {
    writeTwoChangelogs();
    Program all = program().with("Slipway__Changelog", "all");

    refused("several", 2, all.run("script"));
    refused("several-one-file", 2, all.run("script", "-o", "out.sql"));
    assertThat(files(".")).containsExactly("all", "changelog");
  }

  @Test
  void where_one_of_several_databases_fails_nothing_is_written() throws IOException {
    writeTwoChangelogs();
    Program all =
        withDatabase()
            .with("Slipway__Changelog", "all")
            .with("ConnectionStrings__Miner", database.connectionString(";Database=nowhere"));

    Program.Result result = all.run("script", "--pending", "-o", "out/");

    assertThat(result.code()).as(result.toString()).isEqualTo(4);
    assertThat(path.resolve("out")).doesNotExist();
  }

  @Test
  void a_database_of_no_connection_string_is_refused() {
    refused("unknown-database", 3, withDatabase().run("script", "--database", "Gatway"));
    assertThat(program().run("script", "--database", "Gatway").code()).isZero();
  }

  @Test
  void the_search_path_is_the_connection_strings() throws IOException {
    database.executeAsOwner("CREATE SCHEMA app");
    Program program =
        program()
            .with(
                "ConnectionStrings__Gateway",
                database.connectionString(";Search Path=\"app,public\""));

    succeeds(program.run("script", "-o", "script.sql"));
    psql("script.sql");

    assertThat(database.tables())
        .containsExactly(
            "app.__EFMigrationsHistory", "app.one", "app.slipway_journal", "app.three", "app.two");
  }

  @Test
  void history_table_and_schema_are_settings() throws IOException {
    database.executeAsOwner("CREATE SCHEMA kept");
    folder.write("changelog/slipway.yaml", "history-table: my_history\n");

    succeeds(program().with("Slipway__HistorySchema", "kept").run("script", "-o", "script.sql"));
    psql("script.sql");

    assertThat(database.tables())
        .contains("kept.my_history", "kept.slipway_journal", "public.one")
        .doesNotContain("public.__EFMigrationsHistory", "public.slipway_journal");
    assertThat(withDatabase().with("Slipway__HistorySchema", "kept").run("status").out())
        .contains("up-to-date at " + THREE);
  }

  @Test
  void every_problem_of_every_changelog_is_listed() {
    writeTwoChangelogs();
    folder
        .write("all/gateway/" + THREE + ".sql", "BEGIN;")
        .write("all/miner/" + THREE + ".sql", "\\i x");

    refused("several-problems", 3, program().run("script", "--changelog", "all", "-o", "out/"));
    assertThat(path.resolve("out")).doesNotExist();
  }

  @Test
  void plain_refuses_what_needs_psql() {
    folder.write("changelog/" + TWO + ".sql", "-- slipway: no-transaction\nVACUUM;\n");

    refused("plain", 3, program().run("script", "--plain"));
    assertThat(program().run("script", "--plain", "--to", "One").code()).isZero();
  }

  /// Read this file as the one who is to run it would.
  @Test
  void a_script_can_be_read() {
    Program.Result result =
        succeeds(
            Program.in(Path.of("src/test/resources/dev/slipway/script/readable")).run("script"));

    Golden.check("dev/slipway/script/readable/script.sql", result.out());
  }
}
