package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Program;
import dev.slipway.cli.ExitCodes;
import dev.slipway.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;
import org.yaml.snakeyaml.Yaml;

/// The services of docker/compose.yaml, run in the order that it asks for. Compose itself is not
/// needed.
@Tag("image")
final class ComposeTest {
  private static final Path FILE = Path.of("docker/compose.yaml");

  @TempDir private Path work;

  /// A service as far as it is set here.
  private record Service(Map<?, ?> settings) {
    static Service named(String name) throws IOException {
      String text = Files.readString(FILE).replaceAll("\\$\\{\\w+:-([^}]*)}", "$1");
      return new Service(map(map(new Yaml().load(text), "services"), name));
    }

    private static Map<?, ?> map(Map<?, ?> settings, String name) {
      return settings.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }

    Map<?, ?> dependsOn() {
      return map(settings, "depends_on");
    }

    String environment(String name) {
      return String.valueOf(map(settings, "environment").get(name));
    }

    Program.Result run(Network network) throws IOException {
      var container =
          new SlipwayContainer(TestImages.built(String.valueOf(settings.get("image"))), network);
      map(settings, "environment")
          .forEach((name, value) -> container.withEnv(String.valueOf(name), String.valueOf(value)));
      List<?> command = settings.get("command") instanceof List<?> words ? words : List.of();
      return container.run(command.stream().map(String::valueOf).toArray(String[]::new));
    }
  }

  @Test
  void the_application_waits_for_slipway_which_waits_for_the_database() throws IOException {
    assertThat(Service.named("application").dependsOn())
        .isEqualTo(Map.of("slipway", Map.of("condition", "service_completed_successfully")));
    assertThat(Service.named("slipway").dependsOn())
        .isEqualTo(Map.of("database", Map.of("condition", "service_healthy")));
  }

  @Test
  void in_that_order_the_application_finds_the_release() throws IOException {
    Service database = Service.named("database");
    try (var network = Network.newNetwork();
        var images = new TestImages();
        var postgres = new PostgresContainer(images.postgres(work), network, "database")) {
      postgres.start();
      create(database, postgres.server());

      Program.Result before = Service.named("application").run(network);
      Program.Result slipway = Service.named("slipway").run(network);
      Program.Result behind = Service.named("application").run(network);

      assertThat(before.code()).as(before.toString()).isEqualTo(ExitCodes.NO);
      assertThat(slipway.code()).as(slipway.toString()).isEqualTo(ExitCodes.DONE);
      assertThat(behind.code()).as(behind.toString()).isEqualTo(ExitCodes.DONE);
    }
  }

  /// What the official image makes of its environment.
  private static void create(Service database, TestServer server) {
    String user = database.environment("POSTGRES_USER");
    server.administer(
        "CREATE ROLE %s LOGIN PASSWORD '%s'"
            .formatted(user, database.environment("POSTGRES_PASSWORD")));
    server.administer(
        "CREATE DATABASE %s OWNER %s".formatted(database.environment("POSTGRES_DB"), user));
  }
}
