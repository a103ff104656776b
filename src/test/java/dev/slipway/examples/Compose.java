package dev.slipway.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Container;
import dev.slipway.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.Base58;
import org.testcontainers.utility.DockerStatus;

/// A project of Docker Compose: an example as it is written, and the variables that it has.
final class Compose implements AutoCloseable {
  private static final int LONGEST_MINUTES = 3;

  /// Compose is a plugin of Docker today; Debian 12 has it as a program.
  private static final List<String> COMMAND =
      run(List.of("docker", "compose", "version"), Map.of()).code() == 0
          ? List.of("docker", "compose")
          : List.of("docker-compose");

  private final String project;
  private final Path file;
  private final Map<String, String> variables;

  /// What a command of Compose gave.
  private record Output(int code, String text) {}

  /// A container that has ended, with the times that Docker has of it.
  ///
  /// @param log what it printed on stdout and stderr
  record Ended(int code, Instant started, Instant finished, String log) {}

  Compose(Path file, Map<String, String> variables) {
    this.project = "slipway-test-" + Base58.randomString(8).toLowerCase(Locale.ROOT);
    this.file = file;
    this.variables = new HashMap<>(variables);
  }

  private static Output run(List<String> command, Map<String, String> variables) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Output(process.waitFor(), text);
    } catch (IOException e) {
      throw new UncheckedIOException("this test needs Docker Compose", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Output compose(String... arguments) {
    List<String> command = new ArrayList<>(COMMAND);
    command.addAll(List.of("--project-name", project, "--file", file.toString()));
    command.addAll(List.of(arguments));
    return run(command, variables);
  }

  /// The network that Compose makes for the project.
  String network() {
    return project + "_default";
  }

  /// Starts services, all without a name, each when what it depends on is as it asks for. If one
  /// does not start, nothing is left of the project.
  Compose up(String... services) {
    Output output = start(services);
    if (output.code() != 0) {
      close();
      throw new AssertionError(output.text());
    }
    return this;
  }

  /// The same where something that a service depends on fails.
  ///
  /// @return what Compose says
  String upInVain(String... services) {
    Output output = start(services);
    assertThat(output.code()).as(output.text()).isNotZero();
    return output.text();
  }

  private Output start(String... services) {
    List<String> arguments = new ArrayList<>(List.of("up", "--detach"));
    arguments.addAll(List.of(services));
    return compose(arguments.toArray(String[]::new));
  }

  /// Whether a container of the service runs now.
  boolean isRunning(String service) {
    return !docker().listContainersCmd().withLabelFilter(labels(service)).exec().isEmpty();
  }

  /// Whether a container of the service has ever run.
  boolean isStarted(String service) {
    return containers(service).stream()
        .map(id -> docker().inspectContainerCmd(id).exec().getState())
        .anyMatch(state -> DockerStatus.isDockerTimestampNonEmpty(state.getStartedAt()));
  }

  /// Waits for the container of a service to end.
  Ended end(String service) {
    String id = container(service);
    int code =
        docker().waitContainerCmd(id).start().awaitStatusCode(LONGEST_MINUTES, TimeUnit.MINUTES);
    ContainerState state = docker().inspectContainerCmd(id).exec().getState();
    return new Ended(
        code, Instant.parse(state.getStartedAt()), Instant.parse(state.getFinishedAt()), logOf(id));
  }

  /// What a service has printed.
  String log(String service) {
    return logOf(container(service));
  }

  private static String logOf(String id) {
    return Tool.run("docker", "logs", id);
  }

  /// What `docker inspect` tells of a service.
  String inspect(String service) {
    return Tool.run("docker", "inspect", container(service));
  }

  private String container(String service) {
    return containers(service).getFirst();
  }

  private List<String> containers(String service) {
    return docker()
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(labels(service))
        .exec()
        .stream()
        .map(Container::getId)
        .toList();
  }

  private Map<String, String> labels(String service) {
    return Map.of("com.docker.compose.project", project, "com.docker.compose.service", service);
  }

  private static DockerClient docker() {
    return DockerClientFactory.lazyClient();
  }

  @Override
  public void close() {
    compose("down", "--volumes", "--timeout", "0");
  }
}
