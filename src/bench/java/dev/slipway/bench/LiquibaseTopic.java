package dev.slipway.bench;

import static dev.slipway.bench.Contestants.LIQUIBASE;
import static dev.slipway.bench.Contestants.PSQL;
import static dev.slipway.bench.Contestants.SLIPWAY;

import dev.slipway.bench.LiquibaseWorkload.Syntax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Liquibase changelogs: nothing to do, beside the same number of plain SQL files; everything to do,
/// beside Liquibase.
final class LiquibaseTopic {
  private static final String PLAIN = "plain SQL";
  private static final String HISTORY = "\"__EFMigrationsHistory\"";

  private final BenchServer server;
  private final Contestants contestants;
  private final Scale scale;
  private final Workload plain;
  private final LiquibaseWorkload changelogs;
  private final LiquibaseWorkload small;
  private final LiquibaseWorkload few;
  private final Consumer<Figure> figures;

  /// How much is run.
  record Scale(int large, int small, int noOpRounds, int freshRounds) {
    static final Scale FULL = new Scale(5_000, 500, 10, 2);
    static final Scale SMOKE = new Scale(30, 20, 1, 1);
  }

  LiquibaseTopic(BenchServer server, Path checkout, Scale scale, Consumer<Figure> figures)
      throws IOException {
    this.server = server;
    this.contestants = new Contestants(checkout, server.port());
    this.scale = scale;
    this.figures = figures;
    Path folder = Files.createTempDirectory(checkout.resolve("target/bench"), "liquibase");
    this.plain = new Workload(folder.resolve("plain"), scale.large);
    this.changelogs = new LiquibaseWorkload(folder.resolve("large"), scale.large);
    this.small = new LiquibaseWorkload(folder.resolve("small"), scale.small);
    this.few = new LiquibaseWorkload(folder.resolve("few"), 10);
  }

  void run() {
    noOpOfFew();
    noOp();
    fresh();
  }

  private void noOpOfFew() {
    String database = migrated(few, Syntax.YAML);
    Race race =
        new Race("no-op " + few.count())
            .with(contestants.selectOne(database))
            .with(contestants.slipway(few.folder(Syntax.YAML), database))
            .rounds(scale.noOpRounds)
            .tell();
    figures.accept(
        Figure.atMost(
            5,
            "no-op %d changesets of YAML : psql -c 'select 1'".formatted(few.count()),
            race.ratio(SLIPWAY, PSQL),
            "x"));
  }

  private void noOp() {
    Map<Syntax, String> databases = new HashMap<>();
    for (Syntax syntax : Syntax.values()) {
      databases.put(syntax, migrated(changelogs, syntax));
    }
    String plainDatabase = server.newDatabase();
    contestants.slipway(plain, plainDatabase).succeed();
    var race = new Race("no-op " + scale.large);
    race.with(PLAIN, contestants.slipway(plain, plainDatabase)::succeed);
    databases.forEach(
        (syntax, database) ->
            race.with(
                syntax.name(),
                contestants.slipway(changelogs.folder(syntax), database)::succeed));
    race.rounds(scale.noOpRounds).tell();
    for (Syntax syntax : Syntax.values()) {
      figures.accept(
          Figure.atMost(
              1.5,
              "no-op %d changesets of %s : plain SQL".formatted(scale.large, syntax),
              race.ratio(syntax.name(), PLAIN),
              "x"));
    }
  }

  private String migrated(LiquibaseWorkload workload, Syntax syntax) {
    String database = server.newDatabase();
    contestants.slipway(workload.folder(syntax), database).succeed();
    int recorded = server.count(database, HISTORY);
    if (recorded != workload.count()) {
      throw new IllegalStateException("%s: %d recorded".formatted(syntax, recorded));
    }
    return database;
  }

  private void fresh() {
    Path folder = small.folder(Syntax.XML);
    var race =
        new Race("fresh " + small.count())
            .with(SLIPWAY, () -> onNewDatabase(database -> contestants.slipway(folder, database)))
            .with(
                LIQUIBASE,
                () ->
                    onNewDatabase(
                        database ->
                            contestants.liquibase(
                                folder.resolve("changelog/changelog.xml"), database)))
            .rounds(scale.freshRounds)
            .tell();
    figures.accept(
        Figure.below(
            1,
            "fresh %d changesets of XML : liquibase".formatted(small.count()),
            race.ratio(SLIPWAY, LIQUIBASE),
            "x"));
  }

  @FunctionalInterface
  private interface Start {
    Contestant on(String database);
  }

  private Contestant.Run onNewDatabase(Start start) {
    String database = server.newDatabase();
    try {
      return start.on(database).succeed();
    } finally {
      server.drop(database);
    }
  }
}
