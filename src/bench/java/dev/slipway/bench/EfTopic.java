package dev.slipway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// EF's scripts: nothing to do, beside plain SQL files.
final class EfTopic {
  private static final String SCRIPT = "EF's script";
  private static final String PLAIN = "plain SQL";
  private static final Path BOOKSHOP =
      Path.of("src/test/resources/ef/golden/bookshop/ef10/idempotent.sql");

  private final BenchServer server;
  private final Contestants contestants;
  private final Scale scale;
  private final Workload large;
  private final Workload ten;
  private final Path bookshop;
  private final Consumer<Figure> figures;

  /// How much is run.
  record Scale(int large, int rounds) {
    static final Scale FULL = new Scale(5_000, 10);
    static final Scale SMOKE = new Scale(30, 1);
  }

  EfTopic(BenchServer server, Path checkout, Scale scale, Consumer<Figure> figures)
      throws IOException {
    this.server = server;
    this.contestants = new Contestants(checkout, server.port());
    this.scale = scale;
    this.figures = figures;
    Path folder = Files.createTempDirectory(checkout.resolve("target/bench"), "ef");
    this.large = new Workload(folder.resolve("large"), scale.large);
    this.ten = new Workload(folder.resolve("ten"), 10);
    this.bookshop = folder.resolve("bookshop");
    Path changelog = Files.createDirectories(bookshop.resolve("changelog"));
    Files.copy(checkout.resolve(BOOKSHOP), changelog.resolve("migrations.sql"));
  }

  void run() {
    race(1.5, "no-op " + scale.large, large.ef(), large.folder());
    race(1.1, "no-op 10, bookshop", bookshop, ten.folder());
  }

  private void race(double limit, String name, Path script, Path plain) {
    Contestant byScript = contestants.slipway(script, server.newDatabase());
    Contestant byFiles = contestants.slipway(plain, server.newDatabase());
    byScript.succeed();
    byFiles.succeed();
    Race race =
        new Race(name)
            .with(SCRIPT, byScript::succeed)
            .with(PLAIN, byFiles::succeed)
            .rounds(scale.rounds)
            .tell();
    figures.accept(
        Figure.atMost(limit, name + ": script : files", race.ratio(SCRIPT, PLAIN), "x"));
  }
}
