package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.CuttingProxy;
import dev.slipway.testing.CuttingProxy.Cut;
import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A connection that breaks when a migration is being committed.
final class LostAnswerTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String THREE = "20240103000000_Three";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    folder =
        new Folder(path)
            .write("changelog/" + ONE + ".sql", "CREATE TABLE one (id int);")
            .write("changelog/" + TWO + ".sql", "CREATE TABLE two (id int);")
            .write("changelog/" + THREE + ".sql", "CREATE TABLE three (id int);");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program.Result runThrough(CuttingProxy proxy, String... arguments) {
    return Program.in(path)
        .with(
            "ConnectionStrings__Gateway",
            database.connectionString(";Host=127.0.0.1;Port=" + proxy.port()))
        .with("Slipway__StartWait", "1s")
        .run(arguments);
  }

  /// The server may get it before or after the new connection looks.
  @ParameterizedTest
  @EnumSource(names = {"ANSWER", "LATE_REQUEST"})
  void an_answer_that_was_lost_is_looked_up_and_the_run_goes_on(Cut cut) {
    try (var proxy = new CuttingProxy(database.server().port(), "CREATE TABLE two", cut)) {
      Program.Result result = runThrough(proxy);

      assertThat(proxy.cuts()).isEqualTo(1);
      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err())
          .endsWith(
              "notice: Gateway: the answer to the COMMIT of " + TWO + " was lost; it is applied\n");
      assertThat(result.out())
          .containsPattern("(?s)applied  " + ONE + ".*applied  " + TWO + ".*applied  " + THREE)
          .contains("Gateway: 3 applied, up-to-date");
      assertThat(database.history()).containsExactly(ONE, TWO, THREE);
      assertThat(database.rows("SELECT count(*) FROM slipway_journal")).containsExactly("3");
    }
  }

  /// The text stands in the last message of a migration that is sent in several.
  @Test
  void the_answer_to_a_COMMIT_by_itself_is_looked_up_too() {
    folder.write("changelog/" + TWO + ".sql", "SELECT 1;\nCREATE TABLE two (id int);\nSELECT 2;");
    try (var proxy = new CuttingProxy(database.server().port(), "'" + TWO + "', '")) {
      Program.Result result = runThrough(proxy, "--json");

      assertThat(proxy.cuts()).isEqualTo(1);
      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.out()).contains("\"id\":\"" + TWO + "\",\"milliseconds\"");
      assertThat(database.history()).containsExactly(ONE, TWO, THREE);
    }
  }

  @Test
  void a_request_that_was_lost_left_nothing_behind() {
    try (var proxy = new CuttingProxy(database.server().port(), "CREATE TABLE two", Cut.REQUEST)) {
      Program.Result result = runThrough(proxy);

      assertThat(proxy.cuts()).isEqualTo(1);
      assertThat(result.code()).as(result.toString()).isEqualTo(4);
      assertThat(result.err())
          .contains("  state   rolled back; 1 of 3 applied, " + ONE + " is the last\n")
          .contains("  next    Run slipway again when the server is there");
      assertThat(result.out()).contains("Gateway: failed, 1 applied, pending at " + ONE);
      assertThat(database.history()).containsExactly(ONE);
    }
    assertThat(Program.in(path).with("Gateway", database).run().code()).isZero();
    assertThat(database.history()).containsExactly(ONE, TWO, THREE);
  }

  @Test
  void where_nobody_can_be_asked_it_stays_open() {
    try (var proxy = new CuttingProxy(database.server().port(), "CREATE TABLE two", Cut.LINE)) {
      Program.Result result = runThrough(proxy);

      assertThat(result.code()).as(result.toString()).isEqualTo(4);
      assertThat(result.err())
          .contains("  state   the connection was lost while " + TWO + " was being committed")
          .contains("  next    Run slipway again when the server is there");
    }
    Until.alone(database);
    assertThat(database.history()).containsExactly(ONE, TWO);
    assertThat(Program.in(path).with("Gateway", database).run().code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"run-on-change", "run-always"})
  void a_migration_that_runs_again_is_settled_where_its_journal_tells(String directive) {
    folder.write(
        "changelog/" + TWO + ".sql",
        "-- slipway: " + directive + "\nCREATE OR REPLACE VIEW two AS SELECT 1 AS a;");
    Program.in(path).with("Gateway", database).run();
    String second = "CREATE OR REPLACE VIEW two AS SELECT 1 AS a, 2 AS b;";
    folder.write("changelog/" + TWO + ".sql", "-- slipway: " + directive + "\n" + second);
    try (var proxy = new CuttingProxy(database.server().port(), second.replace(";", ""))) {
      Program.Result result = runThrough(proxy);

      assertThat(proxy.cuts()).isEqualTo(1);
      assertThat(result.code())
          .as(result.toString())
          .isEqualTo(directive.equals("run-always") ? 4 : 0);
    }
    Until.alone(database);
    assertThat(database.rows("SELECT a + b FROM two")).containsExactly("3");
    assertThat(Program.in(path).with("Gateway", database).run().code()).isZero();
  }
}
