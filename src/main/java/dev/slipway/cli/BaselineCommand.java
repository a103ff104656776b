package dev.slipway.cli;

import dev.slipway.config.Settings;
import dev.slipway.migrate.Baseline;
import dev.slipway.migrate.Baseline.LaterObjects;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Planner;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `slipway baseline ID`: adopts a database that was migrated by other means. It records that
/// migration and all before it as applied, and runs none of them.
public final class BaselineCommand {
  /// EF's word for the state before the first migration (`Migration.InitialDatabase`).
  private static final String NONE = "0";

  private final Environment environment;
  private final Settings settings;
  private final Console console;
  private final List<String> ids = new ArrayList<>();

  public BaselineCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
    this.console = environment.console();
  }

  /// @param reference the last migration that the database holds: its id or name, `head`, or `0`
  /// @return the exit code
  public int run(String reference) {
    Assignments assignments = Assignments.load(settings, environment.readers());
    List<Assignment> all = assignments.all();
    if (all.size() > 1) {
      throw UsageException.severalDatabases(
          "baseline", all.stream().map(Assignment::name).toList());
    }
    Optional<Migration> last = last(reference, all.getFirst());
    List<Report> reports =
        new Inspection(environment, settings)
            .run(
                assignments,
                (assignment, database, report, events) ->
                    adopt(last, assignment, database, report, events));
    if (settings.json()) {
      String member = settings.dryRun() ? "would_baseline" : "baselined";
      Json.printDatabases(console, reports, (json, _) -> Json.writeIds(json, member, ids));
    }
    return Databases.exitCode(reports);
  }

  private static Optional<Migration> last(String reference, Assignment assignment) {
    if (reference.equals(NONE)) {
      return Optional.empty();
    }
    return Optional.of(
        UsageException.only(
            assignment.changelog().find(reference),
            "baseline",
            reference,
            assignment.changelog().name()));
  }

  private void adopt(
      Optional<Migration> last,
      Assignment assignment,
      OpenDatabase database,
      Report report,
      EventText events)
      throws SQLException {
    look(assignment, database, report);
    boolean confirmed =
        settings.confirm().filter(database.target().surroundings().database()::equals).isPresent();
    var baseline =
        new Baseline(
            database.target(),
            assignment.changelog(),
            last,
            assignment.runSettings(environment.version()),
            confirmed ? LaterObjects.ACCEPT : LaterObjects.REFUSE,
            events);
    List<Migration> recorded = settings.dryRun() ? baseline.prepare() : baseline.run();
    recorded.forEach(migration -> ids.add(migration.id().value()));
    look(assignment, database, report);
    if (!settings.json()) {
      print(report);
    }
  }

  private static void look(Assignment assignment, OpenDatabase database, Report report) {
    report.found(
        Planner.plan(assignment.changelog(), database.target().history()),
        database.target().history());
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
