package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MigrateTest {
  @TempDir private Path folder;
  private Folder changelog = new Folder(Path.of(""));

  @BeforeEach
  void write_a_changelog() {
    changelog =
        new Folder(folder)
            .write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);")
            .write("changelog/20240102000000_Two.sql", "CREATE TABLE two (id int);");
  }

  @Test
  void what_is_missing_is_applied_and_recorded() {
    try (var database = TestDatabase.create()) {
      Program.Result result = Program.in(folder).with("Gateway", database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.out().replaceAll("\\d+ ms", "N ms"))
          .isEqualTo(
              """
              applied  20240101000000_One  N ms
              applied  20240102000000_Two  N ms
              Gateway: 2 applied, up-to-date at 20240102000000_Two (2 applied)
              """);
      assertThat(database.history()).containsExactly("20240101000000_One", "20240102000000_Two");
    }
  }

  @Test
  void a_second_run_applies_nothing_and_writes_nothing() {
    try (var database = TestDatabase.create()) {
      Program program = Program.in(folder).with("Gateway", database);
      program.run();
      var before = written(database);

      Program.Result second = program.run();

      assertThat(second.code()).isZero();
      assertThat(second.out())
          .isEqualTo("Gateway: nothing to do, up-to-date at 20240102000000_Two (2 applied)\n");
      assertThat(written(database)).hasSize(4).isEqualTo(before);
    }
  }

  /// Each row of history and journal with the transaction that wrote it and its place.
  private static List<String> written(TestDatabase database) {
    return database.rows(
        """
        SELECT xmin::text, ctid::text, "MigrationId" FROM "__EFMigrationsHistory"
        UNION ALL
        SELECT xmin::text, ctid::text, migration_id FROM slipway_journal ORDER BY 1, 2, 3""");
  }

  @Test
  void only_what_was_added_is_applied_by_the_next_run() {
    try (var database = TestDatabase.create()) {
      Program program = Program.in(folder).with("Gateway", database);
      program.run();
      changelog.write("changelog/20240103000000_Three.sql", "CREATE TABLE three (id int);");

      Program.Result result = program.run();

      assertThat(result.out()).startsWith("applied  20240103000000_Three  ").hasLineCount(2);
    }
  }

  @Test
  void a_migration_without_a_statement_is_applied_with_a_warning() {
    try (var database = TestDatabase.create()) {
      changelog.write("changelog/20240103000000_Three.sql", "-- AddPriority\n");

      Program.Result result = Program.in(folder).with("Gateway", database).run();

      assertThat(result.code()).isZero();
      assertThat(result.err())
          .isEqualTo("Gateway: WARNING: 20240103000000_Three holds no statement\n");
      assertThat(database.history()).hasSize(3);
    }
  }
}
