package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.Condition.Holds;
import dev.slipway.migration.Conduct;
import dev.slipway.migration.Conduct.OnFailure;
import dev.slipway.migration.Precondition;
import dev.slipway.migration.Precondition.Otherwise;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.WrittenChangelog;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Migrations whose failure is not to stop the run.
@Tag("slow")
final class GoOnTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String THREE = "20240103000000_Three";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private WrittenProgram program() {
    return new WrittenProgram(path, database);
  }

  /// Runs three migrations of which the second one may fail.
  private Program.Result run(
      TransactionMode mode, Optional<Precondition> precondition, String two) {
    WrittenChangelog changelog =
        program()
            .changelog()
            .add(ONE, "CREATE TABLE one (id int PRIMARY KEY);")
            .add(TWO, new Conduct(mode, Rerun.NEVER, OnFailure.GO_ON), precondition, two)
            .add(THREE, "PREPARE p AS SELECT 1;\nCREATE TABLE three (id int);");
    return program().run(changelog, "migrate", "--lock-timeout", "200ms", "--lock-wait", "1s");
  }

  private Program.Result run(TransactionMode mode, String two) {
    return run(mode, Optional.empty(), two);
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  @ParameterizedTest
  @EnumSource(TransactionMode.class)
  void one_that_fails_is_rolled_back_and_tried_again_by_the_next_run(TransactionMode mode) {
    Program.Result result = ends(0, run(mode, "INSERT INTO one\nVALUES (1), (2, 3);"));

    Golden.check("dev/slipway/failures/go-on.txt", result.toString());
    assertThat(database.history()).containsExactly(ONE, THREE);
    assertThat(database.rows("SELECT migration_id FROM slipway_journal ORDER BY 1"))
        .containsExactly(ONE, THREE);
    assertThat(ends(0, run(mode, "INSERT INTO oone VALUES (1);")).out())
        .startsWith("Gateway: 0 applied, 1 passed over, pending at " + THREE);
    assertThat(ends(0, run(mode, "INSERT INTO one VALUES (1);")).out())
        .startsWith("applied  " + TWO)
        .contains("Gateway: 1 applied, up-to-date at " + THREE);
  }

  @Test
  void nothing_of_it_stays_in_the_session() {
    ends(0, run(TransactionMode.ONE, "PREPARE p AS SELECT 2;\nSELECT 1/0;"));

    assertThat(database.history()).containsExactly(ONE, THREE);
  }

  @Test
  void a_deferred_constraint_is_a_failure_of_it_too() {
    Program.Result result =
        ends(
            0,
            run(
                TransactionMode.ONE,
                """
                CREATE TABLE two (one int REFERENCES one DEFERRABLE INITIALLY DEFERRED);
                INSERT INTO two VALUES (1);"""));

    assertThat(result.err()).contains("when it was recorded and committed, SQLSTATE 23503");
    assertThat(database.history()).containsExactly(ONE, THREE);
  }

  @Test
  void one_that_stops_half_way_stops_the_run() {
    Program.Result result =
        ends(8, run(TransactionMode.NONE, "INSERT INTO one VALUES (1);\nSELECT 1/0;"));

    assertThat(result.err()).contains(TWO + " is partially applied: 1 of 2 statements took effect");
    assertThat(database.history()).containsExactly(ONE);
  }

  @ParameterizedTest
  @EnumSource(TransactionMode.class)
  void a_lock_that_is_waited_for_too_long_stops_the_run(TransactionMode mode) throws SQLException {
    database.executeAsOwner("CREATE TABLE busy (id int)");
    try (Connection other = database.connect()) {
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        statement.execute("LOCK TABLE busy");
      }

      ends(5, run(mode, "INSERT INTO busy VALUES (1);"));
    }
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void a_connection_that_is_lost_stops_the_run() {
    ends(4, run(TransactionMode.ONE, "SELECT pg_terminate_backend(pg_backend_pid());"));

    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void a_statement_that_is_cancelled_stops_the_run() {
    database.server().administer("ALTER ROLE " + database.owner() + " SET statement_timeout = 300");

    ends(7, run(TransactionMode.ONE, "SELECT pg_sleep(60);"));

    assertThat(database.history()).containsExactly(ONE);
  }

  @ParameterizedTest
  @EnumSource(TransactionMode.class)
  void a_precondition_that_halts_does_not_stop_the_run_either(TransactionMode mode) {
    Precondition halting =
        program().changelog().precondition(Otherwise.HALT, new Holds("false", "it is so"));

    Program.Result result = ends(0, run(mode, Optional.of(halting), "CREATE TABLE two (id int);"));

    assertThat(result.err())
        .startsWith(
            "warning: Gateway: the precondition of migration \""
                + TWO
                + "\" does not hold: it is so\n");
    assertThat(database.history()).containsExactly(ONE, THREE);
    assertThat(database.tables()).doesNotContain("public.two");
  }
}
