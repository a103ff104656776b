package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.GreetingProxy;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs behind what looks like a pooler.
final class PoolerTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();
  private final GreetingProxy pooler = GreetingProxy.withAnotherPid(database.server().port());

  @AfterEach
  void drop_the_database() {
    pooler.close();
    database.close();
  }

  private void write(String id, String sql) {
    new Folder(path).write("changelog/" + id + ".sql", sql);
  }

  private Program program() {
    return Program.in(path)
        .with(
            "ConnectionStrings__Gateway",
            database.connectionString(";Host=127.0.0.1;Port=" + pooler.port()));
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  /// It would stay with the pooler's connection, and keep out whoever is given another.
  @Test
  void no_lock_is_left_on_a_connection_that_others_get() {
    write(
        ONE,
        """
        CREATE TABLE locks AS SELECT locktype FROM pg_locks
        WHERE pid = pg_backend_pid() AND locktype = 'advisory';
        """);

    ends(0, program().run());

    assertThat(database.rows("SELECT locktype FROM locks")).isEmpty();
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void two_runs_at_once_apply_each_migration_once() {
    for (int i = 0; i < 9; i++) {
      write("2024010" + (i + 1) + "000000_M", "CREATE TABLE t" + i + " (id int);");
    }

    CompletableFuture<Program.Result> one = CompletableFuture.supplyAsync(() -> program().run());
    CompletableFuture<Program.Result> other = CompletableFuture.supplyAsync(() -> program().run());

    ends(0, one.join());
    ends(0, other.join());
    assertThat(database.history()).hasSize(9);
  }

  @Test
  void a_migration_without_a_transaction_is_refused_before_anything_is_written() {
    write(ONE, "CREATE TABLE one (id int);");
    write(TWO, "-- slipway: no-transaction\nCREATE INDEX CONCURRENTLY ON one (id);");

    Golden.check("dev/slipway/failures/pooler.txt", ends(3, program().run()).toString());

    assertThat(database.tables()).isEmpty();
  }

  @Test
  void with_a_direct_connection_string_it_is_applied() {
    write(ONE, "CREATE TABLE one (id int);");
    write(TWO, "-- slipway: no-transaction\nCREATE INDEX CONCURRENTLY ON one (id);");

    ends(
        0,
        program().with("ConnectionStrings__Gateway__Direct", database.connectionString("")).run());

    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void one_that_is_applied_is_none_of_the_poolers_business() {
    write(ONE, "-- slipway: no-transaction\nVACUUM;");
    ends(0, Program.in(path).with("Gateway", database).run());
    write(TWO, "CREATE TABLE two (id int);");

    ends(0, program().run());

    assertThat(database.history()).containsExactly(ONE, TWO);
  }
}
