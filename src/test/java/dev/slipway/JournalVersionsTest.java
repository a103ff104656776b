package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Journals that other versions of this program made.
final class JournalVersionsTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String COLUMNS =
      """
      SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute
      WHERE attrelid = 'slipway_journal'::regclass AND attnum > 0 AND NOT attisdropped
        AND attname IN ('statement_begun', 'indexes_before', 'resync_done', 'weather')""";

  /// As a version before made it, which noted only what took effect.
  private static final String OLDER =
      """
      ALTER TABLE slipway_journal DROP COLUMN statement_begun, DROP COLUMN indexes_before,
        DROP COLUMN resync_done""";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void apply_one() {
    write(ONE, "CREATE TABLE one (id int);");
    assertThat(run().code()).isZero();
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

  private Program.Result run(String... arguments) {
    return program().run(arguments);
  }

  @Test
  void an_older_one_is_left_alone_by_who_has_nothing_to_do_and_extended_by_who_has() {
    database.executeAsOwner(OLDER);

    assertThat(run().out()).startsWith("Gateway: nothing to do");
    assertThat(run("status").code()).isZero();
    assertThat(run("history").code()).isZero();
    assertThat(database.rows(COLUMNS)).containsExactly("");

    write(TWO, "CREATE TABLE two (id int);");
    assertThat(run().code()).isZero();

    assertThat(database.rows(COLUMNS))
        .containsExactly("indexes_before,resync_done,statement_begun");
    assertThat(database.rows("SELECT migration_id FROM slipway_journal ORDER BY 1"))
        .containsExactly(ONE, TWO);
  }

  @Test
  void an_older_one_is_extended_under_the_migration_lock() throws InterruptedException {
    database.executeAsOwner(OLDER);
    write(TWO, "CREATE TABLE two (id int);");
    Process one;
    Process other;
    try (var _ = new OpenTransaction(database, "LOCK TABLE slipway_journal IN SHARE MODE")) {
      one = program().start();
      Until.running(database, "%ALTER TABLE%slipway_journal%");
      other = program().start();
      Until.row(
          database,
          """
          SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
            AND starts_with(application_name, 'slipway') AND wait_event_type = 'Lock' HAVING count(*) = 2""");
    }

    assertThat(Program.finish(one).code()).isZero();
    assertThat(Program.finish(other).code()).isZero();
    assertThat(database.history()).containsExactly(ONE, TWO);
    assertThat(database.rows(COLUMNS))
        .containsExactly("indexes_before,resync_done,statement_begun");
  }

  @Test
  void what_an_older_one_does_not_tell_is_in_doubt() {
    write(TWO, "-- slipway: no-transaction\nVACUUM one;\nINSERT INTO one SELECT id FROM two;");
    assertThat(run().code()).isEqualTo(8);
    database.executeAsOwner(OLDER);

    Program.Result refused = run();

    assertThat(refused.code()).as(refused.toString()).isEqualTo(8);
    assertThat(refused.err())
        .contains("statement 2 of 2 (INSERT): an earlier run was cut off there, and nobody knows");

    database.executeAsOwner("CREATE TABLE two AS SELECT 2 AS id");
    assertThat(run("repair", "--resume").code()).isZero();
    assertThat(run().code()).isZero();
    assertThat(database.rows("SELECT id FROM one")).containsExactly("2");
  }

  @Test
  void what_an_older_one_does_not_tell_does_no_harm_where_it_can_be_run_again() {
    write(TWO, "-- slipway: no-transaction\nSELECT 1;\nCREATE INDEX CONCURRENTLY ON one (id);");
    database.executeAsOwner("INSERT INTO one SELECT 1");
    assertThat(run().code()).isZero();
    database.execute(
        """
        UPDATE slipway_journal SET finished_at = NULL, statements_done = 1
        WHERE migration_id LIKE '%Two';
        DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '%Two'""");
    database.executeAsOwner(OLDER);

    assertThat(run().err()).contains("index public.one_id_idx was built to its end");

    assertThat(database.history()).containsExactly(ONE, TWO);
    assertThat(database.rows("SELECT count(*) FROM pg_index WHERE indrelid = 'one'::regclass"))
        .containsExactly("1");
  }

  @Test
  void a_newer_one_is_tolerated_and_keeps_what_it_knows() {
    database.executeAsOwner(
        """
        ALTER TABLE slipway_journal ADD COLUMN weather text DEFAULT 'fine';
        UPDATE slipway_journal SET weather = 'rain'""");
    write(TWO, "-- slipway: no-transaction\nVACUUM one;\nINSERT INTO one VALUES (1);");

    assertThat(run().code()).isZero();
    assertThat(run("status").code()).isZero();

    assertThat(database.rows("SELECT migration_id, weather FROM slipway_journal ORDER BY 1"))
        .containsExactly(ONE + "|rain", TWO + "|fine");
  }
}
