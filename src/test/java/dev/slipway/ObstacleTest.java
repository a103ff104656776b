package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Migrations that end although nothing is wrong with them: nobody is sent to mend their files.
final class ObstacleTest {
  private static final String FILE = "changelog/20240101000000_One.sql";
  private static final String SLEEPS = "SELECT pg_sleep(600)";
  private static final String ONWARDS = ": it goes on with this migration.\n";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program(String sql) {
    new Folder(path).write(FILE, sql);
    return Program.in(path).with("Gateway", database);
  }

  private static String next(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result.err().substring(result.err().indexOf("  next    "));
  }

  private static String raising(String sqlState) {
    return "DO $$ BEGIN RAISE 'too little' USING ERRCODE = '%s'; END $$;\n".formatted(sqlState);
  }

  private static String halfWay(String then) {
    return "-- slipway: no-transaction\nCREATE TABLE one (id int);\n" + then;
  }

  @ParameterizedTest
  @CsvSource({
    "53000, has what it lacked",
    "53100, has room on its disk",
    "53200, has memory for it",
    "53300, has connections to spare",
  })
  void what_the_server_lacks_is_not_to_be_mended_in_the_file(String sqlState, String lack) {
    Program.Result result = program(raising(sqlState)).run();

    assertThat(next(7, result))
        .startsWith("  next    Nothing in ")
        .endsWith(FILE + " has to be mended. Run slipway again once the server " + lack + ONWARDS);
  }

  @Test
  void a_limit_of_the_server_that_is_run_into_is_told_by_its_own_words() {
    String limit = "ALTER ROLE %s SET temp_file_limit = '64kB'".formatted(database.owner());
    database.server().administer(limit);

    Program.Result result =
        program("CREATE TABLE one AS SELECT n FROM generate_series(1, 999999) n ORDER BY -n;")
            .run();

    assertThat(result.err()).contains("temp_file_limit", "SQLSTATE 53400");
    assertThat(next(7, result)).contains("again once the server has what it lacked" + ONWARDS);
  }

  @Test
  void a_trial_that_meets_it_can_be_made_again() {
    Program.Result result = program(raising("53100")).run("migrate", "--dry-run=execute");

    assertThat(next(7, result))
        .endsWith(" has to be mended. Try again once the server has room on its disk.\n");
  }

  @Test
  void what_the_server_lacks_half_way_is_not_to_be_mended_in_the_file_either() {
    Program.Result result = program(halfWay(raising("53200"))).run();

    assertThat(next(8, result))
        .endsWith(
            " has to be mended. Run slipway again once the server has memory for it: it goes on with"
                + " statement 2.\n");
  }

  @Test
  void a_statement_timeout_is_named_with_what_lifts_it() {
    String limit = "ALTER ROLE %s SET statement_timeout = 300".formatted(database.owner());
    database.server().administer(limit);
    Program program = program(SLEEPS + ";");

    String next = next(7, program.run());

    assertThat(next)
        .startsWith("  next    A statement_timeout ended it, that of the role, the database or")
        .endsWith("\n          Run slipway again" + ONWARDS);
    assertThat(next)
        .contains(" lift it by Options=-c statement_timeout=0 in the connection string.");
  }

  @Test
  void what_is_said_to_lift_a_statement_timeout_does() {
    String limit = "ALTER ROLE %s SET statement_timeout = 300".formatted(database.owner());
    database.server().administer(limit);

    Program.Result result =
        program("SELECT pg_sleep(0.5);")
            .with(
                "ConnectionStrings__Gateway",
                database.connectionString(";Options=-c statement_timeout=0"))
            .run();

    assertThat(result.code()).as(result.toString()).isZero();
  }

  @Test
  void a_statement_that_somebody_cancelled_is_told_as_such() throws Exception {
    Process process = program(SLEEPS + ";").start();
    cancel();

    assertThat(next(7, Program.finish(process)))
        .startsWith("  next    Somebody cancelled it; nothing in ")
        .endsWith(" has to be mended. Run slipway again once you know why" + ONWARDS);
  }

  @Test
  void a_statement_that_somebody_cancelled_half_way_is_told_as_such_too() throws Exception {
    Process process = program(halfWay(SLEEPS + ";")).start();
    cancel();

    assertThat(next(8, Program.finish(process)))
        .startsWith("  next    Statement 2 had no effect. Somebody cancelled it; nothing in ")
        .endsWith("once you know why: it goes on with statement 2.\n");
  }

  private void cancel() {
    Until.running(database, SLEEPS + "%");
    Until.row(
        database,
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%s%%'"
                .formatted(SLEEPS)
            + " AND datname = current_database() AND pid <> pg_backend_pid()");
  }
}
