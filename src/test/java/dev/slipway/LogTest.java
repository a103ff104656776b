package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `Slipway__Output=json`: each line of both streams is an event, as .NET's console logger writes
/// it.
final class LogTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    new Folder(path)
        .write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);\n")
        .write("changelog/20240102000000_Two.sql", "CREATE TABLE größe (\"a\"\"b\" int);\n");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Slipway__Output", "json").with("Gateway", database);
  }

  private static void checked(String golden, int code, Program.Result result) {
    result.out().lines().forEach(LogTest::is_an_object);
    result.err().lines().forEach(LogTest::is_an_object);
    Golden.check("dev/slipway/log/" + golden + ".txt", masked(result.toString()));
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
  }

  private static String masked(String text) {
    return text.replaceAll(TIME, "TIME")
        .replaceAll("\\d+ ms", "N ms")
        .replaceAll("\"Milliseconds\":\\d+", "\"Milliseconds\":N");
  }

  private static void is_an_object(String line) {
    try (JsonParser parser = new JsonFactory().createParser(line)) {
      parser.nextToken();
      parser.skipChildren();
      assertThat(parser.nextToken()).as(line).isNull();
      assertThat(line).startsWith("{\"Timestamp\":");
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  @Test
  void migrations_and_the_summary() {
    checked("fresh", 0, program().run());
  }

  @Test
  void more_is_told_if_that_is_wanted() {
    checked("verbose", 0, program().run("--verbose"));
  }

  @Test
  void a_refusal_with_its_reason() {
    database.executeAsOwner("CREATE TABLE theirs (id int)");
    new Folder(path).write("changelog/slipway.yaml", "needs-clean-database: true\n");

    checked("not-clean", 6, program().run());
  }

  @Test
  void a_failure_in_four_parts() {
    new Folder(path).write("changelog/20240103000000_Three.sql", "SELECT 1;\nSELECT nothing;\n");

    checked("failure", 7, program().run());
  }

  @Test
  void a_migration_that_is_marked_and_one_that_is_passed_over() {
    new Folder(path)
        .write(
            "changelog/20240103000000_Three.sql",
            """
            --liquibase formatted sql
            --changeset ann:20240103000001_Marked
            --preconditions onFail:MARK_RAN
            --precondition-sql-check expectedResult:1 SELECT 2
            SELECT 1;
            --changeset ann:20240103000002_Passed
            --preconditions onFail:CONTINUE
            --precondition-sql-check expectedResult:1 SELECT 2
            SELECT 1;
            --changeset ann:20240103000003_GivenUp failOnError:false
            SELECT nothing;
            """);

    checked("conduct", 0, program().run());
  }

  @Test
  void settings_that_are_wrong_are_told_so_too() {
    checked("settings", 3, program().with("Slipway__LockTimeout", "soon").run());
  }

  @Test
  void what_no_changelog_is_for_is_a_notice() {
    new Folder(path).write("many/gateway/20240101000000_One.sql", "SELECT 1;\n");

    checked(
        "skipped",
        0,
        program()
            .with("ConnectionStrings__Other", "Host=localhost")
            .with("Slipway__Changelog", "many")
            .run());
  }

  @Test
  void answers_are_events_too() {
    checked("status", 1, program().run("status"));
  }

  @Test
  void the_option_wins_over_the_environment() {
    Program.Result result = program().run("--output", "text", "status");

    assertThat(result.out()).startsWith("pending   2024");
  }

  @Test
  void the_option_holds_for_a_command_line_that_is_wrong() {
    Program.Result result = Program.in(path).run("migrate", "--output", "json", "--nonsense");

    checked("usage", 2, result);
  }

  @Test
  void a_script_stays_a_script() {
    Program.Result result = program().run("script");

    assertThat(result.out()).startsWith("-- ").doesNotContain("\"Timestamp\"");
  }

  @Test
  void json_stays_one_object() {
    Program.Result result = program().run("status", "--json");

    assertThat(result.out()).startsWith("{\"databases\":[").hasLineCount(1);
  }

  @Test
  void another_output_is_refused() {
    Program.Result result = program().with("Slipway__Output", "xml").run();

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("text or json");
  }
}
