package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.migration.Condition;
import dev.slipway.migration.Conduct;
import dev.slipway.migration.Precondition.Otherwise;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import dev.slipway.testing.CuttingProxy;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Migrations whose statements run one by one, and what is left when one of them breaks.
@Tag("slow")
final class NonTransactionalTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String MARK = "-- slipway: no-transaction\n";
  private static final String INDEXES =
      """
      SELECT c.relname, i.indisvalid FROM pg_index AS i
      JOIN pg_class AS c ON c.oid = i.indexrelid
      WHERE i.indrelid = 'one'::regclass ORDER BY 1""";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    folder =
        new Folder(path)
            .write(
                "changelog/" + ONE + ".sql",
                "CREATE TABLE one (id int); INSERT INTO one VALUES (1), (1);");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private void two(String statements) {
    folder.write("changelog/" + TWO + ".sql", MARK + statements);
  }

  private Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  @Test
  void an_index_is_built_concurrently() {
    two("CREATE INDEX CONCURRENTLY one_id ON one (id);");

    ends(0, program().run());

    assertThat(database.rows(INDEXES)).containsExactly("one_id|t");
    assertThat(database.history()).containsExactly(ONE, TWO);
    assertThat(
            database.rows(
                "SELECT statements_done, finished_at > started_at FROM slipway_journal"
                    + " WHERE migration_id = '"
                    + TWO
                    + "'"))
        .containsExactly("1|t");
  }

  @Test
  void vacuum_works() {
    two("VACUUM (ANALYZE) one;\nVACUUM;");

    ends(0, program().run());

    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void the_invalid_index_of_a_build_that_fails_is_dropped() {
    two("CREATE UNIQUE INDEX CONCURRENTLY one_id ON one (id);");

    Program.Result result = ends(7, program().run());

    Golden.check("dev/slipway/failures/concurrent-index.txt", result.toString());
    assertThat(database.rows(INDEXES)).isEmpty();
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void the_build_that_failed_goes_on_once_its_cause_is_mended() {
    two("CREATE UNIQUE INDEX CONCURRENTLY one_id ON one (id);");
    program().run();
    database.execute("DELETE FROM one WHERE ctid = (SELECT min(ctid) FROM one)");

    ends(0, program().run());

    assertThat(database.rows(INDEXES)).containsExactly("one_id|t");
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void an_index_without_a_name_that_fails_is_dropped_too() {
    two("CREATE UNIQUE INDEX CONCURRENTLY ON one (id);");

    ends(7, program().run());

    assertThat(database.rows(INDEXES)).isEmpty();
  }

  @Test
  void an_invalid_index_that_somebody_else_leaves_meanwhile_is_not_dropped()
      throws InterruptedException {
    two("CREATE UNIQUE INDEX CONCURRENTLY one_id ON one (id);");
    ends(0, program().run("--to", "One"));
    Process process;
    try (var _ = new OpenTransaction(database, "LOCK TABLE one IN ROW EXCLUSIVE MODE")) {
      process = program().start();
      Until.row(
          database,
          "SELECT 1 FROM pg_stat_progress_create_index WHERE datname = current_database()");
      // PostgreSQL lets no other build of the table begin meanwhile; a broken one looks like this.
      database.executeAsOwner(
          "CREATE TABLE another (id int); CREATE INDEX another_id ON another (id)");
      database.execute(
          "UPDATE pg_index SET indrelid = 'one'::regclass, indisvalid = false"
              + " WHERE indexrelid = 'another_id'::regclass");
    }

    ends(7, Program.finish(process));

    assertThat(database.rows(INDEXES)).containsExactly("another_id|f");
  }

  @Test
  void a_detaching_that_is_cancelled_half_way_is_in_doubt() throws InterruptedException {
    two("ALTER TABLE parted DETACH PARTITION part CONCURRENTLY;");
    folder.write(
        "changelog/" + ONE + ".sql",
        """
        CREATE TABLE parted (id int) PARTITION BY LIST (id);
        CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
        """);
    ends(0, program().run("--to", "One"));
    Process process;
    try (var _ = new OpenTransaction(database, "SELECT FROM parted")) {
      process = program().start();
      Until.row(database, "SELECT 1 FROM pg_inherits WHERE inhdetachpending");
      database.execute(
          "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND starts_with(application_name, 'slipway')");
      assertThat(ends(8, Program.finish(process)).err())
          .contains("Look whether statement 1 took effect.");
    }
    database.executeAsOwner("ALTER TABLE parted DETACH PARTITION part FINALIZE");
    ends(0, program().run("repair", "--mark-applied", "Two"));

    assertThat(ends(0, program().run()).out()).startsWith("Gateway: nothing to do");
  }

  @Test
  void an_index_is_built_although_the_journal_was_emptied() {
    two("DELETE FROM slipway_journal;\nCREATE INDEX CONCURRENTLY one_id ON one (id);");

    ends(0, program().run());

    assertThat(database.rows(INDEXES)).containsExactly("one_id|t");
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void if_not_exists_over_an_invalid_index_is_no_success() {
    two("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_id ON one (id);");
    ends(0, program().run("--to", "One"));
    assertThatThrownBy(
            () -> database.executeAsOwner("CREATE UNIQUE INDEX CONCURRENTLY one_id ON one (id)"))
        .hasRootCauseMessage(
            """
            ERROR: could not create unique index "one_id"
              Detail: Key (id)=(1) is duplicated.""");

    Program.Result result = ends(7, program().run());

    Golden.check("dev/slipway/failures/invalid-index.txt", result.toString());
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void a_failing_second_statement_leaves_it_partially_applied() {
    two("CREATE TABLE two (id int);\nSELECT 1/0;");

    Program.Result result = ends(8, program().run());

    Golden.check("dev/slipway/failures/half-way.txt", result.toString());
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void status_says_that_it_is_partially_applied() {
    two("CREATE TABLE two (id int);\nSELECT 1/0;");
    program().run();

    Program.Result result = ends(8, program().run("status"));

    Golden.check("dev/slipway/failures/status-half-way.txt", result.toString());
  }

  @Test
  void the_next_run_goes_on_once_the_cause_is_mended() {
    two("CREATE TABLE two (id int);\nINSERT INTO two SELECT id FROM three;\nVACUUM two;");
    ends(8, program().run());
    database.executeAsOwner("CREATE TABLE three AS SELECT 3 AS id");

    Program.Result result = ends(0, program().run());

    assertThat(result.err()).contains("going on with " + TWO + ", which an earlier run began");
    assertThat(database.history()).containsExactly(ONE, TWO);
    assertThat(database.rows("SELECT id FROM two")).containsExactly("3");
    assertThat(
            database.rows(
                "SELECT statements_done, statements FROM slipway_journal WHERE finished_at IS NOT NULL AND migration_id = '"
                    + TWO
                    + "'"))
        .containsExactly("3|3");
  }

  @Test
  void marks_reach_the_journal_also_if_the_name_changed_its_letter_case() {
    String statements =
        "CREATE TABLE two (id int);\nINSERT INTO two SELECT id FROM three;\nVACUUM four;";
    two(statements);
    ends(8, program().run());
    folder.delete("changelog/" + TWO + ".sql");
    folder.write("changelog/20240102000000_two.sql", MARK + statements);
    database.executeAsOwner("CREATE TABLE three AS SELECT 3 AS id");
    ends(8, program().run());
    database.executeAsOwner("CREATE TABLE four ()");

    ends(0, program().run());

    assertThat(database.rows("SELECT id FROM two")).containsExactly("3");
    assertThat(database.rows("SELECT migration_id, finished_at IS NULL FROM slipway_journal"))
        .containsExactlyInAnyOrder(ONE + "|f", "20240102000000_two|f");
  }

  @Test
  void a_killed_run_is_gone_on_with() throws InterruptedException {
    two(
        """
        CREATE TABLE two (id int);
        INSERT INTO two SELECT 2 FROM gate;
        INSERT INTO two VALUES (3);
        """);
    folder.write("changelog/" + ONE + ".sql", "CREATE TABLE gate AS SELECT 1 AS open;");
    ends(0, program().run("--to", "One"));
    try (var _ = new OpenTransaction(database, "LOCK TABLE gate")) {
      Process process = program().start();
      Until.running(database, "%SELECT 2 FROM gate%");
      process.destroyForcibly().waitFor();
    }
    Until.alone(database);

    ends(0, program().run());

    assertThat(database.rows("SELECT id FROM two")).containsExactly("2", "3");
  }

  @Test
  void a_session_that_is_ended_half_way_leaves_a_true_state() {
    two("CREATE TABLE two (id int);\nSELECT pg_terminate_backend(pg_backend_pid());\nSELECT 3;");

    Program.Result result = ends(4, program().run());

    assertThat(result.err())
        .contains("  state   " + TWO + " is partially applied: 1 of 3 statements took effect\n");
    assertThat(ends(8, program().run("status")).out()).contains("partial   " + TWO);
  }

  @Test
  void a_statement_whose_mark_cannot_be_made_is_rolled_back() {
    two("SELECT 1;\nDROP TABLE slipway_journal;\nSELECT 3;");

    Program.Result result = ends(8, program().run());

    assertThat(result.err())
        .contains(
            "statement 2 of 3 (DROP TABLE) could not be noted in the journal, so it is rolled")
        .contains("  state   " + TWO + " is partially applied: 1 of 3 statements took effect\n");
    assertThat(database.tables()).contains("public.slipway_journal");
  }

  @Test
  void a_first_statement_whose_mark_cannot_be_made_leaves_nothing() {
    two("DROP TABLE slipway_journal;\nSELECT 2;");

    assertThat(ends(7, program().run()).err())
        .contains("relation \"public.slipway_journal\" does not exist")
        .contains("  state   rolled back; 1 of 2 applied, " + ONE + " is the last\n");
    ends(1, program().run("status"));
  }

  @Test
  void a_repeatable_one_that_stopped_half_way_is_gone_on_with() {
    two("-- slipway: run-on-change\nCREATE TABLE IF NOT EXISTS two (id int);\nSELECT 1;");
    ends(0, program().run());
    two(
        "-- slipway: run-on-change\nCREATE TABLE IF NOT EXISTS two (id int);\nSELECT 1 FROM three;");
    ends(8, program().run());
    ends(8, program().run("status"));
    database.executeAsOwner("CREATE TABLE three ()");

    ends(0, program().run());

    assertThat(ends(0, program().run()).out()).startsWith("Gateway: nothing to do");
    assertThat(database.history()).isEqualTo(List.of(ONE, TWO));
  }

  @Test
  void each_statement_has_the_lock_timeout_except_those_that_must_wait() {
    two(
        """
        CREATE TABLE two (timeout text);
        INSERT INTO two VALUES (current_setting('lock_timeout'));
        """);

    ends(0, program().run("--lock-timeout", "7s"));

    assertThat(database.rows("SELECT timeout FROM two")).containsExactly("7s");
  }

  @Test
  void a_statement_that_outlasts_the_command_timeout_is_cancelled_by_the_server() {
    two("CREATE TABLE two (id int);\nINSERT INTO two SELECT 1 FROM pg_sleep(60);");

    Program.Result result =
        Program.in(path)
            .with("ConnectionStrings__Gateway", database.connectionString(";Command Timeout=3"))
            .run();

    assertThat(ends(8, result).err())
        .contains("the connection string's Command Timeout of 3 s ran out")
        .contains("Statement 2 had no effect.");
    Until.alone(database);
    assertThat(database.rows("SELECT count(*) FROM two")).containsExactly("0");
  }

  @Test
  void a_connection_that_breaks_is_worth_another_try() {
    two("CREATE TABLE two (id int);\nINSERT INTO two VALUES (1);");
    try (var proxy = new CuttingProxy(database.server().port(), "INSERT INTO two")) {
      Program.Result result =
          Program.in(path)
              .with(
                  "ConnectionStrings__Gateway",
                  database.connectionString(";Host=127.0.0.1;Port=" + proxy.port()))
              .run();

      assertThat(ends(4, result).err())
          .contains("Run slipway again when the server is there: it goes on with statement 2.");
    }
    Until.alone(database);

    ends(0, program().run());

    assertThat(database.rows("SELECT id FROM two")).containsExactly("1");
  }

  @Test
  void a_block_that_commits_half_way_may_have_had_an_effect() {
    two("DO $$ BEGIN CREATE TABLE half (a int); COMMIT; RAISE EXCEPTION 'boom'; END $$;");

    assertThat(ends(8, program().run()).err()).contains("Look whether statement 1 took effect.");
    assertThat(database.tables()).contains("public.half");
    ends(8, program().run("status"));
  }

  @Test
  void a_migration_that_releases_all_locks_gets_the_migration_lock_again() {
    two(
        """
        DISCARD ALL;
        CREATE TABLE locks AS SELECT FROM pg_locks
          WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid();
        """);

    ends(0, program().run());

    assertThat(database.rows("SELECT count(*) FROM locks")).containsExactly("1");
  }

  @Test
  void settings_of_the_lost_session_are_made_again() {
    two(
        """
        CREATE SCHEMA app;
        SET search_path = app;
        SELECT set_config('slipway_test.value', 'kept', false);
        CREATE TABLE two (id int);
        INSERT INTO two SELECT id FROM three;
        """);
    ends(8, program().run());
    database.executeAsOwner("CREATE TABLE app.three AS SELECT 3 AS id");

    ends(0, program().run());

    assertThat(database.rows("SELECT id FROM app.two")).containsExactly("3");
  }

  @Test
  void a_precondition_is_not_asked_again_of_what_is_gone_on_with() {
    var written = new WrittenProgram(path.resolve("written"), database);
    var changelog = written.changelog();
    var none = new Conduct(TransactionMode.NONE, Rerun.NEVER, Conduct.OnFailure.STOP);
    changelog.add(
        TWO,
        none,
        Optional.of(
            changelog.precondition(
                Otherwise.HALT,
                new Condition.Holds("to_regclass('two') IS NULL", "there is no table two"))),
        "CREATE TABLE two (id int);\nINSERT INTO two SELECT id FROM three;");
    assertThat(written.run(changelog).code()).isEqualTo(8);
    database.executeAsOwner("CREATE TABLE three AS SELECT 3 AS id");

    Program.Result result = written.run(changelog);

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(database.rows("SELECT id FROM two")).containsExactly("3");
  }

  @Test
  void a_deferred_constraint_that_does_not_hold_is_told_of_its_statement() {
    two(
        """
        CREATE TABLE two (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);
        INSERT INTO two VALUES (1), (1);
        """);

    assertThat(ends(8, program().run()).err())
        .contains("duplicate key value violates unique constraint \"two_id_key\"")
        .contains("statement 2 of 2 (INSERT), SQLSTATE 23505");
  }
}
