package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
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
  void a_connection_string_that_is_skipped_by_a_slip_is_warned_of() {
    Program.Result result =
        Program.in(path).with("Gatway", gateway).with("Validator", validator).run();

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err())
        .isEqualTo(
            "warning: no changelog for connection string \"Gatway\": skipped;"
                + " did you mean ConnectionStrings__gateway?\n");
  }

  @Test
  void a_folder_that_has_its_connection_string_is_not_proposed_to_another() {
    Program.Result result = program().with("ConnectionStrings__Gateway2", "Host=x").run();

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err())
        .isEqualTo("notice: no changelog for connection string \"Gateway2\": skipped\n");
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
  void a_failure_of_one_stops_the_others_where_that_is_wanted() {
    folder.write("changelog/gateway/" + ONE + ".sql", "SELECT 1/0;");

    Program.Result result = program().run("--stop-on-error");

    assertThat(result.code()).isEqualTo(7);
    assertThat(result.out())
        .contains(
            "Validator: not begun, since another database failed, empty (0 applied, 1 pending)");
    assertThat(validator.tables()).isEmpty();
  }

  @Test
  void one_that_cannot_be_looked_at_stops_all_work_where_that_is_wanted() {
    Program.Result result =
        program()
            .with("ConnectionStrings__Validator", "Host=localhost;Port=1;Database=v;Username=v")
            .with("Slipway__StartWait", "0")
            .with("Slipway__StopOnError", "true")
            .run();

    assertThat(result.code()).isEqualTo(4);
    assertThat(gateway.tables()).isEmpty();
  }

  /// Each waits for a session of the other, which it sees only if both run at the same time.
  @Test
  void several_are_worked_on_side_by_side() {
    folder
        .write("changelog/gateway/" + ONE + ".sql", waitFor(validator))
        .write("changelog/validator/" + ONE + ".sql", waitFor(gateway));

    Program.Result result = program().run("--parallel", "2");

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(gateway.history()).hasSize(1);
    assertThat(validator.history()).hasSize(1);
  }

  /// The sleep is the server's, and bounds the waiting.
  private static String waitFor(TestDatabase other) {
    return """
        DO $$
        BEGIN
            FOR i IN 1..400 LOOP
                PERFORM pg_stat_clear_snapshot();
                IF EXISTS (SELECT FROM pg_stat_activity WHERE datname = '%s') THEN
                    PERFORM pg_sleep(0.1);
                    RETURN;
                END IF;
                PERFORM pg_sleep(0.05);
            END LOOP;
            RAISE EXCEPTION 'alone';
        END $$;
        """
        .formatted(other.name());
  }

  /// Liquibase keeps what it is at in one place for a thread and all that it has begun since.
  @Test
  void changelogs_of_Liquibase_are_compiled_side_by_side() {
    for (String name : List.of("gateway", "validator")) {
      folder
          .delete("changelog/" + name + "/" + ONE + ".sql")
          .write("changelog/" + name + "/changelog.yaml", tables(name, 150));
    }
    program().run("script", "--database", "gateway");

    Program.Result result = program().run("--parallel", "2");

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(gateway.tables()).hasSize(152).contains("public.gateway_149");
    assertThat(validator.tables()).hasSize(152).contains("public.validator_149");
  }

  private static String tables(String prefix, int count) {
    var yaml = new StringBuilder("databaseChangeLog:\n");
    for (int i = 0; i < count; i++) {
      yaml.append(
          """
            - changeSet:
                id: "20240101%06d_%s"
                author: team
                changes:
                  - createTable:
                      tableName: %2$s_%1$d
                      columns:
                        - column: {name: id, type: int, constraints: {primaryKey: true}}
          """
              .formatted(i, prefix));
    }
    return yaml.toString();
  }

  @Test
  void more_than_a_hundred_side_by_side_are_refused() {
    Program.Result result = program().run("--parallel", "101");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("Write a whole number from 1 to 100.");
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
