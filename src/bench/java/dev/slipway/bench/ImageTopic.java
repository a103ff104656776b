package dev.slipway.bench;

import static dev.slipway.bench.Contestants.SLIPWAY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The container image: its size, a run with nothing to do beside one on the host, and a run with
/// little memory beside one with all there is. What a container costs by itself is told by one with
/// a small static program, the init process that Docker brings.
final class ImageTopic {
  private static final String HELLO = "hello";
  private static final String HELLO_IMAGE = "slipway-bench-hello";
  private static final String CONTAINER = "container";
  private static final String LITTLE = "96 MB";
  private static final double BYTES_PER_MEGABYTE = 1e6;

  private final BenchServer server;
  private final Contestants contestants;
  private final Path checkout;
  private final int rounds;
  private final Workload workload;
  private final Consumer<Figure> figures;

  ImageTopic(BenchServer server, Path checkout, boolean smoke, Consumer<Figure> figures)
      throws IOException {
    this.server = server;
    this.contestants = new Contestants(checkout, server.port());
    this.checkout = checkout;
    this.rounds = smoke ? 1 : 15;
    this.figures = figures;
    Path folder = Files.createTempDirectory(checkout.resolve("target/bench"), "image");
    this.workload = new Workload(folder, 10);
  }

  void run() throws IOException {
    size();
    importHello();
    try {
      noOp();
      littleMemory();
    } finally {
      docker("rmi", HELLO_IMAGE).succeed();
    }
  }

  private void size() throws IOException {
    Path file = checkout.resolve("target/image/slipway.bytes");
    if (Files.notExists(file)) {
      throw new IllegalStateException("there is no image to measure; build it with: scripts/image");
    }
    String bytes = Files.readString(file).strip();
    figures.accept(
        Figure.atMost(
            50, "image, compressed", Long.parseLong(bytes) / BYTES_PER_MEGABYTE, "MB"));
  }

  private void importHello() {
    new Contestant(
            HELLO,
            List.of(
                "sh",
                "-c",
                "init=$(readlink -f \"$(command -v docker-init)\") && tar -C \"$(dirname \"$init\")\" -c"
                    + " \"$(basename \"$init\")\" --transform 's/.*/hello/' | docker import - "
                    + HELLO_IMAGE),
            Map.of(),
            checkout)
        .succeed();
  }

  private void noOp() {
    String database = server.newDatabase();
    Contestant host = contestants.slipway(workload, database);
    host.succeed();
    Race race =
        new Race("no-op 10")
            .with(HELLO, confined(HELLO_IMAGE, "/hello", "--version")::succeed)
            .with(CONTAINER, container(workload.folder().resolve("changelog"), host)::succeed)
            .with(host)
            .rounds(rounds)
            .tell();
    figures.accept(
        Figure.atMost(
            1.3,
            "no-op 10: (container - hello container) : host",
            (race.seconds(CONTAINER) - race.seconds(HELLO)) / race.seconds(SLIPWAY),
            "x"));
  }

  private void littleMemory() {
    Race race =
        new Race("gateway")
            .with(CONTAINER, () -> gateway())
            .with(LITTLE, () -> gateway("--memory=96m", "--memory-swap=96m"))
            .rounds(Math.max(1, rounds / 3))
            .tell();
    figures.accept(
        Figure.atMost(
            3, "gateway example in 96 MB : unlimited", race.ratio(LITTLE, CONTAINER), "x"));
  }

  private Contestant.Run gateway(String... options) {
    String database = server.newDatabase();
    try {
      Contestant host = contestants.slipway(workload, database);
      return container(checkout.resolve("changelog/gateway"), host, options).succeed();
    } finally {
      server.drop(database);
    }
  }

  /// With the connection string that a run on the host has.
  private Contestant container(Path changelog, Contestant host, String... options) {
    List<String> arguments = new ArrayList<>(Arrays.asList(options));
    arguments.add("--volume=%s:/changelog:ro".formatted(changelog));
    host.variables().forEach((name, value) -> arguments.add("--env=" + name + "=" + value));
    arguments.add("slipway");
    return confined(arguments.toArray(String[]::new));
  }

  /// All containers are alike, since to make a network takes longer than to run the program.
  private Contestant confined(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of("run", "--rm", "--network=host", "--read-only", "--cap-drop=ALL"));
    command.addAll(Arrays.asList(arguments));
    return docker(command.toArray(String[]::new));
  }

  private Contestant docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(Arrays.asList(arguments));
    return new Contestant(CONTAINER, command, Map.of(), checkout);
  }
}
