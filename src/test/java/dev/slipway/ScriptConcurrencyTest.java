package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Golden;
import dev.slipway.testing.Psql;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Scripts beside other scripts and runs, and scripts whose psql or session is killed.
@Tag("slow")
final class ScriptConcurrencyTest {
  private static final String GOLDEN = "dev/slipway/script/concurrency/";
  private static final int TIMES = 3;
  private static final int MIGRATIONS = 12;
  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String THREE = "20240103000000_Three";
  private static final String MARK = "-- slipway: no-transaction\n";
  private static final String INDEXES =
      """
      SELECT indexrelid::regclass, indisvalid FROM pg_index
      WHERE indrelid = 'log'::regclass ORDER BY 1""";

  /// Lets a build that has begun wait for the end of this transaction.
  private static final String SNAPSHOT =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT FROM gate";

  private static final String IS_BUILDING =
      """
      SELECT 1 FROM pg_stat_progress_create_index
      WHERE datname = current_database() AND phase = 'waiting for old snapshots'""";

  /// Lets whoever writes to the gate wait.
  private static final String GATE = "LOCK TABLE gate";

  private static final String IS_AT_GATE =
      """
      SELECT 1 FROM pg_locks
      WHERE NOT granted AND relation = 'gate'::regclass
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""";

  private static final String IS_MARKING =
      """
      SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'psql'
        AND wait_event_type = 'Lock' AND query LIKE '%statements_done%'""";

  @TempDir private Path path;
  private HandRun hand = new HandRun(Path.of(""));

  /// What is killed.
  enum Kill {
    CLIENT {
      @Override
      void end(Psql psql, TestDatabase database) {
        psql.kill();
      }
    },
    SESSION {
      @Override
      void end(Psql psql, TestDatabase database) {
        database.rows(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'psql'""");
        assertThat(psql.finish().code()).isEqualTo(2);
      }
    };

    abstract void end(Psql psql, TestDatabase database);
  }

  @BeforeEach
  void write_a_changelog() {
    hand =
        new HandRun(path)
            .with("Slipway__LockTimeout", "60s")
            .migration(
                ONE,
                """
                CREATE TABLE gate ();
                CREATE TABLE log (migration int);
                INSERT INTO log VALUES (1);
                """)
            .migration(THREE, "INSERT INTO log VALUES (3);");
  }

  private static Stream<Arguments> kills() {
    return Stream.of(ServerVersion.values())
        .flatMap(version -> Stream.of(Kill.values()).map(kill -> Arguments.of(kill, version)));
  }

  private static TestDatabase database(ServerVersion version) {
    return TestDatabase.on(version.server());
  }

  private Psql start(TestDatabase database) {
    return Psql.start(database, database.owner(), hand.script(), HandRun.STOP);
  }

  private void buildIndex() {
    hand.migration(TWO, MARK + "CREATE INDEX CONCURRENTLY log_index ON log (migration);");
  }

  /// The whole work is done, and nothing twice.
  private void assertThatItIsComplete(TestDatabase database) {
    try (var other = TestDatabase.on(database.server())) {
      assertThat(HandRun.State.of(database)).isEqualTo(hand.byProgram(other));
    }
  }

  /// Runs the script once more, which is enough.
  private void assertThatItCompletes(TestDatabase database) {
    Psql.Result result = hand.runUntilError(database);

    assertThat(result.code()).as(result.toString()).isZero();
    assertThatItIsComplete(database);
  }

  private void writeMany() {
    for (int i = 10; i < 10 + MIGRATIONS; i++) {
      hand.migration(
          "202402010000%d_Number%d".formatted(i, i),
          "CREATE TABLE t%1$d (id int);\nINSERT INTO log VALUES (%1$d);".formatted(i));
    }
  }

  @ParameterizedTest
  @EnumSource
  void two_psqls_at_once_apply_each_migration_once(ServerVersion version) {
    writeMany();
    for (int i = 0; i < TIMES * Randomness.factor(); i++) {
      try (var database = database(version)) {
        Psql first = start(database);
        Psql second = start(database);

        for (Psql psql : List.of(first, second)) {
          Psql.Result result = psql.finish();
          assertThat(result.code()).as(result.toString()).isZero();
        }
        assertThatItIsComplete(database);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void two_psqls_at_once_without_transactions_come_to_the_same_by_a_second_go(
      ServerVersion version) {
    buildIndex();
    writeMany();
    hand.migration("20240301000000_Again", MARK + "INSERT INTO log VALUES (0);\nVACUUM log;");
    for (int i = 0; i < TIMES * Randomness.factor(); i++) {
      try (var database = database(version)) {
        Psql first = start(database);
        Psql second = start(database);

        List<Psql.Result> stopped =
            Stream.of(first, second)
                .map(Psql::finish)
                .filter(result -> result.code() != 0)
                .toList();

        assertThat(stopped)
            .hasSizeLessThan(2)
            .allSatisfy(
                result ->
                    assertThat(result.text())
                        .contains("because another run is at work")
                        .contains("Wait until it has ended, then run this script again."));
        assertThatItCompletes(database);
      }
    }
  }

  /// A transaction that somebody has open.
  private interface Held {
    void beside(Connection holder) throws Exception;
  }

  private static void holding(TestDatabase database, String sql, Held held) throws Exception {
    try (Connection holder = database.connect();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute(sql);
      held.beside(holder);
    }
  }

  /// The first migration is there, and the next builds an index.
  private void beforeBuild(TestDatabase database) {
    buildIndex();
    Psql.Result result = Psql.run(database, database.owner(), hand.script("--to", "One"));
    assertThat(result.code()).as(result.toString()).isZero();
  }

  private CompletableFuture<Program.Result> program(TestDatabase database) {
    Program program = hand.program().with("Gateway", database);
    return CompletableFuture.supplyAsync(program::run, task -> Thread.ofVirtual().start(task));
  }

  private static void assertThatItSucceeds(CompletableFuture<Program.Result> run) throws Exception {
    Program.Result result = run.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    assertThat(result.code()).as(result.toString()).isZero();
  }

  private void assertThatItDoesNotWait(TestDatabase database) {
    Psql.Result refused = hand.run(database);

    Golden.check(GOLDEN + "at-work.txt", refused.toString());
    assertThat(database.history()).containsExactly(ONE);
  }

  private static Stream<Arguments> making() {
    return Stream.of(ServerVersion.values())
        .flatMap(
            version ->
                Stream.of(
                        "CREATE SCHEMA app",
                        """
                        CREATE TABLE "__EFMigrationsHistory" (
                          "MigrationId" varchar(150) PRIMARY KEY, "ProductVersion" varchar(32))""")
                    .map(sql -> Arguments.of(sql, version)));
  }

  /// EF makes a history without a journal.
  @ParameterizedTest
  @MethodSource("making")
  void what_another_makes_at_the_same_moment_is_taken(String sql, ServerVersion version)
      throws Exception {
    if (sql.startsWith("CREATE SCHEMA")) {
      hand.with("Slipway__CreateSchema", "true")
          .with(
              "ConnectionStrings__Gateway",
              "Host=nowhere;Database=none;Username=nobody;Search Path=app");
    }
    try (var database = database(version)) {
      database.execute("GRANT ALL ON SCHEMA public TO PUBLIC");
      holding(
          database,
          "SET LOCAL ROLE %s; %s".formatted(database.owner(), sql),
          holder -> {
            Psql psql = start(database);
            Until.row(
                database,
                """
                SELECT 1 FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'psql'
                  AND wait_event_type = 'Lock'""");
            holder.commit();

            Psql.Result result = psql.finish();
            assertThat(result.code()).as(result.toString()).isZero();
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_psql_does_not_wait_for_an_index_that_another_builds(ServerVersion version)
      throws Exception {
    try (var database = database(version)) {
      beforeBuild(database);
      holding(
          database,
          SNAPSHOT,
          holder -> {
            Psql first = start(database);
            Until.row(database, IS_BUILDING);

            assertThatItDoesNotWait(database);
            holder.rollback();

            assertThat(first.finish().code()).isZero();
          });
      assertThatItCompletes(database);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DISCARD ALL", "SELECT pg_advisory_unlock_all()"})
  void the_lock_that_a_migration_gives_up_is_taken_again(String giveUp) throws Exception {
    hand.migration(
        TWO,
        MARK + giveUp + ";\nINSERT INTO log SELECT 2 FROM (SELECT count(*) FROM gate) AS waiting;");
    try (var database = TestDatabase.create()) {
      Psql.run(database, database.owner(), hand.script("--to", "One"));
      holding(
          database,
          GATE,
          holder -> {
            Psql first = start(database);
            Until.row(database, IS_AT_GATE);

            assertThatItDoesNotWait(database);
            holder.rollback();

            assertThat(first.finish().code()).isZero();
          });
      assertThatItIsComplete(database);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_psql_does_not_wait_for_an_index_that_the_program_builds(ServerVersion version)
      throws Exception {
    try (var database = database(version)) {
      beforeBuild(database);
      holding(
          database,
          SNAPSHOT,
          holder -> {
            CompletableFuture<Program.Result> run = program(database);
            Until.row(database, IS_BUILDING);

            assertThatItDoesNotWait(database);
            holder.rollback();

            assertThatItSucceeds(run);
          });
      assertThatItCompletes(database);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_program_waits_for_an_index_that_psql_builds(ServerVersion version) throws Exception {
    try (var database = database(version)) {
      beforeBuild(database);
      holding(
          database,
          SNAPSHOT,
          holder -> {
            Psql psql = start(database);
            Until.row(database, IS_BUILDING);

            CompletableFuture<Program.Result> run = program(database);
            Until.row(
                database,
                """
                SELECT 1 FROM pg_stat_activity
                WHERE datname = current_database() AND starts_with(application_name, 'slipway')
                  AND query LIKE '%pg_try_advisory_lock%'""");
            holder.rollback();

            assertThat(psql.finish().code()).isZero();
            assertThatItSucceeds(run);
          });
      assertThatItIsComplete(database);
    }
  }

  @ParameterizedTest
  @MethodSource("kills")
  void one_killed_in_a_transaction(Kill kill, ServerVersion version) throws Exception {
    hand.migration(TWO, "INSERT INTO log VALUES (2);\nLOCK TABLE gate;");
    try (var database = database(version)) {
      Psql.run(database, database.owner(), hand.script("--to", "One"));
      holding(
          database,
          GATE,
          holder -> {
            Psql psql = start(database);
            Until.row(database, IS_AT_GATE);

            kill.end(psql, database);
          });

      assertThatItCompletes(database);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_psql_waits_for_what_a_killed_one_has_left_at_work(ServerVersion version) throws Exception {
    hand.migration(TWO, "INSERT INTO log VALUES (2);\nLOCK TABLE gate;");
    try (var database = database(version)) {
      Psql.run(database, database.owner(), hand.script("--to", "One"));
      holding(
          database,
          GATE,
          holder -> {
            Psql killed = start(database);
            Until.row(database, IS_AT_GATE);
            killed.kill();

            Psql again = start(database);
            Until.row(
                database,
                """
                SELECT 1 FROM pg_locks
                WHERE NOT granted AND relation = '"__EFMigrationsHistory"'::regclass
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""");
            holder.rollback();

            assertThat(again.finish().text()).endsWith("slipway: 1 applied, 2 already there\n");
          });
      assertThatItIsComplete(database);
    }
  }

  @ParameterizedTest
  @MethodSource("kills")
  void one_killed_while_it_builds_an_index(Kill kill, ServerVersion version) throws Exception {
    try (var database = database(version)) {
      beforeBuild(database);
      holding(
          database,
          SNAPSHOT,
          holder -> {
            Psql psql = start(database);
            Until.row(database, IS_BUILDING);

            kill.end(psql, database);
          });
      Until.alone(database);

      assertThat(database.rows(INDEXES))
          .containsExactly("log_index|" + (kill == Kill.CLIENT ? "t" : "f"));
      assertThat(HandRun.unfinished(database)).containsExactly(TWO + "|0");
      assertThatItCompletes(database);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_psql_does_not_touch_the_index_that_a_killed_one_has_left_at_work(ServerVersion version)
      throws Exception {
    try (var database = database(version)) {
      beforeBuild(database);
      holding(
          database,
          SNAPSHOT,
          holder -> {
            Psql killed = start(database);
            Until.row(database, IS_BUILDING);
            killed.kill();

            assertThatItDoesNotWait(database);
          });
      Until.alone(database);

      assertThatItCompletes(database);
    }
  }

  @ParameterizedTest
  @MethodSource("kills")
  void one_killed_in_a_statement_that_takes_effect_with_its_mark(Kill kill, ServerVersion version)
      throws Exception {
    hand.migration(
        TWO,
        MARK
            + "INSERT INTO log VALUES (2);\nWITH gate AS (SELECT FROM gate) INSERT INTO log VALUES (22);");
    try (var database = database(version)) {
      Psql.run(database, database.owner(), hand.script("--to", "One"));
      killBeforeMark(database, GATE, IS_AT_GATE, kill);

      assertThatItCompletes(database);
    }
  }

  /// Kills it when a statement has come to its end and its mark has not.
  private void killBeforeMark(TestDatabase database, String hold, String isHeld, Kill kill)
      throws Exception {
    holding(
        database,
        hold,
        statementHolder -> {
          Psql psql = start(database);
          Until.row(database, isHeld);
          holding(
              database,
              "SELECT FROM slipway_journal FOR UPDATE",
              markHolder -> {
                statementHolder.rollback();
                Until.row(database, IS_MARKING);
                kill.end(psql, database);
              });
        });
    Until.alone(database);
  }

  @ParameterizedTest
  @MethodSource("kills")
  void one_killed_between_an_index_and_its_mark(Kill kill, ServerVersion version) throws Exception {
    try (var database = database(version)) {
      beforeBuild(database);

      killBeforeMark(database, SNAPSHOT, IS_BUILDING, kill);

      assertThat(HandRun.unfinished(database))
          .containsExactly(TWO + "|" + (kill == Kill.CLIENT ? 1 : 0));
      List<String> oid = database.rows("SELECT 'log_index'::regclass::oid");
      assertThatItCompletes(database);
      assertThat(database.rows("SELECT 'log_index'::regclass::oid")).isEqualTo(oid);
    }
  }

  private void beforeCall(TestDatabase database, String statement) {
    hand.migration(
            ONE,
            """
            CREATE TABLE gate ();
            CREATE TABLE log (migration int);
            CREATE PROCEDURE work() LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO log VALUES (2);
              COMMIT;
              LOCK TABLE gate;
            END $$;
            """)
        .migration(TWO, MARK + "INSERT INTO log VALUES (1);\n" + statement);
    Psql.Result result = Psql.run(database, database.owner(), hand.script("--to", "One"));
    assertThat(result.code()).as(result.toString()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void one_killed_between_a_call_and_its_mark_asks_whether_it_took_effect(ServerVersion version)
      throws Exception {
    try (var database = database(version)) {
      beforeCall(database, "CALL work();");
      killBeforeMark(database, GATE, IS_AT_GATE, Kill.SESSION);

      Psql.Result refused = hand.run(database);

      Golden.check(GOLDEN + "in-doubt.txt", refused.toString());
      assertThat(database.history()).containsExactly(ONE);
      assertThat(HandRun.unfinished(database)).containsExactly(TWO + "|1");
      database.executeAsOwner(HandRun.offered(refused));
      assertThatItCompletes(database);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_call_that_outlives_its_psql_asks_whether_it_took_effect(ServerVersion version)
      throws Exception {
    try (var database = database(version)) {
      beforeCall(database, "CALL work();");
      holding(
          database,
          GATE,
          holder -> {
            Psql psql = start(database);
            Until.row(database, IS_AT_GATE);
            psql.kill();
          });
      Until.alone(database);

      Psql.Result refused = hand.runUntilError(database);

      assertThat(refused.code()).isEqualTo(3);
      database.executeAsOwner(HandRun.offered(refused));
      assertThatItCompletes(database);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_call_that_fails_half_way_asks_whether_it_took_effect(ServerVersion version) {
    hand.migration(
            ONE,
            """
            CREATE TABLE log (migration int);
            CREATE PROCEDURE work() LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO log VALUES (2);
              COMMIT;
              PERFORM 1 / count(*) FROM log WHERE migration = 9;
            END $$;
            """)
        .migration(TWO, MARK + "CALL work();");
    try (var database = database(version)) {
      Psql.Result failed = hand.run(database);
      Psql.Result refused = hand.run(database);

      Golden.check(GOLDEN + "half-way.txt", failed + "--- again\n" + refused);
      assertThat(database.rows("SELECT * FROM log")).containsExactly("2");
      assertThat(database.history()).containsExactly(ONE);
    }
  }

  @ParameterizedTest
  @MethodSource("kills")
  void one_killed_between_a_vacuum_and_its_mark_repeats_it(Kill kill, ServerVersion version)
      throws Exception {
    hand.migration(TWO, MARK + "VACUUM gate;\nINSERT INTO log VALUES (2);");
    try (var database = database(version)) {
      Psql.run(database, database.owner(), hand.script("--to", "One"));
      killBeforeMark(database, GATE, IS_AT_GATE, kill);

      assertThatItCompletes(database);
    }
  }
}
