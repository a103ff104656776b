package dev.slipway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.ExitCodes;
import dev.slipway.image.TestImages;
import dev.slipway.testing.Certificates;
import dev.slipway.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnorth.ducttape.ratelimits.RateLimiter;
import org.rnorth.ducttape.ratelimits.RateLimiterBuilder;
import org.rnorth.ducttape.unreliables.Unreliables;

/// The files for Docker Compose, each run by Compose as it is written.
@Tag("image")
@Claims({
  "docker/compose.yaml",
  "docker/compose/pgbouncer.yaml",
  "docker/compose/pgbouncer/pgbouncer.ini",
  "docker/compose/pgbouncer/userlist.txt",
  "docker/compose/secrets.yaml",
  "docker/compose/tls.yaml",
  "docker/compose/wait.yaml"
})
final class ComposeExamplesTest {
  private static final Path DOCKER = Path.of("docker");
  private static final int NODES = 10;

  /// So is slipway let in; the health check needs none.
  private static final String ASKED_FOR_PASSWORD = "method=scram-sha-256";

  private static final int NODES_START_WITHIN_SECONDS = 120;

  private static final TestImages IMAGES = new TestImages();
  @TempDir private static Path work;
  private static Map<String, String> variables = Map.of();

  @TempDir private Path path;

  @BeforeAll
  static void name_the_images() throws Exception {
    variables =
        Map.of(
            "SLIPWAY_IMAGE", TestImages.built("slipway-example").get(),
            "POSTGRES_IMAGE", IMAGES.postgres(work).get(),
            "PGBOUNCER_IMAGE", IMAGES.pgBouncer().get());
  }

  @AfterAll
  static void remove_the_images() {
    IMAGES.close();
  }

  private static Compose compose(String file, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(variables);
    all.putAll(more);
    return new Compose(DOCKER.resolve(file), all);
  }

  /// An image with a changelog for the database of the examples.
  private static String release(String name, String sql) throws Exception {
    return IMAGES
        .make(name)
        .withFileFromString("Dockerfile", "FROM slipway\nCOPY changelog /changelog\n")
        .withFileFromString("changelog/gateway/20240101000000_One.sql", sql)
        .get();
  }

  private static Compose.Ended ends(int code, Compose.Ended container) {
    assertThat(container.code()).as(container.log()).isEqualTo(code);
    return container;
  }

  @Test
  void the_application_starts_when_the_database_is_at_its_release() {
    try (var release = compose("compose.yaml", Map.of()).up()) {
      Compose.Ended slipway = ends(ExitCodes.DONE, release.end("slipway"));
      Compose.Ended application = ends(ExitCodes.DONE, release.end("application"));

      assertThat(application.started()).isAfter(slipway.finished());
      assertThat(application.log()).contains("up-to-date");
    }
  }

  @Test
  void an_application_never_starts_on_a_release_that_failed() throws Exception {
    String failing = release("failing", "SELECT 1/0;");
    try (var release = compose("compose.yaml", Map.of("SLIPWAY_IMAGE", failing))) {
      release.upInVain();

      ends(ExitCodes.FAILED, release.end("slipway"));
      assertThat(release.isStarted("application")).isFalse();
    }
  }

  @Test
  void a_secret_is_in_a_file_and_nowhere_else() throws IOException {
    String password = "correct-horse-battery-staple";
    Path file = Files.writeString(path.resolve("password"), password + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    try (var release = compose("compose/secrets.yaml", Map.of("PASSWORD_FILE", file.toString()))) {
      release.up();

      ends(ExitCodes.DONE, release.end("slipway"));
      assertThat(release.inspect("slipway")).doesNotContain(password);
      assertThat(release.inspect("database")).doesNotContain(password);
    }
  }

  @Test
  void a_server_that_the_mounted_authority_vouches_for_is_migrated_over_tls() throws IOException {
    makeCertificates("ca");
    try (var release = compose("compose/tls.yaml", Map.of("TLS_FOLDER", path.toString())).up()) {
      ends(ExitCodes.DONE, release.end("slipway"));

      assertThat(release.log("database"))
          .contains(ASKED_FOR_PASSWORD)
          .containsPattern(
              "connection authorized: user=gateway database=gateway"
                  + " (?!application_name=pg_isready).*SSL enabled \\(protocol=TLSv1.3");
    }
  }

  @Test
  void a_server_that_another_authority_vouches_for_is_refused() throws IOException {
    makeCertificates("other");
    try (var release = compose("compose/tls.yaml", Map.of("TLS_FOLDER", path.toString())).up()) {
      Compose.Ended slipway = ends(ExitCodes.CONNECTION, release.end("slipway"));

      assertThat(slipway.log()).contains("certificate");
      assertThat(release.log("database")).doesNotContain(ASKED_FOR_PASSWORD);
    }
  }

  /// @param trusted the authority that slipway is given
  private void makeCertificates(String trusted) throws IOException {
    var certificates =
        new Certificates(Files.createDirectory(path.resolve("all")))
            .make("ca", "EC", "Authority", "-ext", "bc:c")
            .make("other", "EC", "Other", "-ext", "bc:c")
            .make("server", "EC", "database", "-signer", "ca", "-ext", "san=dns:database");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    copyForAll(certificates.certificate(trusted), "ca.crt");
    copyForAll(certificates.certificate("server"), "server.crt");
    Files.copy(certificates.key("server"), path.resolve("server.key"));
    Tool.run(
        "docker",
        "run",
        "--rm",
        "--user",
        "root",
        "--entrypoint",
        "chown",
        "--volume",
        path + ":/tls",
        variables.getOrDefault("POSTGRES_IMAGE", ""),
        "postgres",
        "/tls/server.key");
  }

  private void copyForAll(Path file, String name) throws IOException {
    Path copy = Files.copy(file, path.resolve(name));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /// The changelog builds indexes CONCURRENTLY, which is refused through PgBouncer.
  @Test
  void the_application_goes_through_pgbouncer_and_slipway_past_it() {
    try (var release = compose("compose/pgbouncer.yaml", Map.of()).up()) {
      ends(ExitCodes.DONE, release.end("slipway"));
      ends(ExitCodes.DONE, release.end("application"));

      assertThat(release.log("pgbouncer"))
          .contains("login attempt: db=gateway user=gateway")
          .doesNotContain("login failed");
    }
  }

  @Test
  void of_ten_nodes_that_wait_none_starts_early_and_all_start() throws Exception {
    String slow = release("slow", "CREATE TABLE one (id int);\nSELECT pg_sleep(5);");
    try (var release = compose("compose.yaml", Map.of("SLIPWAY_IMAGE", slow)).up("database");
        var nodes = new Nodes(slow, release.network())) {
      nodes.begin();
      release.up("slipway");

      Compose.Ended migration = ends(ExitCodes.DONE, release.end("slipway"));
      nodes.started();

      assertThat(nodes.ends("wait"))
          .hasSize(NODES)
          .allSatisfy(wait -> assertThat(wait.started()).isBefore(migration.started()));
      assertThat(nodes.ends("application"))
          .hasSize(NODES)
          .allSatisfy(node -> assertThat(node.started()).isAfter(migration.finished()))
          .allSatisfy(node -> assertThat(node.log()).contains("up-to-date"));
    }
  }

  /// Ten projects of one file, as on ten machines.
  private static final class Nodes implements AutoCloseable {
    private final List<Compose> projects;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<Compose>> starting = new ArrayList<>();

    Nodes(String image, String network) {
      Map<String, String> more = Map.of("SLIPWAY_IMAGE", image, "DATABASE_NETWORK", network);
      projects =
          IntStream.range(0, NODES).mapToObj(_ -> compose("compose/wait.yaml", more)).toList();
    }

    /// Returns when all of them wait.
    void begin() {
      projects.forEach(project -> starting.add(threads.submit(() -> project.up())));
      RateLimiter limiter =
          RateLimiterBuilder.newBuilder()
              .withRate(5, TimeUnit.SECONDS)
              .withConstantThroughput()
              .build();
      Unreliables.retryUntilTrue(
          NODES_START_WITHIN_SECONDS,
          TimeUnit.SECONDS,
          () ->
              limiter.getWhenReady(
                  () -> projects.stream().allMatch(project -> project.isRunning("wait"))));
    }

    /// Returns when all applications have been started.
    void started() throws Exception {
      for (Future<Compose> project : starting) {
        project.get();
      }
    }

    List<Compose.Ended> ends(String service) {
      return projects.stream()
          .map(project -> ComposeExamplesTest.ends(ExitCodes.DONE, project.end(service)))
          .toList();
    }

    @Override
    public void close() {
      projects.forEach(Compose::close);
      threads.close();
    }
  }
}
