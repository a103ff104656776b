package dev.slipway.bench;

import dev.slipway.testing.LargeChangelog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Much of everything: the most memory that a run of it takes.
final class MemoryTopic {
  private static final int LIMIT_MEGABYTES = 256;
  private static final int SMOKE_DIVISOR = 1_000;

  private final BenchServer server;
  private final Contestants contestants;
  private final int divisor;
  private final Path folder;
  private final Consumer<Figure> figures;

  MemoryTopic(BenchServer server, Path checkout, boolean smoke, Consumer<Figure> figures)
      throws IOException {
    this.server = server;
    this.contestants = new Contestants(checkout, server.port());
    this.divisor = smoke ? SMOKE_DIVISOR : 1;
    this.figures = figures;
    this.folder = Files.createTempDirectory(checkout.resolve("target/bench"), "memory");
  }

  void run() {
    for (LargeChangelog large : LargeChangelog.values()) {
      measure(large);
    }
  }

  private void measure(LargeChangelog large) {
    Path of = folder.resolve(large.name());
    large.write(of.resolve("changelog"), divisor);
    String database = server.newDatabase();
    Contestant.Run run = contestants.slipway(of, database).succeed();
    int rows = server.count(database, "t");
    if (rows != large.count(divisor)) {
      throw new IllegalStateException("%s: %d rows".formatted(large, rows));
    }
    server.drop(database);
    if (run.peakKilobytes() > 0) {
      figures.accept(
          Figure.atMost(
              LIMIT_MEGABYTES,
              large + ": resident memory",
              run.peakKilobytes() / 1024.0,
              "MB"));
    }
  }
}
