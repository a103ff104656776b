package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Psql;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Migrations that are due again, by a script.
@Tag("slow")
final class ScriptRepeatableTest {
  private static final String ONE = "20240101000000_One";
  private static final String VIEW = "20240102000000_View";
  private static final String THREE = "20240103000000_Three";
  private static final String MARK = "-- slipway: run-on-change\n";
  private static final String BY_ITSELF = "-- slipway: run-on-change, no-transaction\n";

  @TempDir private Path path;
  private HandRun hand = new HandRun(Path.of(""));

  @BeforeEach
  void write_a_changelog() {
    hand =
        new HandRun(path)
            .migration(ONE, "CREATE TABLE one (id int);")
            .migration(VIEW, MARK + "CREATE OR REPLACE VIEW v AS SELECT 1 AS a;");
  }

  private static TestDatabase database(ServerVersion version) {
    return TestDatabase.on(version.server());
  }

  private void succeeds(TestDatabase database) {
    Psql.Result result = hand.runUntilError(database);
    assertThat(result.code()).as(result.toString()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void one_that_stopped_half_way_without_a_transaction_is_finished(ServerVersion version) {
    hand.migration(VIEW, BY_ITSELF + "CREATE TABLE two (id int);\nALTER TABLE gate ADD b int;")
        .migration(THREE, "CREATE TABLE three (id int);");
    try (var database = database(version)) {
      assertThat(hand.run(database).text()).contains("stopped: 1 of 2 statements took effect");
      database.executeAsOwner("CREATE TABLE gate ()");

      succeeds(database);

      assertThat(database.history()).containsExactly(ONE, VIEW, THREE);
      assertThat(HandRun.unfinished(database)).isEmpty();
      assertThat(database.rows("SELECT b FROM gate")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_stopped_half_way_when_it_was_run_again_is_finished(ServerVersion version) {
    hand.migration(VIEW, BY_ITSELF + "CREATE TABLE two (id int);");
    try (var database = database(version)) {
      succeeds(database);
      hand.migration(VIEW, BY_ITSELF + "CREATE TABLE three (id int);\nALTER TABLE gate ADD b int;");
      assertThat(hand.run(database).text()).contains("stopped: 1 of 2 statements took effect");
      database.executeAsOwner("CREATE TABLE gate ()");

      succeeds(database);

      assertThat(HandRun.unfinished(database)).isEmpty();
      assertThat(database.rows("SELECT b FROM gate")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_whose_row_was_taken_from_the_history_is_applied_again(ServerVersion version) {
    try (var database = database(version)) {
      succeeds(database);
      database.executeAsOwner(
          "DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = '%s'".formatted(VIEW));

      assertThat(hand.run(database).text()).contains("1 applied, 1 already there");

      assertThat(database.history()).containsExactly(ONE, VIEW);
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_is_recorded_in_another_letter_case_keeps_its_row(ServerVersion version) {
    try (var database = database(version)) {
      succeeds(database);
      database.executeAsOwner(
          "UPDATE \"__EFMigrationsHistory\" SET \"MigrationId\" = lower(\"MigrationId\")");
      hand.migration(VIEW, MARK + "CREATE OR REPLACE VIEW v AS SELECT 2 AS a;");

      succeeds(database);

      assertThat(database.rows("SELECT a FROM v")).containsExactly("2");
      assertThat(database.history()).containsExactly("20240101000000_one", "20240102000000_view");
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_changed_is_no_obstacle_to_a_script_of_what_comes_behind_it(ServerVersion version) {
    try (var database = database(version)) {
      succeeds(database);
      hand.migration(VIEW, MARK + "CREATE OR REPLACE VIEW v AS SELECT 2 AS a;")
          .migration(THREE, "CREATE TABLE three (id int);");

      Psql.Result result =
          Psql.run(database, database.owner(), hand.script("--from", VIEW), HandRun.STOP);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.history()).containsExactly(ONE, VIEW, THREE);
      assertThat(database.rows("SELECT a FROM v")).containsExactly("1");
    }
  }
}
