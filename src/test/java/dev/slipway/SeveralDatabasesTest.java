package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A folder with a changelog per database.
final class SeveralDatabasesTest {
  private static final String ONE = "20240101000000_One";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase gateway = TestDatabase.create();
  private final TestDatabase validator = TestDatabase.create();

  @BeforeEach
  void write_two_changelogs() {
    folder =
        new Folder(path)
            .write("changelog/README.md", "Two changelogs.")
            .write("changelog/gateway/" + ONE + ".sql", "CREATE TABLE g (id int);")
            .write("changelog/validator/" + ONE + ".sql", "CREATE TABLE v (id int);");
  }

  @AfterEach
  void drop_the_databases() {
    gateway.close();
    validator.close();
  }

  private Program program() {
    return Program.in(path).with("Gateway", gateway).with("Validator", validator);
  }

  @Test
  void each_database_gets_the_changelog_of_its_name() {
    Program.Result result = program().run();

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(gateway.tables()).contains("public.g").doesNotContain("public.v");
    assertThat(validator.tables()).contains("public.v").doesNotContain("public.g");
  }

  @Test
  void the_named_database_alone_is_worked_on() {
    program().run("--database", "validator");

    assertThat(gateway.tables()).isEmpty();
    assertThat(validator.history()).hasSize(1);
  }

  @Test
  void a_connection_string_without_a_changelog_is_named_and_skipped() {
    Program.Result result =
        program().with("ConnectionStrings__Cache", "localhost:6379,ssl=true").run();

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err())
        .isEqualTo("notice: no changelog for connection string \"Cache\": skipped\n");
  }

  @Test
  void a_failure_of_one_does_not_stop_the_other() {
    folder.write("changelog/gateway/" + ONE + ".sql", "SELECT 1/0;");

    Program.Result result = program().run();

    assertThat(result.code()).isEqualTo(7);
    assertThat(gateway.history()).isEmpty();
    assertThat(validator.history()).hasSize(1);
  }

  @Test
  void a_database_that_cannot_be_reached_does_not_stop_the_other() {
    gateway.close();

    Program.Result result = program().run();

    assertThat(result.code()).isEqualTo(4);
    assertThat(validator.history()).hasSize(1);
  }

  @Test
  void the_gravest_failure_is_the_exit_code() {
    gateway.close();
    folder.write("changelog/validator/" + ONE + ".sql", "SELECT 1/0;");

    Program.Result result = program().run();

    assertThat(result.code()).as(result.toString()).isEqualTo(7);
  }

  @Test
  void the_gravest_standing_is_the_answer_of_status() {
    program().run("--database", "gateway");
    folder.write("changelog/gateway/" + ONE + ".sql", "SELECT 1;");

    Program.Result result = program().run("status");

    assertThat(result.code()).as(result.toString()).isEqualTo(6);
    assertThat(result.out()).contains("Validator: empty (0 applied, 1 pending)\n");
  }

  @Test
  void a_changelog_problem_of_one_stops_all_before_any_is_touched() {
    folder.write("changelog/validator/2024_Bad.sql", "SELECT 1;");

    Program.Result result = program().run();

    assertThat(result.code()).isEqualTo(3);
    assertThat(gateway.tables()).isEmpty();
    assertThat(validator.tables()).isEmpty();
  }

  @Test
  void statements_of_one_that_cannot_be_sent_stop_all_before_any_is_touched() {
    folder.write("changelog/validator/" + ONE + ".sql", "VACUUM;");

    Program.Result result = program().run();

    assertThat(result.code()).isEqualTo(3);
    assertThat(gateway.tables()).isEmpty();
    assertThat(validator.tables()).isEmpty();
  }

  @Test
  void the_problems_of_all_changelogs_are_listed_together() {
    folder
        .write("changelog/gateway/2024_Bad.sql", "SELECT 1;")
        .write("changelog/validator/2024_Worse.sql", "SELECT 1;");

    Program.Result result = program().run();

    assertThat(result.err()).contains("2024_Bad.sql:1").contains("2024_Worse.sql:1");
  }

  @Test
  void a_connection_string_that_is_malformed_stops_all_before_any_is_touched() {
    Program.Result result = program().with("ConnectionStrings__Gateway", "Host=h;Prt=1").run();

    assertThat(result.code()).isEqualTo(3);
    assertThat(validator.tables()).isEmpty();
  }
}
