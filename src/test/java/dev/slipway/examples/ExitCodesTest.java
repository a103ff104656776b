package dev.slipway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Program;
import dev.slipway.image.PostgresContainer;
import dev.slipway.image.SlipwayContainer;
import dev.slipway.image.TestImages;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.testcontainers.containers.Network;

/// The image, run into each of its exit codes, and what the examples for job controllers make of
/// them.
@Tag("image")
final class ExitCodesTest {
  private static final Path JOB = Path.of("docker/kubernetes/job.yaml");
  private static final Path UNIT = Path.of("docker/systemd/slipway.service");
  private static final String ONE = "20240101000000_One";
  private static final String CREATE_ONE = "CREATE TABLE one (id int);";
  private static final String PASSWORD = "s3cret";
  private static final int BUG = 70;

  private static final String OTHER_HISTORY =
      """
      SET ROLE OWNER;
      CREATE TABLE "__EFMigrationsHistory" (
        "MigrationId" varchar(150) NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
        "ProductVersion" varchar(32) NOT NULL);
      INSERT INTO "__EFMigrationsHistory" VALUES ('20200101000000_Other', '8.0.0')
      """;

  @TempDir private static Path work;
  private static final Network NETWORK = Network.newNetwork();
  private static final TestImages IMAGES = new TestImages();
  private static Future<String> product;
  private static PostgresContainer postgres;

  private TestDatabase database;

  @BeforeAll
  static void start_postgresql() throws IOException {
    product = TestImages.product();
    postgres = new PostgresContainer(IMAGES.postgres(work), NETWORK, "database");
    postgres.start();
  }

  @AfterAll
  static void leave_nothing() {
    postgres.stop();
    NETWORK.close();
    IMAGES.close();
  }

  @BeforeEach
  void create_a_database() {
    database = TestDatabase.on(postgres.server());
    database.execute("ALTER ROLE %s PASSWORD '%s'".formatted(database.owner(), PASSWORD));
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private SlipwayContainer slipway() {
    return new SlipwayContainer(product, NETWORK)
        .withEnv(
            "ConnectionStrings__Gateway",
            "Host=database;Database=%s;Username=%s;Password=%s"
                .formatted(database.name(), database.owner(), PASSWORD));
  }

  /// What becomes of a job.
  enum Fate {
    COMPLETE,
    RETRIED,
    FAILED
  }

  /// A run that ends with an exit code, and what its log says then.
  ///
  /// @param prepare SQL for the database, run by its superuser; `OWNER` is the role of the run
  record Outcome(
      int code, Fate fate, String command, String prepare, String migration, String message) {
    @Override
    public String toString() {
      return "%d, %s: %s".formatted(code, fate, message);
    }
  }

  private static Stream<Outcome> outcomes() {
    return Stream.of(
        new Outcome(0, Fate.COMPLETE, "migrate", "", CREATE_ONE, "1 applied, up-to-date at " + ONE),
        new Outcome(1, Fate.RETRIED, "status", "", CREATE_ONE, "empty (0 applied, 1 pending)"),
        new Outcome(2, Fate.FAILED, "migrat", "", CREATE_ONE, "unknown command \"migrat\""),
        new Outcome(3, Fate.FAILED, "migrate", "", "\\set x 1", "cannot run \\set: it is"),
        new Outcome(
            4,
            Fate.RETRIED,
            "migrate",
            "ALTER ROLE OWNER PASSWORD 'another'",
            CREATE_ONE,
            "password authentication failed for user"),
        new Outcome(
            5,
            Fate.RETRIED,
            "migrate",
            "CREATE TABLE held ()",
            "-- slipway: lock-timeout 100ms\nALTER TABLE held ADD id int;",
            "canceling statement due to lock timeout"),
        new Outcome(
            6, Fate.FAILED, "migrate", OTHER_HISTORY, CREATE_ONE, "cannot go on top of database"),
        new Outcome(7, Fate.FAILED, "migrate", "", "SELECT 1/0;", "failed: division by zero"),
        new Outcome(
            8,
            Fate.FAILED,
            "migrate",
            "",
            "-- slipway: no-transaction\nCREATE TABLE one (id int);\nSELECT 1/0;",
            "migration \"%s\" stopped half-way".formatted(ONE)),
        new Outcome(130, Fate.RETRIED, "INT", "", "SELECT pg_sleep(600);", "stopped by a signal"),
        new Outcome(143, Fate.RETRIED, "TERM", "", "SELECT pg_sleep(600);", "stopped by a signal"));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void an_exit_code_comes_with_its_message_and_is_acted_on(Outcome outcome) throws IOException {
    database.execute(outcome.prepare.replace("OWNER", database.owner()));

    Program.Result result = run(outcome);

    assertThat(result.code()).as(result.toString()).isEqualTo(outcome.code);
    assertThat(result.toString()).contains(outcome.message);
    assertThat(inKubernetes(result.code())).isEqualTo(outcome.fate);
    assertThat(inSystemd(result.code())).isEqualTo(outcome.fate);
  }

  private Program.Result run(Outcome outcome) {
    SlipwayContainer slipway = slipway().migration(ONE, outcome.migration);
    return switch (outcome.code) {
      case 5 -> runAgainstALock(slipway);
      case 130, 143 -> {
        slipway.begin();
        Until.running(database, "SELECT pg_sleep(600)%");
        yield slipway.kill(outcome.command).end();
      }
      default -> slipway.run(outcome.command);
    };
  }

  private Program.Result runAgainstALock(SlipwayContainer slipway) {
    database.execute("ALTER TABLE held OWNER TO " + database.owner());
    try (var _ = new OpenTransaction(database, "LOCK TABLE held")) {
      return slipway.withEnv("Slipway__LockWait", "0").run("migrate");
    }
  }

  private static Fate inKubernetes(int code) {
    return fate(code, PodFailurePolicy.of(JOB).actionFor(code).isRetried());
  }

  private static Fate inSystemd(int code) throws IOException {
    return fate(code, SystemdUnit.read(UNIT).isRetried(code));
  }

  private static Fate fate(int code, boolean isRetried) {
    if (code == 0) {
      return Fate.COMPLETE;
    }
    return isRetried ? Fate.RETRIED : Fate.FAILED;
  }

  /// No input is known that leads into a bug.
  @Test
  void a_bug_is_not_tried_again() throws IOException {
    assertThat(inKubernetes(BUG)).isEqualTo(Fate.FAILED);
    assertThat(inSystemd(BUG)).isEqualTo(Fate.FAILED);
  }

  @Test
  void each_exit_code_of_the_readme_is_reached_but_for_that_of_a_bug() throws IOException {
    Set<Integer> reached =
        outcomes().map(Outcome::code).collect(Collectors.toCollection(TreeSet::new));
    reached.add(BUG);

    assertThat(documented()).containsExactlyElementsOf(reached);
  }

  private static List<Integer> documented() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String table =
        readme.substring(readme.indexOf("<!-- exit codes -->"), readme.indexOf("<!-- /exit codes"));
    return Pattern.compile("(?m)^\\| (\\d+) \\|")
        .matcher(table)
        .results()
        .map(row -> Integer.valueOf(row.group(1)))
        .toList();
  }
}
