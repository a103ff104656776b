package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.history.HistorySql;
import dev.slipway.history.HistoryTable;
import dev.slipway.migration.HistoryDefinition;
import dev.slipway.sql.Identifier;
import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Until;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several runs at once, and runs beside other sessions that hold what they need.
@Tag("slow")
final class ConcurrencyTest {
  private static final int MIGRATIONS = 60;
  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));

  @BeforeEach
  void write_a_changelog() {
    folder =
        new Folder(path)
            .write("changelog/" + ONE + ".sql", "CREATE TABLE one (id int);")
            .write("changelog/" + TWO + ".sql", "CREATE TABLE two (id int);");
  }

  private Program program(TestDatabase database) {
    return Program.in(path).with("Gateway", database);
  }

  @Test
  void twenty_runs_at_once_apply_each_migration_once_on_the_newest_server() throws Exception {
    runs_at_once_apply_each_migration_once(TestServer.newest(), 20);
  }

  @Test
  void eight_runs_at_once_apply_each_migration_once_on_the_oldest_server() throws Exception {
    runs_at_once_apply_each_migration_once(TestServer.oldest(), 8);
  }

  private void runs_at_once_apply_each_migration_once(TestServer server, int runners)
      throws Exception {
    writeSixty();
    try (var database = TestDatabase.on(server)) {
      database.executeAsOwner("CREATE TABLE log (migration int)");
      List<Process> runs = new ArrayList<>();
      for (int i = 0; i < runners; i++) {
        runs.add(program(database).start());
      }

      List<CompletableFuture<Program.Result>> results = runs.stream().map(this::finishing).toList();

      for (CompletableFuture<Program.Result> result : results) {
        Program.Result got = result.get(BOUND.toSeconds(), TimeUnit.SECONDS);
        assertThat(got.code()).as(got.toString()).isZero();
      }
      assertThat(database.history()).hasSize(MIGRATIONS);
      assertThat(database.rows("SELECT count(*), count(DISTINCT migration) FROM log"))
          .containsExactly("59|59");
      assertThat(
              database.rows(
                  "SELECT indisvalid FROM pg_index WHERE indexrelid = 'log_index'::regclass"))
          .containsExactly("t");
    }
  }

  private CompletableFuture<Program.Result> finishing(Process process) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Program.finish(process);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private void writeSixty() {
    folder.delete("changelog/" + ONE + ".sql").delete("changelog/" + TWO + ".sql");
    for (int i = 0; i < MIGRATIONS; i++) {
      folder.write(
          "changelog/202401010000%02d_Number%d.sql".formatted(i, i),
          i == MIGRATIONS / 2
              ? "-- slipway: no-transaction\nCREATE INDEX CONCURRENTLY log_index ON log (migration);"
              : "CREATE TABLE t%d (id int);\nINSERT INTO log VALUES (%d);".formatted(i, i));
    }
  }

  /// A run that goes on beside the test.
  private CompletableFuture<Program.Result> beside(TestDatabase database, String... arguments) {
    return CompletableFuture.supplyAsync(
        () -> program(database).run(arguments), task -> Thread.ofVirtual().start(task));
  }

  private static Program.Result result(CompletableFuture<Program.Result> run) throws Exception {
    return run.get(BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  /// Holds the lock that runs on this history take, as another run would.
  private static void takeRunLock(Statement holder) throws SQLException {
    holder.execute("SET application_name = 'the other run'");
    holder.execute("SELECT pg_advisory_lock(%d)".formatted(lockKey()));
  }

  private static long lockKey() {
    var history =
        new HistoryTable(
            new Identifier("public"),
            HistoryDefinition.DEFAULT_TABLE,
            new Identifier("MigrationId"),
            new Identifier("ProductVersion"),
            Optional.empty(),
            HistoryTable.Presence.TABLE,
            Set.of());
    return new HistorySql(history).lockKey();
  }

  @Test
  void a_run_waits_for_another_and_names_it() throws Exception {
    try (var database = TestDatabase.create();
        Connection other = database.connect();
        Statement holder = other.createStatement()) {
      takeRunLock(holder);
      CompletableFuture<Program.Result> run = beside(database);
      Until.row(
          database,
          "SELECT 1 FROM pg_stat_activity WHERE starts_with(application_name, 'slipway')"
              + " AND datname = current_database() AND query LIKE '%pg_try_advisory_lock%'");

      holder.execute("SELECT pg_advisory_unlock_all()");

      Program.Result result = result(run);
      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err())
          .matches(
              "(?s)Gateway: waiting for the migration lock: pid \\d+ \\(the other run, user postgres.*");
      assertThat(database.history()).containsExactly(ONE, TWO);
    }
  }

  @Test
  void the_end_of_the_wait_for_another_run_names_it() throws Exception {
    try (var database = TestDatabase.create();
        Connection other = database.connect();
        Statement holder = other.createStatement()) {
      takeRunLock(holder);

      Program.Result result = program(database).run("--run-lock-wait", "1s");

      assertThat(result.code()).as(result.toString()).isEqualTo(5);
      assertThat(result.err())
          .contains("could not acquire the migration lock of database \"" + database.name() + "\"")
          .contains("  where   It is held by pid ")
          .contains("(the other run, user postgres")
          .contains("  state   nothing was changed\n")
          .contains("SELECT pg_terminate_backend(");
      assertThat(database.tables()).isEmpty();
    }
  }

  @Test
  void the_end_of_the_wait_for_another_run_names_it_in_json() throws Exception {
    try (var database = TestDatabase.create();
        Connection other = database.connect();
        Statement holder = other.createStatement()) {
      takeRunLock(holder);

      Program.Result result = program(database).run("--run-lock-wait", "0", "--json");

      assertThat(result.code()).as(result.toString()).isEqualTo(5);
      assertThat(result.out())
          .containsPattern(
              "\"holder\":\\{\"pid\":\\d+,\"application_name\":\"the other run\","
                  + "\"since\":\"[-0-9T:]+Z\"\\}");
    }
  }

  /// Its session lives on, with the lock; once that is ended, nothing is left of its work.
  @Test
  void a_frozen_run_is_named_and_another_goes_on_once_its_session_is_ended() throws Exception {
    folder.write("changelog/" + TWO + ".sql", "CREATE TABLE two ();\nSELECT pg_sleep(600);");
    try (var database = TestDatabase.create()) {
      Process frozen = program(database).start();
      Until.running(database, "SELECT pg_sleep(600)%");
      new ProcessBuilder(List.of("kill", "-STOP", Long.toString(frozen.pid()))).start().waitFor();

      Program.Result refused = program(database).run("--run-lock-wait", "1s");

      assertThat(refused.code()).as(refused.toString()).isEqualTo(5);
      assertThat(refused.err())
          .containsPattern(
              "It is held by pid \\d+ \\(slipway gateway %s, user %s.*pg_sleep"
                  .formatted(TWO, database.owner()))
          .containsPattern("end it with: SELECT pg_terminate_backend\\(\\d+\\)");
      database.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%'");
      folder.write("changelog/" + TWO + ".sql", "CREATE TABLE two ();");
      assertThat(program(database).run("--run-lock-wait", "30s").code()).isZero();
      assertThat(database.history()).containsExactly(ONE, TWO);
      frozen.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_run_that_has_nothing_to_do_waits_for_nobody() throws Exception {
    try (var database = TestDatabase.create();
        Connection other = database.connect();
        Statement holder = other.createStatement()) {
      program(database).run();
      takeRunLock(holder);

      Program.Result result = program(database).run();

      assertThat(result.code()).isZero();
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void what_another_run_is_applying_is_not_taken_for_partially_applied() throws Exception {
    folder.write(
        "changelog/" + TWO + ".sql",
        "-- slipway: no-transaction\nCREATE TABLE two (id int);\n"
            + "INSERT INTO gate VALUES (1);");
    try (var database = TestDatabase.create();
        Connection other = database.connect();
        Statement gate = other.createStatement()) {
      database.executeAsOwner("CREATE TABLE gate (id int PRIMARY KEY)");
      other.setAutoCommit(false);
      gate.execute("INSERT INTO gate VALUES (1)");
      CompletableFuture<Program.Result> first = beside(database, "--lock-timeout", "0");
      Until.running(database, "%INSERT INTO gate%");

      Program.Result status = program(database).run("status");
      CompletableFuture<Program.Result> second = beside(database);
      Until.row(
          database,
          """
          SELECT 1 FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE '%pg_try_advisory_lock%'""");
      other.rollback();

      assertThat(status.code()).as(status.toString()).isEqualTo(1);
      assertThat(status.err())
          .isEqualTo("notice: Gateway: a run is applying \"" + TWO + "\" at this moment\n");
      assertThat(result(first).code()).isZero();
      assertThat(result(second).code()).isZero();
      assertThat(database.history()).containsExactly(ONE, TWO);
    }
  }

  /// Locks the history as EF Core 9 and 10 do while they migrate.
  private static void migrateLikeEf(Connection other, Statement holder) throws SQLException {
    other.setAutoCommit(false);
    holder.execute("SET LOCAL application_name = 'ef'");
    holder.execute("LOCK TABLE \"__EFMigrationsHistory\" IN ACCESS EXCLUSIVE MODE");
  }

  private static void waitForReader(TestDatabase database) {
    Until.row(
        database,
        "SELECT 1 FROM pg_locks WHERE NOT granted"
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
  }

  private void goes_on_when_ef_is_done(int code, String... arguments) throws Exception {
    try (var database = TestDatabase.create();
        Connection other = database.connect();
        Statement holder = other.createStatement()) {
      program(database).run("--to", "One");
      migrateLikeEf(other, holder);
      Process run = program(database).with("Slipway__RunLockWait", "60s").start(arguments);
      String told = run.errorReader(StandardCharsets.UTF_8).readLine();

      other.commit();

      assertThat(told)
          .startsWith("Gateway: EF is migrating: waiting for its lock on the history: pid ")
          .contains("(ef, user postgres");
      assertThat(run.waitFor()).isEqualTo(code);
    }
  }

  @Test
  void status_waits_while_ef_is_migrating() throws Exception {
    goes_on_when_ef_is_done(1, "status");
  }

  @Test
  void a_run_waits_while_ef_is_migrating() throws Exception {
    goes_on_when_ef_is_done(0);
  }

  @Test
  void the_wait_for_ef_has_an_end() throws Exception {
    try (var database = TestDatabase.create();
        Connection other = database.connect();
        Statement holder = other.createStatement()) {
      program(database).run("--to", "One");
      migrateLikeEf(other, holder);

      Program.Result result = program(database).run("--run-lock-wait", "1s");

      assertThat(result.code()).as(result.toString()).isEqualTo(5);
      assertThat(result.err())
          .contains("could not lock the history table \"public\".\"__EFMigrationsHistory\"")
          .containsPattern("It is held by pid \\d+ \\(ef, user postgres")
          .contains("  state   nothing was changed\n")
          .containsPattern("end it with: SELECT pg_terminate_backend\\(\\d+\\)");
    }
  }

  @Test
  void the_end_of_the_wait_for_ef_names_it_in_json() throws Exception {
    try (var database = TestDatabase.create();
        Connection other = database.connect();
        Statement holder = other.createStatement()) {
      program(database).run("--to", "One");
      migrateLikeEf(other, holder);

      Program.Result result = program(database).run("--run-lock-wait", "1s", "--json");

      assertThat(result.code()).as(result.toString()).isEqualTo(5);
      assertThat(result.out())
          .containsPattern("\"holder\":\\{\"pid\":\\d+,\"application_name\":\"ef\",\"since\":");
    }
  }

  /// A session that records, as EF 8 does, without a lock that keeps readers out.
  private static void recordLikeEf(Connection other, Statement holder) throws SQLException {
    other.setAutoCommit(false);
    holder.execute("SET LOCAL application_name = 'ef'");
    holder.execute("CREATE TABLE two (id int)");
    holder.execute("INSERT INTO \"__EFMigrationsHistory\" VALUES ('" + TWO + "', '8.0.0')");
  }

  @Test
  void what_somebody_else_records_while_a_run_waits_is_not_applied_twice() throws Exception {
    try (var database = TestDatabase.create();
        Connection other = database.connect();
        Statement holder = other.createStatement()) {
      program(database).run("--to", "One");
      recordLikeEf(other, holder);
      CompletableFuture<Program.Result> run = beside(database);
      waitForReader(database);

      other.commit();

      Program.Result result = result(run);
      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err())
          .contains("notice: Gateway: " + TWO + " was applied by somebody else");
      assertThat(result.out())
          .isEqualTo("Gateway: nothing to do, up-to-date at " + TWO + " (2 applied)\n");
      assertThat(database.history()).containsExactly(ONE, TWO);
    }
  }

  @Test
  void a_run_that_waits_for_a_writer_of_the_history_names_it() throws Exception {
    try (var database = TestDatabase.create();
        Connection other = database.connect();
        Statement holder = other.createStatement()) {
      program(database).run("--to", "One");
      recordLikeEf(other, holder);

      Program.Result result = program(database).run("--run-lock-wait", "2s");

      assertThat(result.code()).as(result.toString()).isEqualTo(5);
      assertThat(result.err())
          .contains("Gateway: EF is migrating: waiting for its lock on the history: pid ")
          .containsPattern("  where   It is held by pid \\d+ \\(ef, user postgres")
          .contains("  state   rolled back; 0 of 1 applied\n");
      other.rollback();
      assertThat(database.history()).containsExactly(ONE);
    }
  }
}
