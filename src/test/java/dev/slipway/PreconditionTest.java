package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.Condition;
import dev.slipway.migration.Condition.All;
import dev.slipway.migration.Condition.Any;
import dev.slipway.migration.Condition.Holds;
import dev.slipway.migration.Condition.Known;
import dev.slipway.migration.Condition.Not;
import dev.slipway.migration.Condition.Recorded;
import dev.slipway.migration.Conduct;
import dev.slipway.migration.Conduct.OnFailure;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Precondition;
import dev.slipway.migration.Precondition.Otherwise;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import dev.slipway.testing.Golden;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.WrittenChangelog;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Migrations and changelogs that ask something of the database before they are applied.
@Tag("slow")
final class PreconditionTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String THREE = "20240103000000_Three";
  private static final Condition THERE = exists("wanted");
  private static final Condition NO_TABLE =
      new Holds("(SELECT count(*) FROM wanted) = 1", "table \"wanted\" has 1 row");

  @TempDir private Path path;

  private static Condition exists(String table) {
    return new Holds(
        "EXISTS (SELECT FROM pg_catalog.pg_tables WHERE tablename = '" + table + "')",
        "table \"" + table + "\" exists");
  }

  private static Conduct conduct(TransactionMode mode) {
    return new Conduct(mode, Rerun.NEVER, OnFailure.STOP);
  }

  /// Three migrations, each of which makes a table; the second one has this precondition.
  private static WrittenChangelog three(
      WrittenProgram program, TransactionMode mode, Otherwise otherwise, Condition condition) {
    WrittenChangelog changelog = program.changelog();
    return changelog
        .add(ONE, "CREATE TABLE one (id int);")
        .add(
            TWO,
            conduct(mode),
            Optional.of(changelog.precondition(otherwise, condition)),
            "CREATE TABLE two (id int);")
        .add(THREE, "CREATE TABLE three (id int);");
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  private static List<String> tables(TestDatabase database) {
    return database.rows(
        "SELECT tablename FROM pg_tables WHERE tablename IN ('one', 'two', 'three') ORDER BY 1");
  }

  private static Stream<Arguments> everything() {
    return Stream.of(ServerVersion.values())
        .flatMap(
            version ->
                Stream.of(TransactionMode.values())
                    .flatMap(
                        mode ->
                            Stream.of(THERE, NO_TABLE)
                                .map(condition -> Arguments.of(version, mode, condition))));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void halt_stops_the_run_and_leaves_nothing_of_the_migration(
      ServerVersion version, TransactionMode mode, Condition condition) {
    try (var database = TestDatabase.on(version.server())) {
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog = three(program, mode, Otherwise.HALT, condition);

      Program.Result result = ends(7, program.run(changelog, "migrate"));

      assertThat(result.err())
          .contains("the precondition of migration \"" + TWO + "\" ")
          .contains("changes.written:3, ")
          .contains("asked whether " + condition.text())
          .contains("  state   rolled back; 1 of 3 applied, " + ONE + " is the last");
      assertThat(result.out()).contains("Gateway: failed, 1 applied, pending at " + ONE);
      assertThat(database.history()).containsExactly(ONE);
      assertThat(tables(database)).containsExactly("one");
      assertThat(database.rows("SELECT migration_id FROM slipway_journal")).containsExactly(ONE);

      database.executeAsOwner("CREATE TABLE wanted AS SELECT 1");
      ends(0, program.run(changelog, "migrate"));
      assertThat(database.history()).containsExactly(ONE, TWO, THREE);
    }
  }

  @ParameterizedTest
  @MethodSource("everything")
  void continue_passes_over_and_the_next_run_asks_again(
      ServerVersion version, TransactionMode mode, Condition condition) {
    try (var database = TestDatabase.on(version.server())) {
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog = three(program, mode, Otherwise.CONTINUE, condition);

      Program.Result result = ends(0, program.run(changelog, "migrate"));

      assertThat(result.err())
          .startsWith("notice: Gateway: " + TWO + " was passed over: its precondition ");
      assertThat(result.out())
          .contains(
              "Gateway: 2 applied, 1 passed over, pending at " + THREE + " (2 applied, 1 pending)");
      assertThat(database.history()).containsExactly(ONE, THREE);
      assertThat(tables(database)).containsExactly("one", "three");
      ends(1, program.run(changelog, "status"));
      assertThat(ends(0, program.run(changelog, "migrate")).out())
          .startsWith("Gateway: 0 applied, 1 passed over, pending at ");

      database.executeAsOwner("CREATE TABLE wanted AS SELECT 1");
      assertThat(ends(0, program.run(changelog, "migrate")).out()).startsWith("applied  " + TWO);
      assertThat(database.history()).containsExactly(ONE, TWO, THREE);
    }
  }

  @ParameterizedTest
  @MethodSource("everything")
  void mark_ran_records_without_running(
      ServerVersion version, TransactionMode mode, Condition condition) {
    try (var database = TestDatabase.on(version.server())) {
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog = three(program, mode, Otherwise.MARK_RAN, condition);

      Program.Result result = ends(0, program.run(changelog, "migrate"));

      assertThat(result.err())
          .startsWith("notice: Gateway: " + TWO + " is recorded without being run: its precond");
      assertThat(result.out())
          .contains("\nmarked   " + TWO + "\n")
          .contains("Gateway: 2 applied, 1 marked, up-to-date at " + THREE + " (3 applied)");
      assertThat(database.history()).containsExactly(ONE, TWO, THREE);
      assertThat(tables(database)).containsExactly("one", "three");
      assertThat(
              database.rows(
                  "SELECT statements_done, statements, finished_at IS NOT NULL FROM slipway_journal"
                      + " ORDER BY migration_id"))
          .containsExactly("1|1|t", "0|1|t", "1|1|t");
      database.executeAsOwner("CREATE TABLE wanted AS SELECT 1");
      assertThat(ends(0, program.run(changelog, "migrate")).out())
          .startsWith("Gateway: nothing to do, up-to-date");
    }
  }

  @ParameterizedTest
  @MethodSource("everything")
  void warn_applies_all_the_same(ServerVersion version, TransactionMode mode, Condition condition) {
    try (var database = TestDatabase.on(version.server())) {
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog = three(program, mode, Otherwise.WARN, condition);

      Program.Result result = ends(0, program.run(changelog, "migrate"));

      assertThat(result.err())
          .startsWith("warning: Gateway: " + TWO + " is applied although its precondition ")
          .endsWith("changes.written:3)\n")
          .hasLineCount(1);
      assertThat(database.history()).containsExactly(ONE, TWO, THREE);
      assertThat(tables(database)).containsExactly("one", "three", "two");
    }
  }

  @ParameterizedTest
  @EnumSource(TransactionMode.class)
  void one_that_holds_is_not_talked_about(TransactionMode mode) {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);
      var condition =
          new All(
              List.of(
                  exists("one"),
                  new Not(exists("two")),
                  new Recorded(new MigrationId(ONE)),
                  new Not(new Recorded(new MigrationId(TWO))),
                  new Any(List.of(new Known(false, "no"), new Holds("true", "yes")))));

      Program.Result result =
          ends(0, program.run(three(program, mode, Otherwise.HALT, condition), "migrate"));

      assertThat(result.err()).isEmpty();
      assertThat(database.history()).containsExactly(ONE, TWO, THREE);
      assertThat(tables(database)).containsExactly("one", "three", "two");
    }
  }

  @Test
  void the_statements_behind_it_are_told_apart_when_they_fail() {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog = program.changelog();
      changelog.add(
          ONE,
          Conduct.PLAIN,
          Optional.of(changelog.precondition(Otherwise.MARK_RAN, new Not(THERE))),
          "CREATE TABLE one (id int);\nCREATE TABLE two (id teext);");

      Program.Result result = ends(7, program.run(changelog, "migrate"));

      assertThat(result.err()).contains("changes.written:2, statement 2 of 2 (CREATE TABLE)");
      assertThat(tables(database)).isEmpty();
    }
  }

  /// What the condition sees is what the migrations before have left, in the user's search path.
  @Test
  void it_sees_what_the_migrations_before_it_did() {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog = program.changelog();
      changelog
          .add(ONE, "CREATE TABLE wanted AS SELECT 1; SET search_path = 'nowhere'")
          .add(
              TWO,
              Conduct.PLAIN,
              Optional.of(changelog.precondition(Otherwise.HALT, NO_TABLE)),
              "CREATE TABLE two (id int);");

      ends(0, program.run(changelog, "migrate"));

      assertThat(database.history()).containsExactly(ONE, TWO);
    }
  }

  /// Rows that a query of a precondition writes would be in nobody's migration.
  @ParameterizedTest
  @EnumSource(Otherwise.class)
  void what_its_queries_do_is_undone(Otherwise otherwise) {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner(
          """
          CREATE TABLE traces (id int);
          CREATE SEQUENCE numbers;
          CREATE FUNCTION leaves_traces() RETURNS bool LANGUAGE plpgsql AS $$
          BEGIN
            INSERT INTO traces VALUES (nextval('numbers'));
            PERFORM set_config('work_mem', '1MB', false);
            RETURN false;
          END $$""");
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog =
          three(program, TransactionMode.ONE, otherwise, new Holds("leaves_traces()", "traces"))
              .add(
                  "20240104000000_Four",
                  """
                  CREATE TABLE seen AS SELECT current_setting('work_mem') AS work_mem""");

      program.run(changelog, "migrate");

      assertThat(database.rows("SELECT id FROM traces")).isEmpty();
      if (otherwise != Otherwise.HALT) {
        assertThat(database.rows("SELECT work_mem <> '1MB' FROM seen")).containsExactly("t");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TransactionMode.class)
  void a_lock_that_is_waited_for_too_long_is_no_answer(TransactionMode mode) throws SQLException {
    try (var database = TestDatabase.create();
        Connection other = database.connect()) {
      database.executeAsOwner("CREATE TABLE wanted (id int)");
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        statement.execute("LOCK TABLE wanted");
      }
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog = three(program, mode, Otherwise.MARK_RAN, NO_TABLE);

      Program.Result result = ends(5, program.run(changelog, "migrate", "--lock-timeout", "200ms"));

      // Whether the blocker is seen in so short a time is chance.
      Golden.check(
          "dev/slipway/failures/precondition-locked.txt",
          result.toString().replaceAll("(?m)^Gateway: waiting for a lock on .*\n", ""));
      assertThat(database.history()).containsExactly(ONE);
      other.rollback();
      assertThat(ends(0, program.run(changelog, "migrate")).out()).startsWith("marked   " + TWO);
    }
  }

  @Test
  void a_query_that_was_cancelled_is_no_answer_and_no_failure_to_pass_over() {
    try (var database = TestDatabase.create()) {
      database
          .server()
          .administer("ALTER ROLE " + database.owner() + " SET statement_timeout = 300");
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog = program.changelog();
      changelog.add(
          ONE,
          new Conduct(TransactionMode.ONE, Rerun.NEVER, OnFailure.GO_ON),
          Optional.of(
              changelog.precondition(
                  Otherwise.MARK_RAN, new Holds("pg_sleep(60) IS NULL", "it sleeps"))),
          "SELECT 1");

      Program.Result result = ends(7, program.run(changelog, "migrate"));

      assertThat(result.err()).contains("could not be evaluated: canceling statement due to");
      assertThat(database.history()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(TransactionMode.class)
  void a_session_that_ends_while_it_is_asked_is_no_answer(TransactionMode mode) {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);
      var condition = new Holds("pg_terminate_backend(pg_backend_pid())", "it ends");

      Program.Result result =
          ends(4, program.run(three(program, mode, Otherwise.MARK_RAN, condition), "migrate"));

      assertThat(result.err()).contains("SQLSTATE 57P01");
      assertThat(database.history()).containsExactly(ONE);
      ends(1, program.run(three(program, mode, Otherwise.MARK_RAN, condition), "status"));
    }
  }

  @ParameterizedTest
  @EnumSource(Rerun.class)
  void one_that_runs_again_is_asked_again(Rerun rerun) {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);
      for (String sql : List.of("SELECT 1", "SELECT 2")) {
        WrittenChangelog changelog = program.changelog();
        changelog.add(
            ONE,
            new Conduct(TransactionMode.ONE, rerun, OnFailure.STOP),
            Optional.of(changelog.precondition(Otherwise.MARK_RAN, THERE)),
            sql);
        if (rerun != Rerun.NEVER || sql.equals("SELECT 1")) {
          assertThat(ends(0, program.run(changelog, "migrate")).out())
              .startsWith("marked   " + ONE);
        }
        assertThat(ends(0, program.run(changelog, "migrate")).out())
            .startsWith(rerun == Rerun.ALWAYS ? "marked   " + ONE : "Gateway: nothing to do");
        if (rerun == Rerun.NEVER) {
          break;
        }
      }
      assertThat(database.history()).containsExactly(ONE);
    }
  }

  @Test
  void a_dry_run_does_not_ask() {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);

      Program.Result result =
          ends(
              0,
              program.run(
                  three(program, TransactionMode.ONE, Otherwise.HALT, THERE),
                  "migrate",
                  "--dry-run"));

      assertThat(result.out()).contains("Gateway: 3 would be applied, nothing was changed");
    }
  }

  @Test
  void what_an_operator_reads_of_one_that_does_not_hold() {
    fails("does-not-hold", Otherwise.HALT, new All(List.of(new Not(THERE), THERE)), "");
  }

  @Test
  void what_an_operator_reads_of_one_that_cannot_be_evaluated() {
    fails("errs", Otherwise.HALT, NO_TABLE, "");
  }

  @Test
  void what_an_operator_reads_of_one_that_has_words_of_its_author() {
    fails("does-not-hold-in-words", Otherwise.HALT, THERE, "Run the\n  import first.");
    fails("errs-in-words", Otherwise.HALT, NO_TABLE, "Run the\n  import first.");
  }

  @Test
  void what_an_operator_reads_of_one_that_does_not_stop_the_run() {
    fails("passed-over", Otherwise.CONTINUE, THERE, "");
    fails("marked", Otherwise.MARK_RAN, NO_TABLE, "");
    fails("warned", Otherwise.WARN, THERE, "Run the import first.");
  }

  private void fails(String golden, Otherwise otherwise, Condition condition, String words) {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog = program.changelog();
      Origin origin = changelog.precondition(otherwise, condition).origin();
      changelog
          .add(ONE, "CREATE TABLE one (id int);")
          .add(
              TWO,
              Conduct.PLAIN,
              Optional.of(new Precondition(origin, condition, otherwise, otherwise, words, words)),
              "CREATE TABLE two (id int);");

      Program.Result result = program.run(changelog, "migrate");

      Golden.check("dev/slipway/failures/precondition-" + golden + ".txt", result.toString());
    }
  }

  @Test
  void json_tells_what_was_marked_and_passed_over() {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog = program.changelog();
      changelog
          .add(
              ONE,
              Conduct.PLAIN,
              Optional.of(changelog.precondition(Otherwise.MARK_RAN, THERE)),
              "SELECT 1")
          .add(
              TWO,
              Conduct.PLAIN,
              Optional.of(changelog.precondition(Otherwise.CONTINUE, THERE)),
              "SELECT 2")
          .add(THREE, "SELECT 3");

      Program.Result result = ends(0, program.run(changelog, "migrate", "--json"));

      assertThat(result.out().replaceAll("\\d+}", "N}"))
          .isEqualTo(
              """
              {"databases":[{"name":"Gateway","state":"pending",\
              "applied":["%s","%s"],"pending":["%s"],"unknown":[],"modified":[],\
              "applied_now":[{"id":"%s","milliseconds":N}],\
              "marked_now":["%s"],"passed_over_now":["%s"]}]}
              """
                  .formatted(ONE, THREE, TWO, THREE, ONE, TWO));
    }
  }

  @Test
  void show_tells_what_is_asked() {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);
      WrittenChangelog changelog = program.changelog();
      Origin origin = changelog.precondition(Otherwise.HALT, THERE).origin();
      var condition = new All(List.of(THERE, new Not(new Recorded(new MigrationId(TWO)))));
      changelog.add(
          ONE,
          new Conduct(TransactionMode.NONE, Rerun.NEVER, OnFailure.GO_ON),
          Optional.of(
              new Precondition(
                  origin, condition, Otherwise.MARK_RAN, Otherwise.CONTINUE, "words", "")),
          "SELECT 1;");
      changelog.add(
          TWO,
          Conduct.PLAIN,
          Optional.of(changelog.precondition(Otherwise.HALT, THERE)),
          "SELECT 2;");

      Golden.check(
          "dev/slipway/commands/show-precondition.txt",
          ends(0, program.run(changelog, "show", ONE))
              + ends(0, program.run(changelog, "show", TWO)).toString()
              + ends(0, program.run(changelog, "show", ONE, "--json")));
    }
  }

  private static WrittenChangelog requiring(WrittenProgram program, Precondition... required) {
    WrittenChangelog changelog = program.changelog().add(ONE, "CREATE TABLE one (id int);");
    for (Precondition precondition : required) {
      changelog.require(precondition);
    }
    return changelog;
  }

  /// Liquibase stops at everything but a warning, too.
  @ParameterizedTest
  @EnumSource(
      value = Otherwise.class,
      names = {"HALT", "CONTINUE", "MARK_RAN"})
  void a_changelog_whose_precondition_does_not_hold_is_not_begun(Otherwise otherwise) {
    for (ServerVersion version : ServerVersion.values()) {
      for (Condition condition : List.of(THERE, NO_TABLE)) {
        try (var database = TestDatabase.on(version.server())) {
          var program = new WrittenProgram(path, database);
          WrittenChangelog changelog =
              requiring(
                  program,
                  program.changelog().precondition(otherwise, new Holds("true", "it is so")),
                  program.changelog().precondition(otherwise, condition));

          Program.Result result = ends(7, program.run(changelog, "migrate"));

          assertThat(result.err())
              .contains("the precondition of changelog \"")
              .contains("  state   nothing was changed\n");
          assertThat(database.tables()).isEmpty();
          ends(7, program.run(changelog, "migrate", "--dry-run"));

          database.executeAsOwner("CREATE TABLE wanted AS SELECT 1");
          ends(0, program.run(changelog, "migrate"));
          database.executeAsOwner("DROP TABLE wanted");
          assertThat(ends(0, program.run(changelog, "migrate")).out()).contains("nothing to do");
        }
      }
    }
  }

  @Test
  void what_an_operator_reads_of_a_changelog_that_is_not_begun() {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);

      for (Condition condition : List.of(THERE, NO_TABLE)) {
        Precondition required = program.changelog().precondition(Otherwise.HALT, condition);
        Program.Result result = program.run(requiring(program, required), "migrate");

        Golden.check(
            "dev/slipway/failures/precondition-changelog%s.txt"
                .formatted(condition.equals(THERE) ? "" : "-errs"),
            result.toString());
      }
    }
  }

  @Test
  void a_changelog_that_warns_is_applied_and_warns_once() {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);
      Precondition required = program.changelog().precondition(Otherwise.WARN, THERE);

      Program.Result result = ends(0, program.run(requiring(program, required), "migrate"));

      assertThat(result.err())
          .contains(
              " is applied although its precondition does not hold: table \"wanted\" exists (")
          .hasLineCount(1);
      assertThat(database.history()).containsExactly(ONE);
    }
  }

  @Test
  void nothing_is_recorded_where_there_is_no_history() {
    try (var database = TestDatabase.create()) {
      var program = new WrittenProgram(path, database);
      var recorded = new Recorded(new MigrationId(TWO));

      ends(
          7,
          program.run(
              requiring(program, program.changelog().precondition(Otherwise.HALT, recorded)),
              "migrate"));
      ends(
          0,
          program.run(
              requiring(
                  program, program.changelog().precondition(Otherwise.HALT, new Not(recorded))),
              "migrate"));
    }
  }

  @Test
  void a_changelog_that_cannot_be_asked_for_a_lock_is_told_as_locked() throws SQLException {
    try (var database = TestDatabase.create();
        Connection other = database.connect()) {
      database.executeAsOwner("CREATE TABLE wanted (id int)");
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        statement.execute("LOCK TABLE wanted");
      }
      var program = new WrittenProgram(path, database);
      Precondition required = program.changelog().precondition(Otherwise.WARN, NO_TABLE);

      Program.Result result =
          ends(5, program.run(requiring(program, required), "migrate", "--lock-timeout", "200ms"));

      assertThat(result.err())
          .contains("the precondition of changelog \"")
          .contains("could not be evaluated: canceling statement due to lock timeout")
          .contains("  state   nothing was changed\n");
    }
  }

  /// The answer of before the lock may have changed by the time a run has it.
  @Test
  void a_changelog_is_asked_again_under_the_lock() {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner(
          """
          CREATE SEQUENCE asked;
          CREATE TABLE wanted ()""");
      var program = new WrittenProgram(path, database);
      Precondition required =
          program
              .changelog()
              .precondition(Otherwise.HALT, new Holds("nextval('asked') < 2", "it is the first"));

      Program.Result result = ends(7, program.run(requiring(program, required), "migrate"));

      assertThat(result.err()).contains("does not hold: it is the first");
      assertThat(database.tables()).containsExactly("public.wanted");
    }
  }
}
