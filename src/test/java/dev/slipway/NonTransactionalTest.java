package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.testing.CuttingProxy;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import java.util.List;
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
  void the_next_run_refuses_and_says_the_way_out() {
    two("CREATE TABLE two (id int);\nSELECT 1/0;");
    program().run();

    Program.Result result = ends(8, program().run());

    Golden.check("dev/slipway/failures/partially-applied.txt", result.toString());
  }

  @Test
  void what_is_printed_for_finishing_finishes() {
    two("CREATE TABLE two (id int);\nINSERT INTO two SELECT 1 FROM three;");
    program().run();
    String hint = program().run().err();
    database.executeAsOwner("CREATE TABLE three ()");

    paste(hint, "Either", "Or");

    Program.Result result = ends(0, program().run());
    assertThat(result.out()).startsWith("Gateway: nothing to do");
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void what_is_printed_for_finishing_finishes_a_mended_file_too() {
    two("CREATE TABLE two (id int);\nINSERT INTO twoo VALUES (1);");
    program().run();
    two("CREATE TABLE two (id int);\nINSERT INTO two VALUES (1);");

    paste(program().run().err(), "Either", "Or");

    ends(0, program().run());
    assertThat(database.rows("SELECT id FROM two")).containsExactly("1");
  }

  @Test
  void what_is_printed_for_undoing_lets_the_next_run_begin_anew() {
    two("CREATE TABLE two (id int);\nINSERT INTO twoo VALUES (1);");
    program().run();
    two("CREATE TABLE two (id int);\nINSERT INTO two VALUES (1);");
    database.executeAsOwner("DROP TABLE two");

    paste(program().run().err(), "Or", "\n\n");

    ends(0, program().run());
    assertThat(database.rows("SELECT id FROM two")).containsExactly("1");
  }

  /// Executes the SQL between two words of a hint as it is, but one statement after the other.
  private void paste(String hint, String from, String to) {
    int begin = hint.indexOf(":\n", hint.indexOf(from)) + 2;
    int end = hint.indexOf(to, begin);
    for (String statement : hint.substring(begin, end < 0 ? hint.length() : end).split(";\n", -1)) {
      if (!statement.isBlank()) {
        database.executeAsOwner(statement);
      }
    }
  }

  @Test
  void a_killed_run_is_recognised_by_the_next() throws InterruptedException {
    two("CREATE TABLE two (id int);\nSELECT pg_sleep(600);\nSELECT 3;");
    Process process = program().start();
    Until.running(database, "SELECT pg_sleep(600)");

    process.destroyForcibly().waitFor();
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)'"
            + " AND datname = current_database() AND pid <> pg_backend_pid()");
    Until.alone(database);

    Program.Result result = ends(8, program().run());
    assertThat(result.err())
        .contains("an earlier run stopped at statement 2 of 3.")
        .contains("  state   " + TWO + " is partially applied: 1 of 3 statements took effect\n")
        .contains("Look whether statement 2 took effect. Either finish by hand");
  }

  @Test
  void a_session_that_is_ended_half_way_leaves_a_true_state() {
    two("CREATE TABLE two (id int);\nSELECT pg_terminate_backend(pg_backend_pid());\nSELECT 3;");

    Program.Result result = ends(8, program().run());

    assertThat(result.err())
        .contains("  state   " + TWO + " is partially applied: 1 of 3 statements took effect\n");
    assertThat(ends(8, program().run("status")).out()).contains("partial   " + TWO);
  }

  @Test
  void progress_that_cannot_be_recorded_is_not_told_as_unchanged() {
    two("DROP TABLE slipway_journal;\nSELECT 2;");

    Program.Result result = ends(8, program().run());

    assertThat(result.err())
        .contains("1 of 2 statements took effect, but that could not be recorded")
        .contains("  state   " + TWO + " is partially applied: 1 of 2 statements took effect\n");
  }

  @Test
  void a_repeatable_one_that_stopped_half_way_is_partially_applied() {
    two("-- slipway: run-on-change\nCREATE TABLE IF NOT EXISTS two (id int);\nSELECT 1;");
    ends(0, program().run());
    two("-- slipway: run-on-change\nCREATE TABLE IF NOT EXISTS two (id int);\nSELECT 1/0;");
    ends(8, program().run());

    ends(8, program().run("status"));
    paste(ends(8, program().run()).err(), "Or", "\n\n");
    two("-- slipway: run-on-change\nCREATE TABLE IF NOT EXISTS two (id int);\nSELECT 2;");

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

  private void half() {
    two("CREATE TABLE two (id int);\nSELECT 1/0;\nSELECT 3;");
    ends(8, program().run());
  }

  @Test
  void one_whose_file_is_gone_is_not_forgotten() {
    half();
    folder.delete("changelog/" + TWO + ".sql");

    for (String command : new String[] {"status", "migrate"}) {
      assertThat(ends(8, program().run(command)).err())
          .contains("migration \"" + TWO + "\" is partially applied")
          .contains("the changelog does not have it any more")
          .contains(TWO + " is partially applied: 1 of 3 statements took effect")
          .contains("  next    Bring its file back");
    }
    assertThat(program().run("status").out()).contains("partial   " + TWO + "  stopped at");
  }

  @Test
  void what_is_printed_for_forgetting_one_whose_file_is_gone_works() {
    half();
    folder.delete("changelog/" + TWO + ".sql");
    paste(program().run().err(), "forget it:\n", "\0");

    ends(0, program().run("status"));
  }

  @Test
  void nothing_is_told_of_what_is_left_of_a_file_that_was_edited() {
    half();
    two("SELECT 3;");

    assertThat(ends(8, program().run()).err())
        .contains("and the file was edited since: it has checksum ")
        .contains("1 of 3 statements took effect")
        .contains("  next    Restore the file as it was when it was begun")
        .doesNotContain("Either finish by hand");
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
  void a_connection_that_breaks_leaves_it_open_whether_the_statement_took_effect() {
    two("CREATE TABLE two (id int);\nINSERT INTO two VALUES (1);");
    try (var proxy = new CuttingProxy(database.server().port(), "INSERT INTO two")) {
      Program.Result result =
          Program.in(path)
              .with(
                  "ConnectionStrings__Gateway",
                  database.connectionString(";Host=127.0.0.1;Port=" + proxy.port()))
              .run();

      assertThat(ends(8, result).err()).contains("Look whether statement 2 took effect.");
    }
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
}
