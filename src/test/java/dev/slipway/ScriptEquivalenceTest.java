package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Client;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.State;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Runner and script are two renderings of one plan: whichever applies a changelog of this
/// repository, and in whatever turns, the database is the same.
@Tag("slow")
class ScriptEquivalenceTest {
  private static final Path ROOT = Path.of("").toAbsolutePath();

  @TempDir private Path folder;

  private static Stream<Arguments> changelogs() {
    return Stream.of(
            "changelog/gateway",
            "changelog/miner",
            "changelog/validator",
            "src/test/resources/dev/slipway/adoption/changelog",
            "src/test/resources/dev/slipway/script/every-conduct",
            "src/test/resources/liquibase/all/changelog.xml",
            "src/test/resources/liquibase/all/changelog.yaml",
            "src/test/resources/liquibase/all/changelog.json",
            "src/test/resources/liquibase/all/changelog.sql")
        .flatMap(
            changelog ->
                Stream.of(ServerVersion.values()).map(version -> Arguments.of(changelog, version)));
  }

  @ParameterizedTest
  @MethodSource("changelogs")
  void runner_and_script_make_the_same_database(String changelog, ServerVersion version)
      throws Exception {
    String middle = middle(changelog);
    State runner = made(version, database -> migrate(changelog, database));
    State inTwoRuns =
        made(
            version,
            database -> {
              migrate(changelog, database, "--to", middle);
              migrate(changelog, database);
            });

    assertThat(made(version, database -> script(changelog, database)))
        .as("the script")
        .isEqualTo(runner);
    assertThat(made(version, database -> twice(() -> script(changelog, database))))
        .as("the script twice")
        .isEqualTo(made(version, database -> twice(() -> migrate(changelog, database))));
    assertThat(
            made(
                version,
                database -> {
                  migrate(changelog, database, "--to", middle);
                  script(changelog, database);
                }))
        .as("half the runner, then the script")
        .isEqualTo(inTwoRuns);
    assertThat(
            made(
                version,
                database -> {
                  script(changelog, database, "--to", middle);
                  migrate(changelog, database);
                }))
        .as("half the script, then the runner")
        .isEqualTo(inTwoRuns);
    assertThat(
            made(
                version,
                database -> {
                  script(changelog, database, "--to", middle);
                  script(changelog, database, "--from", middle);
                }))
        .as("the script in two parts")
        .isEqualTo(runner);
    assertThat(
            made(
                version,
                database -> {
                  migrate(changelog, database, "--to", middle);
                  script(changelog, database, "--pending");
                }))
        .as("half the runner, then the script of what is pending")
        .isEqualTo(inTwoRuns);
  }

  /// What is done with an empty database.
  @FunctionalInterface
  private interface Work {
    void on(TestDatabase database) throws Exception;
  }

  private static State made(ServerVersion version, Work work) throws Exception {
    try (var database = TestDatabase.on(version.server())) {
      database.executeAsOwner("CREATE SCHEMA app");
      work.on(database);
      return State.of(database, "app");
    }
  }

  /// A step that may fail in any way.
  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  private static void twice(Step step) throws Exception {
    step.run();
    step.run();
  }

  private static Program program(String changelog, TestDatabase database) {
    return Program.in(ROOT)
        .with("Slipway__Changelog", changelog)
        .with("ConnectionStrings__Release", database.connectionString(";Search Path=app"));
  }

  private static void migrate(String changelog, TestDatabase database, String... options) {
    Program.Result result =
        program(changelog, database)
            .run(Stream.concat(Stream.of("migrate"), Stream.of(options)).toArray(String[]::new));
    assertThat(result.code()).as(result.toString()).isZero();
  }

  private void script(String changelog, TestDatabase database, String... options) throws Exception {
    Program.Result result =
        program(changelog, database)
            .run(Stream.concat(Stream.of("script"), Stream.of(options)).toArray(String[]::new));
    assertThat(result.code()).as(result.toString()).isZero();
    Path file = Files.writeString(folder.resolve("script.sql"), result.out());
    Client.psql(database, List.of(file));
  }

  /// The id in the middle of a changelog, as `status` lists them.
  private static String middle(String changelog) throws Exception {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner("CREATE SCHEMA app");
      List<String> pending =
          program(changelog, database)
              .run("status")
              .out()
              .lines()
              .filter(line -> line.startsWith("pending   "))
              .map(line -> line.substring("pending   ".length()))
              .toList();
      return pending.get(pending.size() / 2);
    }
  }
}
