package dev.slipway.bench;

import static dev.slipway.bench.Contestants.FLYWAY;
import static dev.slipway.bench.Contestants.LIQUIBASE;
import static dev.slipway.bench.Contestants.PSQL;
import static dev.slipway.bench.Contestants.SLIPWAY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// The main job: nothing to do, and everything to do, beside psql and the peers.
final class MigrateTopic {
  private static final int CONFLICT = 6;

  private final BenchServer server;
  private final Contestants contestants;
  private final Scale scale;
  private final Workload small;
  private final Workload medium;
  private final Workload large;
  private final Consumer<Figure> figures;
  private final Map<String, String> migrated = new HashMap<>();

  /// How much is run.
  ///
  /// @param noOpRounds rounds of a run that takes less than a second
  /// @param freshRounds rounds of all migrations
  /// @param peerRounds rounds of the peers at the middle size; at the largest there is one
  record Scale(int medium, int large, int noOpRounds, int freshRounds, int peerRounds) {
    static final Scale FULL = new Scale(1_000, 5_000, 12, 3, 2);
    static final Scale SMOKE = new Scale(20, 30, 1, 1, 1);
  }

  @FunctionalInterface
  private interface Start {
    Contestant on(Workload workload, String database);
  }

  MigrateTopic(BenchServer server, Path checkout, Scale scale, Consumer<Figure> figures)
      throws IOException {
    this.server = server;
    this.contestants = new Contestants(checkout, server.port());
    this.scale = scale;
    this.figures = figures;
    Path folder = Files.createTempDirectory(checkout.resolve("target/bench"), "migrate");
    this.small = new Workload(folder.resolve("small"), 10);
    this.medium = new Workload(folder.resolve("medium"), scale.medium);
    this.large = new Workload(folder.resolve("large"), scale.large);
  }

  void run() {
    fresh(small, 1, 1);
    noOpOfFew();
    Race race = fresh(medium, scale.freshRounds, scale.peerRounds);
    figures.accept(
        Figure.unlimited(
            "fresh %d : psql -f".formatted(medium.count()), race.ratio(SLIPWAY, PSQL), "x"));
    againstPeers("fresh", medium, race);
    noOpAgainstPeers(medium);
    Race largest = fresh(large, scale.freshRounds, 1);
    figures.accept(
        Figure.atMost(
            1.1, "fresh %d : psql -f".formatted(large.count()), largest.ratio(SLIPWAY, PSQL), "x"));
    againstPeers("fresh", large, largest);
    noOpAgainstPeers(large);
    noOpOfMany(largest.peakMegabytes(SLIPWAY));
    editedFile();
  }

  /// Everything from nothing. The last database of each contestant is kept.
  private Race fresh(Workload workload, int rounds, int peerRounds) {
    return new Race("fresh " + workload.count())
        .with(PSQL, () -> migrate(PSQL, contestants::psql, workload))
        .with(SLIPWAY, () -> migrate(SLIPWAY, contestants::slipway, workload))
        .with(FLYWAY, () -> migrate(FLYWAY, contestants::flyway, workload))
        .with(LIQUIBASE, () -> migrate(LIQUIBASE, contestants::liquibase, workload))
        .rounds(peerRounds)
        .without(FLYWAY, LIQUIBASE)
        .rounds(rounds - peerRounds)
        .tell();
  }

  private Contestant.Run migrate(String name, Start start, Workload workload) {
    String database = server.newDatabase();
    Contestant.Run run = start.on(workload, database).succeed();
    int recorded = server.count(database, historyTable(name));
    if (recorded < workload.count()) {
      throw new IllegalStateException("%s recorded %d migrations".formatted(name, recorded));
    }
    String before = migrated.put(name + workload.count(), database);
    if (before != null) {
      server.drop(before);
    }
    return run;
  }

  private static String historyTable(String name) {
    return switch (name) {
      case FLYWAY -> "flyway_schema_history";
      case LIQUIBASE -> "databasechangelog";
      default -> "\"__EFMigrationsHistory\"";
    };
  }

  private Contestant again(String name, Start start, Workload workload) {
    return start.on(workload, String.valueOf(migrated.get(name + workload.count())));
  }

  private void noOpOfFew() {
    Race race =
        new Race("no-op 10")
            .with(contestants.selectOne(String.valueOf(migrated.get(PSQL + small.count()))))
            .with(again(SLIPWAY, contestants::slipway, small))
            .rounds(scale.noOpRounds)
            .tell();
    figures.accept(
        Figure.atMost(4, "no-op 10 : psql -c 'select 1'", race.ratio(SLIPWAY, PSQL), "x"));
    noOpAgainstPeers(small);
  }

  private void noOpAgainstPeers(Workload workload) {
    Race race =
        new Race("no-op " + workload.count())
            .with(again(SLIPWAY, contestants::slipway, workload))
            .with(again(FLYWAY, contestants::flyway, workload))
            .with(again(LIQUIBASE, contestants::liquibase, workload))
            .rounds(Math.max(1, scale.noOpRounds / 4))
            .tell();
    againstPeers("no-op", workload, race);
  }

  private void againstPeers(String what, Workload workload, Race race) {
    for (String peer : new String[] {FLYWAY, LIQUIBASE}) {
      figures.accept(
          Figure.below(
              1,
              "%s %d : %s".formatted(what, workload.count(), peer),
              race.ratio(SLIPWAY, peer),
              "x"));
    }
  }

  private void noOpOfMany(double freshPeakMegabytes) {
    String few = "slipway " + small.count();
    String many = "slipway " + large.count();
    Race race =
        new Race("no-op")
            .with(few, again(SLIPWAY, contestants::slipway, small)::succeed)
            .with(many, again(SLIPWAY, contestants::slipway, large)::succeed)
            .rounds(scale.noOpRounds)
            .tell();
    figures.accept(
        Figure.atMost(
            3.5,
            "no-op %d : no-op %d".formatted(large.count(), small.count()),
            race.ratio(many, few),
            "x"));
    memory("fresh", freshPeakMegabytes);
    memory("no-op", race.peakMegabytes(many));
  }

  private void memory(String what, double peakMegabytes) {
    if (peakMegabytes == 0) {
      System.err.println("resident memory: only Linux tells it; left out");
      return;
    }
    figures.accept(
        Figure.atMost(
            150, "%s %d: resident memory".formatted(what, large.count()), peakMegabytes, "MB"));
  }

  private void editedFile() {
    large.whileEdited(
        () -> {
          int code = again(SLIPWAY, contestants::slipway, large).run().code();
          figures.accept(
              Figure.exactly(
                  1,
                  "no-op %d: edited file seen".formatted(large.count()),
                  code == CONFLICT ? 1 : 0,
                  "-"));
        });
  }
}
