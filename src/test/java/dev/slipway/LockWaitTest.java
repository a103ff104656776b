package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.Psql;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Migrations whose tables are in use.
@Tag("slow")
final class LockWaitTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    write(ONE, "CREATE TABLE one (id int); INSERT INTO one SELECT generate_series(1, 1000);");
    write(TWO, "ALTER TABLE one ADD COLUMN name text;");
    ends(0, program().run("--to", "One"));
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private void write(String id, String sql) {
    new Folder(path).write("changelog/" + id + ".sql", sql);
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  /// Reads what the program tells until a line has this in it.
  private static String told(Process process, String what) throws IOException {
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    String line = err.readLine();
    while (line != null && !line.contains(what)) {
      line = err.readLine();
    }
    assertThat(line).as("told: " + what).isNotNull();
    return line;
  }

  @Test
  void a_migration_that_does_not_get_its_lock_is_tried_again() throws Exception {
    Process process;
    try (var _ = new OpenTransaction(database, "SELECT FROM one")) {
      process = program().start("--lock-timeout", "200ms");

      assertThat(told(process, "trying"))
          .isEqualTo("Gateway: trying " + TWO + " again: canceling statement due to lock timeout");
      told(process, "trying");
    }

    assertThat(process.waitFor()).isZero();
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  /// PREPARE outlives the transaction that is rolled back.
  @Test
  void what_it_prepared_does_not_stand_in_its_way() throws Exception {
    write(TWO, "PREPARE one_name AS SELECT 1;\nALTER TABLE one ADD COLUMN name text;");
    Process process;
    try (var _ = new OpenTransaction(database, "SELECT FROM one")) {
      process = program().start("--lock-timeout", "200ms");
      told(process, "trying");
    }

    assertThat(process.waitFor()).isZero();
  }

  @Test
  void who_blocks_it_is_named_also_where_it_gives_up_soon() throws Exception {
    Process process;
    try (var _ = new OpenTransaction(database, "SELECT FROM one")) {
      process = program().start("--lock-timeout", "1s");

      assertThat(told(process, "blocked by")).contains("waiting for a lock on \"one\"");
    }

    assertThat(process.waitFor()).isZero();
  }

  @Test
  void a_statement_without_a_transaction_is_tried_again_too() throws Exception {
    write(TWO, "-- slipway: no-transaction\nVACUUM one;\nALTER TABLE one ADD COLUMN name text;");
    Process process;
    try (var _ = new OpenTransaction(database, "SELECT FROM one")) {
      process = program().start("--lock-timeout", "200ms");
      told(process, "trying " + TWO + " again");
    }

    assertThat(process.waitFor()).isZero();
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void who_blocks_it_is_named() throws Exception {
    Process process;
    try (var _ = OpenTransaction.ofOwner(database, "SELECT count(*) AS \"the one\" FROM one")) {
      process = program().start();

      assertThat(told(process, "waiting for a lock"))
          .matches(
              "Gateway: waiting for a lock on \"one\": blocked by pid \\d+ \\(.*user "
                  + database.owner()
                  + ".*\\)"
                  + ".*SELECT count.*the one.*");
    }

    assertThat(process.waitFor()).isZero();
  }

  @Test
  void the_trying_ends_when_its_time_is_up() {
    try (var _ = new OpenTransaction(database, "SELECT FROM one")) {
      Program.Result result = program().run("--lock-timeout", "100ms", "--lock-wait", "1s");

      assertThat(ends(5, result).err())
          .contains("trying " + TWO + " again")
          .contains("canceling statement due to lock timeout")
          .contains("  state   rolled back; 0 of 1 applied\n")
          .contains("Slipway__LockWait=10min");
    }
  }

  /// Runner and script, with a transaction and without.
  @ParameterizedTest
  @ValueSource(strings = {"", "no-transaction, "})
  void a_migration_may_have_a_lock_timeout_of_its_own(String more) {
    write(
        TWO,
        "-- slipway: "
            + more
            + "lock-timeout 7s\nCREATE TABLE seen AS SELECT current_setting('lock_timeout');");
    String three = "20240103000000_Three";
    write(three, "CREATE TABLE next AS SELECT current_setting('lock_timeout');");
    String seen = "SELECT * FROM seen UNION ALL SELECT * FROM next";
    Path script = path.resolve("script.sql");
    ends(0, program().run("script", "-o", script.toString(), "--lock-timeout", "3s"));

    ends(0, program().run("--lock-timeout", "3s"));

    assertThat(database.rows(seen)).containsExactly("7s", "3s");
    try (var other = TestDatabase.create()) {
      Psql.Result result = Psql.run(other, other.owner(), script, "--set=ON_ERROR_STOP=1");
      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(other.rows(seen)).containsExactly("7s", "3s");
    }
  }

  @Test
  void it_is_not_tried_again_where_that_is_not_wanted() {
    try (var _ = new OpenTransaction(database, "SELECT FROM one")) {
      Program.Result result = program().run("--lock-timeout", "100ms", "--lock-wait", "0");

      assertThat(ends(5, result).err()).doesNotContain("trying");
    }
  }

  @Test
  void what_fails_for_other_reasons_is_not_tried_again() {
    write(TWO, "ALTER TABLE none ADD COLUMN name text;");

    assertThat(ends(7, program().run()).err()).doesNotContain("trying");
  }

  @Test
  void a_signal_ends_the_trying() throws Exception {
    try (var _ = new OpenTransaction(database, "SELECT FROM one")) {
      Process process = program().start("--lock-timeout", "100ms", "--lock-wait", "10min");
      told(process, "trying");

      new ProcessBuilder(List.of("kill", "-TERM", Long.toString(process.pid()))).start().waitFor();

      assertThat(process.waitFor()).isEqualTo(143);
    }
    Until.alone(database);
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void how_far_a_long_statement_has_come_is_told() throws Exception {
    write(TWO, "-- slipway: no-transaction\nCREATE INDEX CONCURRENTLY one_id ON one (id);");
    Process process;
    try (var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
      process = program().start();

      assertThat(told(process, "waiting for another"))
          .contains("waiting for another transaction: pid ");
    }
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void a_long_statement_tells_that_it_is_at_work() throws Exception {
    write(TWO, "SELECT pg_sleep(2.5);");
    Process process = program().start();

    assertThat(told(process, "applying")).matches("Gateway: applying " + TWO + " for \\d s");
    assertThat(process.waitFor()).isZero();
  }

  /// Some seconds of work in many blocks.
  private void writeSlowIndex() {
    database.executeAsOwner(
        """
        CREATE TABLE wide AS SELECT id, repeat('x', 1000) AS x FROM generate_series(1, 700) AS id;
        CREATE FUNCTION slowly(int) RETURNS int IMMUTABLE LANGUAGE plpgsql
          AS $$ BEGIN PERFORM pg_sleep(0.005); RETURN $1; END $$;
        """);
    write(TWO, "CREATE INDEX wide_slowly ON wide (public.slowly(id));");
  }

  @Test
  void a_build_of_an_index_tells_how_far_it_has_come() throws Exception {
    writeSlowIndex();
    Process process = program().start();

    assertThat(told(process, " %"))
        .matches(
            "Gateway: applying "
                + TWO
                + " for \\d s: CREATE INDEX, building index: scanning table [1-9]\\d? %");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void on_a_terminal_that_is_one_line_which_is_written_over() throws Exception {
    writeSlowIndex();
    Process process =
        program()
            .with("SHELL", "/bin/bash")
            .startWithin(
                List.of(
                    "bash", "-c", "exec script -qec \"$(printf '%q ' \"$@\")\" /dev/null", "bash"));

    String shown = ends(0, Program.finish(process)).out();
    assertThat(shown.split("\n")).filteredOn(line -> line.contains("applying")).hasSize(1);
    assertThat(shown.split("\r\u001B\\[2K", -1)).hasSizeGreaterThan(3);
    assertThat(shown).containsPattern("\\d %\u001B\\[\\?7h\r\u001B\\[2Kapplied  " + TWO);
  }

  @Test
  void a_role_with_one_connection_only_is_not_disturbed() throws Exception {
    database.execute("ALTER ROLE " + database.owner() + " CONNECTION LIMIT 1");
    write(TWO, "SELECT pg_sleep(2.5);");

    ends(0, program().run());
  }
}
