package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.FailPoint;
import dev.slipway.testing.Folder;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.ProtocolProxy;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Indexes whose concurrent build was cut off: the next run needs nobody to finish it.
@Tag("slow")
final class ResumedIndexTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String IS_BUILDING =
      """
      SELECT 1 FROM pg_stat_progress_create_index
      WHERE datname = current_database() AND phase = 'waiting for old snapshots'""";
  private static final String INDEXES =
      """
      SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index
      WHERE indrelid = 'one'::regclass ORDER BY 1""";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    new Folder(path)
        .write(
            "changelog/" + ONE + ".sql",
            """
            CREATE TABLE one (id int, "Name" text);
            INSERT INTO one VALUES (1, 'a'), (2, 'b');
            CREATE INDEX one_id_idx ON one (id);
            """);
    ends(0, program().run("--to", "One"));
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  private void two(String statements) {
    new Folder(path)
        .write("changelog/" + TWO + ".sql", "-- slipway: no-transaction\n" + statements);
  }

  /// Kills a run while its index is being built.
  private void killBuilding() throws InterruptedException {
    Process process = program().start();
    Until.row(database, IS_BUILDING);
    assertThat(process.destroyForcibly().waitFor()).isEqualTo(137);
  }

  private void killBuildingWithSession() throws InterruptedException {
    try (var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
      killBuilding();
      database.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index"
              + " WHERE datname = current_database()");
      Until.row(
          database,
          "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_progress_create_index"
              + " WHERE datname = current_database())");
    }
    assertThat(database.rows(INDEXES)).anyMatch(index -> index.endsWith("|f"));
  }

  private List<String> undisturbed() {
    try (var other = TestDatabase.create()) {
      ends(0, Program.in(path).with("Gateway", other).run());
      return other.rows(INDEXES);
    }
  }

  private Program.Result assertThatItIsCompleted() {
    Program.Result result = ends(0, program().run());
    assertThat(database.rows(INDEXES)).isEqualTo(undisturbed());
    assertThat(database.history()).containsExactly(ONE, TWO);
    return result;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX CONCURRENTLY one_name ON one (\"Name\")",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS one_name ON one (\"Name\")",
        "CREATE UNIQUE INDEX CONCURRENTLY one_id ON public.one (id) WHERE id > 0",
        "CREATE INDEX CONCURRENTLY ON one (id)",
        "CREATE INDEX CONCURRENTLY ON one USING btree (lower(\"Name\") text_pattern_ops DESC)"
            + " INCLUDE (id) WITH (fillfactor = 70)",
        "CREATE INDEX CONCURRENTLY one_q ON one ((one.id + 1))"
      })
  void an_invalid_index_of_a_killed_build_is_dropped_and_built_again(String statement)
      throws InterruptedException {
    two(statement + ";\nVACUUM one;");
    killBuildingWithSession();

    assertThat(assertThatItIsCompleted().err())
        .contains("going on with " + TWO + ", which an earlier run began: statement 1 of 2")
        .contains("which a broken build left invalid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX CONCURRENTLY one_name ON one (\"Name\")",
        "CREATE INDEX CONCURRENTLY ON one (id)"
      })
  void a_build_that_came_to_its_end_without_its_run_counts(String statement)
      throws InterruptedException {
    two("VACUUM one;\n" + statement + ";");
    try (var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
      killBuilding();
    }
    Until.alone(database);

    assertThat(assertThatItIsCompleted().err())
        .contains("statement 2 of 2")
        .contains("was built to its end");
  }

  /// Found by the crash matrix: what was cancelled was the question whether the index is valid.
  @Test
  void an_index_that_was_built_when_a_signal_came_counts() throws Exception {
    two("CREATE INDEX CONCURRENTLY one_name ON one (\"Name\");\nVACUUM one;");
    Pattern build = Pattern.compile("^CREATE INDEX CONCURRENTLY");
    Process process;
    try (var proxy =
        new ProtocolProxy(
            database.server().port(), new FailPoint(build, build, FailPoint.Side.AFTER))) {
      process =
          Program.in(path)
              .with(
                  "ConnectionStrings__Gateway",
                  database.connectionString(";Host=127.0.0.1;Port=" + proxy.port()))
              .start();
      proxy.reached().get(60, TimeUnit.SECONDS);
      try (var _ = new OpenTransaction(database, "LOCK TABLE pg_index")) {
        proxy.release();
        Until.row(
            database.server(),
            """
            SELECT 1 FROM pg_stat_activity
            WHERE datname = '%s' AND wait_event_type = 'Lock' AND query LIKE '%%indisvalid%%'"""
                .formatted(database.name()));
        process.toHandle().destroy();
        proxy.cancelAsked().get(60, TimeUnit.SECONDS);
        // The server's process still has to hear of it; if it is slow, the question is answered.
        database.server().administer("SELECT pg_sleep(0.3)");
      }
      assertThat(ends(143, Program.finish(process)).err())
          .containsPattern("Run slipway again: it goes on with statement [12]\\.");
    }

    assertThatItIsCompleted();
  }

  @Test
  void a_build_that_still_runs_is_waited_for() throws InterruptedException {
    two("CREATE INDEX CONCURRENTLY one_name ON one (\"Name\");");
    Process next;
    try (var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
      killBuilding();
      next = program().start();
      Until.asked(database, "%pg_try_advisory_lock%");
    }

    assertThat(ends(0, Program.finish(next)).err())
        .contains("waiting for the migration lock")
        .contains("was built to its end");
    assertThatItIsCompleted();
  }

  @Test
  void a_build_by_hand_is_waited_for() throws Exception {
    String statement = "CREATE INDEX CONCURRENTLY one_name ON one (\"Name\")";
    two(statement + ";");
    killBuildingWithSession();
    database.executeAsOwner("DROP INDEX one_name");
    Process next;
    CompletableFuture<Void> byHand;
    try (var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
      byHand = CompletableFuture.runAsync(() -> database.executeAsOwner(statement));
      Until.row(database, IS_BUILDING);
      next = program().start();
      Until.asked(database, "%FROM pg_catalog.pg_stat_progress_create_index AS p\nJOIN%");
    }

    assertThat(ends(0, Program.finish(next)).err())
        .contains("waiting for the build of an index: pid ")
        .contains("was built to its end");
    byHand.get();
    assertThatItIsCompleted();
  }

  @Test
  void a_build_by_another_role_is_waited_for() throws Exception {
    String statement = "CREATE INDEX CONCURRENTLY one_name ON one (\"Name\")";
    two(statement + ";");
    killBuildingWithSession();
    database.executeAsOwner("DROP INDEX one_name");
    Process next;
    CompletableFuture<Void> byHand;
    try (var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
      byHand = CompletableFuture.runAsync(() -> database.execute(statement));
      Until.row(database, IS_BUILDING);
      next = program().start();
      Until.asked(database, "%FROM pg_catalog.pg_stat_progress_create_index AS p\nJOIN%");
    }

    assertThat(ends(0, Program.finish(next)).err())
        .contains("waiting for the build of an index: pid ")
        .contains("was built to its end");
    byHand.get();
    assertThatItIsCompleted();
  }

  @Test
  void a_build_by_hand_over_which_if_not_exists_would_pass_is_waited_for() throws Exception {
    two("CREATE INDEX CONCURRENTLY IF NOT EXISTS one_name ON one (\"Name\");");
    Process next;
    CompletableFuture<Void> byHand;
    try (var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
      byHand =
          CompletableFuture.runAsync(
              () ->
                  database.executeAsOwner("CREATE INDEX CONCURRENTLY one_name ON one (\"Name\")"));
      Until.row(database, IS_BUILDING);
      next = program().start();
      Until.row(
          database,
          "SELECT 1 FROM slipway_journal WHERE statement_begun = 1 AND finished_at IS NULL");
    }

    ends(0, Program.finish(next));
    byHand.get();
    assertThatItIsCompleted();
  }

  @Test
  void another_index_of_that_name_does_not_count() throws InterruptedException {
    two("CREATE INDEX CONCURRENTLY one_name ON one (\"Name\");");
    killBuildingWithSession();
    database.executeAsOwner("DROP INDEX one_name; CREATE INDEX one_name ON one (\"Name\" DESC)");

    assertThat(ends(7, program().run()).err()).contains("relation \"one_name\" already exists");

    database.executeAsOwner("DROP INDEX one_name");
    assertThatItIsCompleted();
  }

  @Test
  void an_invalid_index_that_was_there_before_is_not_ours_to_drop() throws Exception {
    two("VACUUM one;\nCREATE INDEX CONCURRENTLY IF NOT EXISTS one_name ON one (\"Name\");");
    database.executeAsOwner("CREATE INDEX one_name ON one (\"Name\")");
    database.execute(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'one_name'::regclass");
    ends(8, program().run());

    assertThat(ends(8, program().run()).err())
        .contains("index public.one_name is there, but invalid");
    assertThat(database.rows(INDEXES)).anyMatch(index -> index.endsWith("|f"));

    database.executeAsOwner("DROP INDEX one_name");
    assertThatItIsCompleted();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"REINDEX INDEX CONCURRENTLY one_id_idx", "REINDEX (CONCURRENTLY) TABLE one"})
  void what_a_reindex_that_was_cut_off_left_is_dropped(String statement)
      throws InterruptedException {
    two("VACUUM one;\n" + statement + ";");
    killBuildingWithSession();
    database.executeAsOwner("CREATE TABLE other (id int); CREATE INDEX other_ccnew ON other (id)");

    assertThatItIsCompleted();

    assertThat(
            database.rows(
                "SELECT indexname FROM pg_indexes"
                    + " WHERE schemaname = 'public' AND indexname ~ '_ccnew'"))
        .containsExactly("other_ccnew");
  }

  @Test
  void what_a_reindex_that_was_cut_off_left_is_dropped_by_the_script() throws InterruptedException {
    two("VACUUM one;\nREINDEX INDEX CONCURRENTLY one_id_idx;");
    killBuildingWithSession();

    assertThat(new HandRun(path).run(database).text()).contains("slipway: applied " + TWO);
    assertThatItIsCompleted();
  }

  @Test
  void a_reindex_that_is_cancelled_leaves_nothing() throws InterruptedException {
    two("REINDEX INDEX CONCURRENTLY one_id_idx;");
    Process process;
    try (var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
      process = program().start();
      Until.row(database, IS_BUILDING);
      database.execute(
          "SELECT pg_cancel_backend(pid) FROM pg_stat_progress_create_index"
              + " WHERE datname = current_database()");
      Until.row(
          database,
          "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_progress_create_index"
              + " WHERE datname = current_database())");
    }

    assertThat(ends(7, Program.finish(process)).err()).contains("  state   rolled back;");
    assertThat(database.rows(INDEXES)).hasSize(1);
    assertThatItIsCompleted();
  }

  @Test
  void a_temporary_table_that_nothing_behind_it_uses_does_not_matter() throws InterruptedException {
    two(
        """
        CREATE TEMP TABLE helper (id int);
        INSERT INTO helper VALUES (1);
        CREATE INDEX CONCURRENTLY one_name ON one ("Name");
        VACUUM one;
        """);
    killBuildingWithSession();

    assertThatItIsCompleted();
  }

  @Test
  void an_index_whose_drop_was_cut_off_is_dropped() throws InterruptedException {
    two("VACUUM one;\nDROP INDEX CONCURRENTLY one_id_idx;");
    try (var _ = new OpenTransaction(database, "SELECT FROM one")) {
      Process process = program().start();
      Until.running(database, "DROP INDEX CONCURRENTLY one_id_idx");
      assertThat(process.destroyForcibly().waitFor()).isEqualTo(137);
    }
    Until.alone(database);
    assertThat(database.rows(INDEXES)).isEmpty();

    assertThatItIsCompleted();
  }
}
