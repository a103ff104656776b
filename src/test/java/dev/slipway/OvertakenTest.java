package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Migrations that somebody else applies at the same time and records only at the end, as EF's own
/// migrator does where a part of one runs outside of a transaction.
@Tag("slow")
final class OvertakenTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String BUILD = "CREATE INDEX CONCURRENTLY one_id ON one (id)";
  private static final String INDEXES =
      """
      SELECT c.relname, i.indisvalid FROM pg_index AS i
      JOIN pg_class AS c ON c.oid = i.indexrelid
      WHERE i.indrelid = 'one'::regclass ORDER BY 1""";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void apply_the_first() {
    write(ONE, "CREATE TABLE one (id int); INSERT INTO one VALUES (1);");
    ends(0, program().run());
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

  private static String record(String id) {
    return "INSERT INTO \"__EFMigrationsHistory\" VALUES ('" + id + "', '9.0.0')";
  }

  private static String told(Process process, String what) throws IOException {
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    String line = err.readLine();
    while (line != null && !line.contains(what)) {
      line = err.readLine();
    }
    assertThat(line).as("told: " + what).isNotNull();
    return line;
  }

  /// A statement of the other's, which goes on beside the test.
  private static CompletableFuture<Void> beside(Statement other, String sql) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            other.execute(sql);
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static void awaitBuild(TestDatabase database) {
    Until.row(
        database, "SELECT 1 FROM pg_stat_progress_create_index WHERE datname = current_database()");
  }

  private void assertThatItWasAppliedElsewhere() {
    assertThat(database.history()).containsExactly(ONE, TWO);
    assertThat(database.rows("SELECT migration_id FROM slipway_journal")).containsExactly(ONE);
    assertThat(ends(0, program().run()).out()).startsWith("Gateway: nothing to do");
  }

  @Test
  void an_index_that_another_builds_at_the_same_time_is_built_once() throws Exception {
    write(
        TWO, "-- slipway: no-transaction\n" + BUILD + ";\nCREATE INDEX CONCURRENTLY ON one (id);");
    Process process;
    try (Connection connection = database.connectAsOwner();
        Statement other = connection.createStatement()) {
      CompletableFuture<Void> build;
      try (var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
        build = beside(other, BUILD);
        awaitBuild(database);
        process = program().start();
        assertThat(told(process, "waiting for the build of an index")).contains("pid ");
      }
      build.get();
      other.execute(record(TWO));
    }

    ends(0, Program.finish(process));

    assertThat(database.rows(INDEXES)).containsExactly("one_id|t");
    assertThatItWasAppliedElsewhere();
  }

  @Test
  void the_record_of_another_that_is_at_work_is_waited_for() throws Exception {
    write(TWO, "-- slipway: no-transaction\nCREATE TABLE two ();\nALTER TABLE one ADD x int;");
    Process process;
    try (Connection connection = database.connectAsOwner();
        Statement other = connection.createStatement()) {
      other.execute("SET application_name = 'the shop'");
      other.execute("CREATE TABLE two ()");
      other.execute("BEGIN; ALTER TABLE one ADD x int");
      process = program().start();
      assertThat(told(process, "waiting for another session, which may be applying " + TWO))
          .contains(": pid ")
          .contains("(the shop, user " + database.owner());
      other.execute("COMMIT");
      other.execute(record(TWO));
    }

    ends(0, Program.finish(process));

    assertThatItWasAppliedElsewhere();
  }

  /// It holds no lock by which it could be known.
  @Test
  void another_is_known_by_the_statement_that_it_runs() throws Exception {
    write(
        TWO,
        "-- slipway: no-transaction\nCREATE TABLE two ();\n"
            + "SELECT pg_sleep(600)\n  WHERE EXISTS (SELECT FROM one);");
    Process process;
    try (Connection connection = database.connectAsOwner();
        Statement other = connection.createStatement();
        Connection second = database.connectAsOwner();
        Statement recorder = second.createStatement()) {
      other.execute("CREATE TABLE two ()");
      CompletableFuture<Void> sleep =
          beside(other, "SELECT pg_sleep(600) WHERE EXISTS (SELECT FROM one)");
      Until.running(database, "SELECT pg_sleep(600)%");
      process = program().start();
      told(process, "waiting for another session, which may be applying " + TWO);
      recorder.execute(record(TWO));
      ends(0, Program.finish(process));
      other.cancel();
      assertThat(sleep.handle((_, e) -> e).get()).hasRootCauseInstanceOf(SQLException.class);
    }

    assertThatItWasAppliedElsewhere();
  }

  /// It may have another opinion of what needs a transaction.
  @Test
  void a_migration_in_one_transaction_waits_for_the_record_too() throws Exception {
    write(TWO, "CREATE TABLE two ();\nALTER TABLE one ADD x int;");
    Process process;
    try (Connection connection = database.connectAsOwner();
        Statement other = connection.createStatement()) {
      other.execute("CREATE TABLE two ()");
      other.execute("BEGIN; ALTER TABLE one ADD x int");
      process = program().start();
      told(process, "waiting for another session, which may be applying " + TWO);
      other.execute("COMMIT");
      other.execute(record(TWO));
    }

    ends(0, Program.finish(process));

    assertThatItWasAppliedElsewhere();
  }

  @Test
  void the_failure_is_told_when_nobody_is_at_work_any_more() throws Exception {
    write(TWO, "-- slipway: no-transaction\nCREATE TABLE two ();\nALTER TABLE one ADD x int;");
    Process process;
    try (Connection connection = database.connectAsOwner();
        Statement other = connection.createStatement()) {
      other.execute("CREATE TABLE two ()");
      other.execute("BEGIN; ALTER TABLE one ADD x int");
      process = program().start();
      told(process, "waiting for another session, which may be applying " + TWO);
    }

    assertThat(ends(7, Program.finish(process)).err())
        .contains("relation \"two\" already exists")
        .contains("  state   rolled back; 0 of 1 applied\n");
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void the_wait_for_the_record_has_an_end() throws Exception {
    write(TWO, "-- slipway: no-transaction\nCREATE TABLE two ();");
    database.executeAsOwner("CREATE TABLE two ()");
    try (var _ = OpenTransaction.ofOwner(database, "ALTER TABLE one ADD x int")) {
      Program.Result result = program().run("--run-lock-wait", "1s");

      assertThat(ends(7, result).err())
          .contains("waiting for another session, which may be applying " + TWO)
          .contains("relation \"two\" already exists");
    }
  }

  @Test
  void applications_at_work_are_not_waited_for() throws Exception {
    write(TWO, "-- slipway: no-transaction\nCREATE TABLE two ();");
    database.executeAsOwner("CREATE TABLE two ()");
    try (var _ = OpenTransaction.ofOwner(database, "UPDATE one SET id = 2; SELECT FROM one")) {
      assertThat(ends(7, program().run()).err()).doesNotContain("waiting");
    }
  }

  @Test
  void the_invalid_index_of_another_that_lost_is_in_nobodys_way() throws Exception {
    write(TWO, "-- slipway: no-transaction\n" + BUILD + ";");
    Process process;
    try (Connection connection = database.connectAsOwner();
        Statement other = connection.createStatement();
        var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
      CompletableFuture<Void> build = beside(other, BUILD);
      awaitBuild(database);
      process = program().start();
      told(process, "waiting for the build of an index");
      other.cancel();
      assertThat(build.handle((_, e) -> e).get()).hasRootCauseInstanceOf(SQLException.class);
    }

    assertThat(ends(0, Program.finish(process)).err())
        .contains("dropped index public.one_id, which a broken build left invalid");

    assertThat(database.rows(INDEXES)).containsExactly("one_id|t");
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  /// The end of what it began is ours.
  @Test
  void the_index_of_another_that_is_gone_since_counts() throws Exception {
    write(TWO, "-- slipway: no-transaction\n" + BUILD + ";\nCREATE TABLE two ();");
    Process process;
    try (Connection connection = database.connectAsOwner();
        Statement other = connection.createStatement()) {
      CompletableFuture<Void> build;
      try (var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
        build = beside(other, BUILD);
        awaitBuild(database);
        process = program().start();
        told(process, "waiting for the build of an index");
      }
      build.get();
    }

    assertThat(ends(0, Program.finish(process)).err())
        .contains("index public.one_id was built to its end");

    assertThat(database.rows(INDEXES)).containsExactly("one_id|t");
    assertThat(database.tables()).contains("public.two");
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void two_builds_that_wait_for_each_other_are_told_apart() throws Exception {
    write(TWO, "-- slipway: no-transaction\n" + BUILD + ";");
    Process process;
    try (Connection connection = database.connectAsOwner();
        Statement other = connection.createStatement()) {
      CompletableFuture<Void> build;
      try (var _ = new OpenTransaction(database, "LOCK TABLE one IN SHARE MODE")) {
        process = program().start();
        Until.running(database, BUILD + "%");
        build = beside(other, BUILD);
        Until.row(
            database,
            """
            SELECT 1 FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE '%s%%' HAVING count(*) = 2"""
                .formatted(BUILD));
      }
      build.handle((_, e) -> e).get();
    }

    ends(0, Program.finish(process));

    assertThat(database.rows(INDEXES)).containsExactly("one_id|t");
    assertThat(database.history()).containsExactly(ONE, TWO);
  }
}
