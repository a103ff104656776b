package dev.slipway.cli;

import static java.util.stream.Collectors.joining;

import dev.slipway.config.Settings;
import dev.slipway.migrate.Baseline;
import dev.slipway.migrate.Baseline.Extent;
import dev.slipway.migrate.Baseline.LaterObjects;
import dev.slipway.migrate.LiquibaseAdoption;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ForeignId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// `slipway baseline`: adopts a database that was migrated by other means. It records as applied
/// what the database holds already, and runs none of it.
public final class BaselineCommand {
  /// EF's word for the state before the first migration (`Migration.InitialDatabase`).
  private static final String NONE = "0";

  private static final int MOST_SHOWN = 10;

  private final Environment environment;
  private final Settings settings;
  private final Console console;
  private final List<String> ids = new ArrayList<>();

  public BaselineCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
    this.console = environment.console();
  }

  /// `baseline ID`: that migration and all before it.
  ///
  /// @param reference the last migration that the database holds: its id or name, `head`, or `0`
  /// @return the exit code
  public int run(String reference) {
    return run(changelog -> upTo(reference, changelog));
  }

  /// `baseline --from-liquibase`: what Liquibase's own table records.
  ///
  /// @return the exit code
  public int runFromLiquibase() {
    return run(BaselineCommand::recordedByLiquibase);
  }

  /// @param wanted what the database holds, in the terms of its changelog
  private int run(Function<Changelog, Extent> wanted) {
    if (settings.dryRunExecutes()) {
      throw UsageException.notTried("baseline");
    }
    Assignments assignments = Assignments.load(settings, environment.readers());
    List<Assignment> all = assignments.all();
    if (all.size() > 1) {
      throw UsageException.severalDatabases(
          "baseline", all.stream().map(Assignment::name).toList());
    }
    Extent extent = wanted.apply(all.getFirst().changelog());
    List<Report> reports =
        new Inspection(environment, settings)
            .run(
                assignments,
                (assignment, database, report, events) ->
                    adopt(extent, assignment, database, report, events));
    if (settings.json()) {
      String member = settings.dryRun() ? "would_baseline" : "baselined";
      Json.printDatabases(console, reports, (json, _) -> Json.writeIds(json, member, ids));
    }
    return Databases.exitCode(reports);
  }

  private static Extent upTo(String reference, Changelog changelog) {
    return reference.equals(NONE)
        ? new Extent.Nothing()
        : new Extent.UpTo(
            UsageException.only(
                changelog.find(reference), "baseline", reference, changelog.name()));
  }

  private static Extent recordedByLiquibase(Changelog changelog) {
    LiquibaseAdoption.refuseWithoutChangesets(changelog);
    return new Extent.RecordedByLiquibase();
  }

  private void adopt(
      Extent extent, Assignment assignment, OpenDatabase database, Report report, Events events)
      throws SQLException {
    Databases.look(database, report);
    boolean confirmed =
        settings.confirm().filter(database.target().surroundings().database()::equals).isPresent();
    var baseline =
        new Baseline(
            database.target(),
            assignment.changelog(),
            extent,
            assignment.runSettings(environment.version()),
            confirmed ? LaterObjects.ACCEPT : LaterObjects.REFUSE,
            events);
    Baseline.Outcome outcome = settings.dryRun() ? baseline.prepare() : baseline.run();
    tellStrangers(outcome.strangers(), events);
    outcome.recorded().forEach(migration -> ids.add(migration.id().value()));
    Databases.look(database, report);
    if (!settings.json()) {
      print(report);
    }
  }

  private static void tellStrangers(List<ForeignId> strangers, Events events) {
    if (strangers.isEmpty()) {
      return;
    }
    String shown =
        strangers.stream().limit(MOST_SHOWN).map(ForeignId::toString).collect(joining(", "));
    int more = strangers.size() - MOST_SHOWN;
    events.notice(
        "Liquibase recorded what this changelog does not have, or not for this database: "
            + shown
            + (more > 0 ? " and %d more".formatted(more) : ""));
  }

  private void print(Report report) {
    for (String id : ids) {
      console.result((settings.dryRun() ? "would baseline  " : "baselined  ") + id);
    }
    console.result(
        settings.dryRun()
            ? "%s: %d would be baselined, nothing was changed".formatted(report.name(), ids.size())
            : "%s: %d baselined%s"
                .formatted(report.name(), ids.size(), Databases.standing(report)));
  }
}
