package dev.slipway.changelog.liquibase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Program;
import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Liquibase costs half a second to load. Who has no changelog of its formats does not load one
/// class of it; who has one does not either, as long as nothing in it is pending.
class LazyLoadingTest {
  private static final String YAML =
      """
      databaseChangeLog:
        - changeSet:
            id: 20240102000000_Two
            author: ann
            changes:
              - createTable:
                  tableName: two
                  columns:
                    - column: {name: id, type: int}
      """;

  @TempDir private Path path;

  private List<String> loadedByMigrate(TestDatabase database) throws InterruptedException {
    Program.Result result =
        Program.finish(
            Program.in(path)
                .with("Gateway", database)
                .with("JDK_JAVA_OPTIONS", "-Xlog:class+load")
                .start());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("dev.slipway.Main source:");
    return result
        .out()
        .lines()
        .filter(line -> line.matches(".*\\] (liquibase|com\\.opencsv|org\\.apache\\.commons)\\..*"))
        .toList();
  }

  @Test
  void plain_sql_loads_nothing_of_liquibase() throws Exception {
    new Folder(path).write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);");
    try (var database = TestDatabase.create()) {
      assertThat(loadedByMigrate(database)).isEmpty();
      assertThat(database.history()).containsExactly("20240101000000_One");
    }
  }

  @Test
  void a_changelog_of_which_nothing_is_pending_loads_nothing_of_liquibase() throws Exception {
    new Folder(path).write("changelog/two.yaml", YAML);
    try (var database = TestDatabase.create()) {
      assertThat(loadedByMigrate(database)).isNotEmpty();
      assertThat(database.history()).containsExactly("20240102000000_Two");

      assertThat(loadedByMigrate(database)).isEmpty();
    }
  }
}
