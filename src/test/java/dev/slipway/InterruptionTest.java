package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.FakeServer;
import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signals, kills and sessions that end in the middle.
@Tag("slow")
final class InterruptionTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String SLEEPING = "SELECT pg_sleep(600)%";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog_with_a_long_second_migration() {
    folder =
        new Folder(path)
            .write("changelog/" + ONE + ".sql", "CREATE TABLE one (id int);")
            .write(
                "changelog/" + TWO + ".sql", "CREATE TABLE two (id int);\nSELECT pg_sleep(600);");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private static void signal(String name, Process process)
      throws IOException, InterruptedException {
    new ProcessBuilder(List.of("kill", "-" + name, Long.toString(process.pid()))).start().waitFor();
  }

  private void is_stopped_by(String signal, int code) throws Exception {
    Process process = program().start();
    Until.running(database, SLEEPING);
    long begin = System.nanoTime();

    signal(signal, process);

    Program.Result result = Program.finish(process);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    assertThat(result.err())
        .contains("error: Gateway: stopped by a signal\n")
        .contains(TWO + ".sql:2, statement 2 of 2 (SELECT), SQLSTATE 57014")
        .contains("  state   rolled back; 1 of 2 applied, " + ONE + " is the last\n")
        .contains("  next    Run slipway again to go on");
    Until.alone(database);
    assertThat(database.tables()).doesNotContain("public.two");
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void sigterm_cancels_rolls_back_and_says_so() throws Exception {
    is_stopped_by("TERM", 143);
  }

  @Test
  void sigint_cancels_rolls_back_and_says_so() throws Exception {
    is_stopped_by("INT", 130);
  }

  @Test
  void sigterm_ends_the_wait_for_a_server() throws Exception {
    Process process =
        Program.in(path)
            .with(
                "ConnectionStrings__Gateway",
                "Host=127.0.0.1;Port=%d;Username=u;Database=d".formatted(FakeServer.unusedPort()))
            .start();
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    assertThat(err.readLine()).contains("waiting for the server");

    long begin = System.nanoTime();
    signal("TERM", process);

    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    assertThat(err.lines())
        .contains("error: Gateway: stopped by a signal", "  state   nothing was changed");
  }

  @Test
  void a_stopped_run_prints_its_json() throws Exception {
    Process process = program().start("--json");
    Until.running(database, SLEEPING);

    signal("TERM", process);

    Program.Result result = Program.finish(process);
    assertThat(result.out()).contains("\"kind\":\"interrupted\"").endsWith("}\n");
  }

  @Test
  void a_stopped_run_leaves_no_lock_to_the_next() throws Exception {
    Process process = program().start();
    Until.running(database, SLEEPING);
    signal("TERM", process);
    Program.finish(process);
    folder.write("changelog/" + TWO + ".sql", "CREATE TABLE two (id int);");

    Program.Result next = program().run("--run-lock-wait", "5s");

    assertThat(next.code()).as(next.toString()).isZero();
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void a_stopped_run_does_not_begin_with_the_next_database() throws Exception {
    folder.write("all/a/" + ONE + ".sql", "SELECT pg_sleep(600);");
    folder.write("all/b/" + ONE + ".sql", "CREATE TABLE b (id int);");
    try (var other = TestDatabase.create()) {
      Process process =
          Program.in(path).with("A", database).with("B", other).start("--changelog", "all");
      Until.running(database, SLEEPING);

      signal("TERM", process);

      Program.Result result = Program.finish(process);
      assertThat(result.code()).isEqualTo(143);
      assertThat(result.err()).contains("error: B: stopped by a signal\n");
      Until.alone(other);
      assertThat(other.tables()).isEmpty();
    }
  }

  @Test
  void a_stopped_migration_without_a_transaction_says_how_far_it_came() throws Exception {
    folder.write(
        "changelog/" + TWO + ".sql",
        "-- slipway: no-transaction\nCREATE TABLE two (id int);\nSELECT pg_sleep(600);\nSELECT 3;");
    Process process = program().start();
    Until.running(database, SLEEPING);

    signal("TERM", process);

    Program.Result result = Program.finish(process);
    assertThat(result.code()).as(result.toString()).isEqualTo(143);
    assertThat(result.err())
        .contains("  state   " + TWO + " is partially applied: 1 of 3 statements took effect\n");
    assertThat(program().run("status").code()).isEqualTo(8);
  }

  @Test
  void a_killed_runs_transaction_ends_by_itself_and_is_rolled_back() throws Exception {
    Process process = program().start();
    Until.running(database, SLEEPING);
    long begin = System.nanoTime();

    process.destroyForcibly().waitFor();

    Until.alone(database);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    assertThat(database.tables()).doesNotContain("public.two");
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void the_next_run_waits_for_the_end_of_a_killed_one() throws Exception {
    Process process = program().start();
    Until.running(database, SLEEPING);
    process.destroyForcibly().waitFor();
    folder.write("changelog/" + TWO + ".sql", "CREATE TABLE two (id int);");

    Program.Result next = program().run("--run-lock-wait", "20s");

    assertThat(next.code()).as(next.toString()).isZero();
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  /// What a migration that is sent in steps sees.
  private void writeLooks() {
    folder.write(
        "changelog/" + TWO + ".sql",
        """
        CREATE TABLE looks AS SELECT current_setting('client_connection_check_interval') AS often,
          current_setting('tcp_keepalives_idle') AS idle;
        SELECT 1;
        """);
  }

  @Test
  void the_server_looks_for_a_killed_run_and_for_a_machine_that_has_gone() {
    writeLooks();

    Program.Result result = program().run();

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(database.rows("TABLE looks")).containsExactly("2s|30");
  }

  @Test
  void how_often_the_server_looks_for_a_killed_run_can_be_its_own_setting() {
    writeLooks();
    database.execute(
        "ALTER ROLE %1$s SET client_connection_check_interval = '7s'; ALTER ROLE %1$s SET tcp_keepalives_idle = 60"
            .formatted(database.owner()));

    Program.Result result = program().run();

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(database.rows("TABLE looks")).containsExactly("7s|60");
  }

  private void terminate() {
    database.execute(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND starts_with(application_name, 'slipway')""");
  }

  @Test
  void a_session_that_is_ended_in_the_middle_is_a_lost_connection() throws Exception {
    Process process = program().start();
    Until.running(database, SLEEPING);

    terminate();

    Program.Result result = Program.finish(process);
    assertThat(result.code()).as(result.toString()).isEqualTo(4);
    assertThat(result.err())
        .contains("terminating connection due to administrator command")
        .contains("  state   rolled back; 1 of 2 applied, " + ONE + " is the last\n")
        .contains("  next    Run slipway again when the server is there");
    folder.write("changelog/" + TWO + ".sql", "CREATE TABLE two (id int);");
    assertThat(program().run().code()).isZero();
  }

  @Test
  void a_session_that_is_ended_by_a_deferred_trigger_has_not_committed() {
    folder.write(
        "changelog/" + TWO + ".sql",
        """
        CREATE TABLE two (id int);
        CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_terminate_backend(pg_backend_pid());
          PERFORM pg_sleep(60);
          RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON two DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION leave();
        INSERT INTO two VALUES (1);
        """);

    Program.Result result = program().run();

    assertThat(result.code()).as(result.toString()).isEqualTo(4);
    assertThat(result.err())
        .contains("terminating connection due to administrator command")
        .contains("  state   rolled back; 1 of 2 applied, " + ONE + " is the last\n");
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void a_server_that_does_not_answer_in_time_is_not_told_as_rolled_back() throws Exception {
    folder.write(
        "changelog/" + TWO + ".sql",
        """
        DO $$ BEGIN PERFORM pg_sleep(600);
        EXCEPTION WHEN query_canceled THEN PERFORM pg_sleep(3); END $$;
        """);
    for (String json : new String[] {"", "--json"}) {
      Process process = json.isEmpty() ? program().start() : program().start(json);
      Until.running(database, "%pg_sleep(600)%");

      signal("TERM", process);

      Program.Result result = Program.finish(process);
      assertThat(result.code()).as(result.toString()).isEqualTo(143);
      if (json.isEmpty()) {
        assertThat(result.err())
            .contains("error: stopped by a signal\n  where   The server was asked to cancel, and")
            .contains("  state   not known\n");
      } else {
        assertThat(result.out()).hasLineCount(1).startsWith("{\"error\":{\"kind\":\"interrupted\"");
      }
      Until.alone(database);
      database.execute(
          "DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = '" + TWO + "'");
    }
  }

  /// Once the first was so slow that its moment was over, it shows nothing; so there are some
  /// tries.
  @Test
  void a_second_signal_ends_the_run_at_once() throws Exception {
    folder.write(
        "changelog/" + TWO + ".sql",
        """
        DO $$ BEGIN PERFORM pg_sleep(600);
        EXCEPTION WHEN query_canceled THEN
          PERFORM set_config('application_name', 'cancelled', true);
          PERFORM pg_sleep(600);
        END $$;
        """);
    List<String> told = new ArrayList<>();
    for (int i = 0; i < 5 && !told.contains(""); i++) {
      Process process = program().start();
      Until.running(database, "%pg_sleep(600)%");
      signal("TERM", process);
      Until.row(
          database,
          "SELECT 1 FROM pg_stat_activity"
              + " WHERE datname = current_database() AND application_name = 'cancelled'");

      signal("INT", process);

      Program.Result result = Program.finish(process);
      assertThat(result.code()).isIn(130, 143);
      told.add(result.code() == 130 ? result.err() : "too late");
      database.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND application_name = 'cancelled'");
      Until.alone(database);
    }

    assertThat(told).contains("");
  }
}
