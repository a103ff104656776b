package dev.slipway.bench;

import static dev.slipway.bench.Contestants.PSQL;
import static dev.slipway.bench.Contestants.SLIPWAY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// The script: to write it, beside a run with nothing to do; to run it, beside the plain statements.
final class ScriptTopic {
  private static final String WRITE = "write";
  private static final String SCRIPT = "script";
  private static final String AGAIN = "again";
  private static final String HISTORY = "\"__EFMigrationsHistory\"";

  private final BenchServer server;
  private final Contestants contestants;
  private final Scale scale;
  private final Workload workload;
  private final Path script;
  private final Consumer<Figure> figures;

  /// How much is run.
  record Scale(int migrations, int writeRounds, int freshRounds) {
    static final Scale FULL = new Scale(5_000, 10, 3);
    static final Scale SMOKE = new Scale(30, 1, 1);
  }

  ScriptTopic(BenchServer server, Path checkout, Scale scale, Consumer<Figure> figures)
      throws IOException {
    this.server = server;
    this.contestants = new Contestants(checkout, server.port());
    this.scale = scale;
    this.figures = figures;
    Path folder = Files.createTempDirectory(checkout.resolve("target/bench"), "script");
    this.workload = new Workload(folder, scale.migrations);
    this.script = folder.resolve("script.sql");
  }

  void run() {
    write();
    fresh();
  }

  private void write() {
    String database = server.newDatabase();
    contestants.slipway(workload, database).succeed();
    Race race =
        new Race("script " + scale.migrations)
            .with(SLIPWAY, contestants.slipway(workload, database)::succeed)
            .with(
                WRITE,
                contestants.slipway(
                        workload.folder(), database, "script", "-o", script.toString())
                    ::succeed)
            .rounds(scale.writeRounds)
            .tell();
    server.drop(database);
    accept(2, "write %1$d : no-op %1$d", race.ratio(WRITE, SLIPWAY));
  }

  private void fresh() {
    Race race =
        new Race("script " + scale.migrations)
            .with(PSQL, () -> onNewDatabase(workload.psql()))
            .with(SCRIPT, () -> onNewDatabase(script));
    String database = server.newDatabase();
    contestants.psqlFile(script, database).succeed();
    race.with(AGAIN, contestants.psqlFile(script, database)::succeed)
        .rounds(scale.freshRounds)
        .tell();
    server.drop(database);
    accept(1.5, "script %d fresh : psql -f", race.ratio(SCRIPT, PSQL));
    accept(0.15, "script %d again : fresh", race.ratio(AGAIN, SCRIPT));
  }

  private Contestant.Run onNewDatabase(Path file) {
    String database = server.newDatabase();
    try {
      Contestant.Run run = contestants.psqlFile(file, database).succeed();
      int recorded = server.count(database, HISTORY);
      if (recorded != scale.migrations) {
        throw new IllegalStateException("%s: %d recorded".formatted(file, recorded));
      }
      return run;
    } finally {
      server.drop(database);
    }
  }

  private void accept(double limit, String name, double ratio) {
    figures.accept(Figure.atMost(limit, name.formatted(scale.migrations), ratio, "x"));
  }
}
