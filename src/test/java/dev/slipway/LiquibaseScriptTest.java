package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Psql;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.State;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The changelogs in which each of Liquibase's changes and each attribute of a changeset stands.
/// The script, run twice, makes of them what two runs make, and fails where they fail. On the
/// oldest server only in `scripts/test long`.
@Tag("slow")
final class LiquibaseScriptTest {
  private static final Path ROOT = Path.of("src/test/resources/liquibase").toAbsolutePath();
  private static final String CHANGES = "changes";
  private static final String XML = ".xml";
  private static final String AGAIN = ".again.xml";

  /// Those that are refused, or stop by themselves.
  private static final Set<String> FAILING =
      Set.of(
          "changes/customChange.xml",
          "changes/executeCommand.xml",
          "changes/refused.xml",
          "changes/stop.xml",
          "attributes/runWith-refused.xml");

  private static final String HISTORY =
      "SELECT FROM pg_catalog.pg_class WHERE relname = '__EFMigrationsHistory'";

  /// Refused without a database: nothing is written.
  private static final int REFUSED = 3;

  @TempDir private Path folder;

  /// How a changelog was applied.
  ///
  /// @param succeeded whether each of the two turns did
  /// @param state of the database; empty if nothing was begun
  private record Outcome(List<Boolean> succeeded, Optional<State> state) {}

  @FunctionalInterface
  private interface Turn {
    boolean run(TestDatabase database, Path changelog) throws IOException;
  }

  private static Stream<Arguments> changelogs() throws IOException {
    List<Path> changelogs = new ArrayList<>();
    for (String kind : List.of(CHANGES, "attributes")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(kind))) {
        files
            .filter(file -> file.toString().endsWith(XML))
            .filter(file -> !file.toString().endsWith(AGAIN))
            .sorted()
            .map(ROOT::relativize)
            .forEach(changelogs::add);
      }
    }
    return versions().stream()
        .flatMap(version -> changelogs.stream().map(log -> Arguments.of(log.toString(), version)));
  }

  private static List<ServerVersion> versions() {
    List<ServerVersion> versions = List.of(ServerVersion.values());
    return Randomness.factor() > 1 ? versions : List.of(versions.getLast());
  }

  @BeforeAll
  static void create_the_tablespace() throws Exception {
    for (ServerVersion version : versions()) {
      try (var connection = DriverManager.getConnection(version.server().url("postgres"));
          var statement = connection.createStatement()) {
        statement.execute("SET allow_in_place_tablespaces = on");
        statement.execute("CREATE TABLESPACE walk LOCATION ''");
        statement.execute("GRANT CREATE ON TABLESPACE walk TO PUBLIC");
      }
    }
  }

  @AfterAll
  static void drop_the_tablespace() {
    versions().forEach(version -> version.server().administer("DROP TABLESPACE walk"));
  }

  @ParameterizedTest
  @MethodSource("changelogs")
  void the_script_does_what_the_runner_does(String changelog, ServerVersion version)
      throws Exception {
    Outcome runner = outcome(changelog, version, this::migrate);
    assertThat(runner.succeeded().getFirst()).isEqualTo(!FAILING.contains(changelog));

    assertThat(outcome(changelog, version, this::script)).isEqualTo(runner);
  }

  private Outcome outcome(String changelog, ServerVersion version, Turn turn) throws Exception {
    try (var database = TestDatabase.on(version.server())) {
      database.executeAsOwner("CREATE SCHEMA app; CREATE SCHEMA \"Other\"");
      boolean first = turn.run(database, changelog(changelog));
      String again = changelog.replace(XML, AGAIN);
      boolean second =
          turn.run(database, changelog(Files.exists(ROOT.resolve(again)) ? again : changelog));
      boolean isBegun = !database.rows(HISTORY).isEmpty();
      return new Outcome(
          List.of(first, second),
          isBegun ? Optional.of(State.of(database, "app")) : Optional.empty());
    }
  }

  /// Ids come from paths, so that of the second turn lies where that of the first lay. The changes
  /// refer to files beside their changelog.
  private Path changelog(String name) throws IOException {
    if (name.startsWith(CHANGES)) {
      return ROOT.resolve(name);
    }
    new Folder(folder).write("changelog.xml", Files.readString(ROOT.resolve(name)));
    return folder.resolve("changelog.xml");
  }

  private boolean migrate(TestDatabase database, Path changelog) {
    return program(database).run("--changelog", changelog.toString()).code() == 0;
  }

  private boolean script(TestDatabase database, Path changelog) throws IOException {
    Program.Result written = program(database).run("script", "--changelog", changelog.toString());
    if (written.code() == REFUSED) {
      return false;
    }
    assertThat(written.code()).as(written.toString()).isZero();
    Path file = Files.writeString(folder.resolve("script.sql"), written.out());
    return Psql.run(database, database.owner(), file, HandRun.STOP).code() == 0;
  }

  private Program program(TestDatabase database) {
    return Program.in(folder)
        .with("ConnectionStrings__Gateway", database.connectionString(";Search Path=app"))
        .with("Slipway__Contexts", "test")
        .with("Slipway__Labels", "blue")
        .with("Slipway__MigrationId", "{path}::{author}::{id}");
  }
}
