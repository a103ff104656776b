package dev.slipway.changelog.liquibase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Program;
import dev.slipway.testing.Catalog;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One changelog that uses every change that is honoured, in four syntaxes: `liquibase/all`. The
/// one in SQL is written by hand for PostgreSQL. Of what Liquibase itself makes of it, nothing
/// differs but its two tables.
final class FourFormatsTest {
  private static final Path FOLDER = Path.of("src/test/resources/liquibase/all");
  private static final String SCHEMA = "app";

  /// A database as the changelog leaves it.
  private record Outcome(String schema, String contents) {
    static Outcome of(TestDatabase database) {
      return new Outcome(Catalog.schema(database), Catalog.contents(database));
    }
  }

  @ParameterizedTest
  @EnumSource
  void all_four_make_the_same_database_and_so_does_liquibase(ServerVersion version)
      throws Exception {
    Outcome xml = migrate("changelog.xml", version);

    assertThat(migrate("changelog.yaml", version)).isEqualTo(xml);
    assertThat(migrate("changelog.json", version)).isEqualTo(xml);
    assertThat(migrate("changelog.sql", version)).isEqualTo(xml);
    assertThat(update("changelog.xml", version)).isEqualTo(xml);
  }

  private static Outcome migrate(String file, ServerVersion version) {
    try (var database = create(version)) {
      Program.Result result =
          Program.in(FOLDER.toAbsolutePath())
              .with("ConnectionStrings__Gateway", database.connectionString(";Search Path=app"))
              .run("--changelog", file);
      assertThat(result.code()).as(file + ": " + result).isZero();
      return Outcome.of(database);
    }
  }

  private static Outcome update(String file, ServerVersion version) throws Exception {
    try (var database = create(version)) {
      assertThat(LiquibaseItself.update(database, SCHEMA, FOLDER, file))
          .isEqualTo(Optional.empty());
      return Outcome.of(database);
    }
  }

  private static TestDatabase create(ServerVersion version) {
    var database = TestDatabase.on(version.server());
    database.executeAsOwner("CREATE SCHEMA " + SCHEMA);
    return database;
  }

  @Test
  void every_honoured_change_is_used() {
    Set<String> honoured = new HashSet<>(Registered.changes());
    honoured.removeAll(EveryChangeTest.REFUSED);

    assertThat(names("changelog.xml")).containsAll(honoured);
    assertThat(names("changelog.yaml")).containsAll(honoured);
    assertThat(names("changelog.json")).containsAll(honoured);
  }

  private static Set<String> names(String file) {
    return Cases.nodes(FOLDER.resolve(file)).map(Node::name).collect(Collectors.toSet());
  }
}
