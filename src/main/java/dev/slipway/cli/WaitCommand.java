package dev.slipway.cli;

import dev.slipway.config.Settings;
import dev.slipway.failure.SlipwayException;
import dev.slipway.migrate.MigrationLockedException;
import dev.slipway.migrate.MissingRightsException;
import dev.slipway.migrate.RunInProgress;
import dev.slipway.migrate.Waiting;
import dev.slipway.migration.DatabaseState;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import dev.slipway.postgres.ConnectionFailedException;
import dev.slipway.postgres.DatabaseException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// `slipway wait`: for what starts beside the run that migrates, and needs its end. Ends when each
/// database holds all that its changelog holds, or when time is up. Writes nothing.
public final class WaitCommand {
  private static final Set<DatabaseState> NEEDS_SOMEBODY =
      EnumSet.of(DatabaseState.CONFLICT, DatabaseState.PARTIALLY_APPLIED);

  private final Environment environment;
  private final Settings settings;
  private final Console console;

  public WaitCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
    this.console = environment.console();
  }

  /// @return 0 if all is there, 1 if time is up, 3 or 4 if a database could not be read until then
  public int run() {
    Assignments assignments = Assignments.load(settings, environment.readers());
    Databases.tellSkipped(console, assignments);
    var waiting = new Waiting(settings.timeout());
    List<Report> reports = new ArrayList<>();
    int code = ExitCodes.DONE;
    for (Assignment assignment : assignments.all()) {
      Report report = await(assignment, waiting);
      reports.add(report);
      boolean there = report.failure().isEmpty() && isThere(report);
      code = ExitCodes.gravest(code, there ? ExitCodes.DONE : ExitCodes.NO);
    }
    if (settings.json()) {
      Json.printDatabases(console, reports, (_, _) -> {});
    }
    return ExitCodes.gravest(code, Databases.exitCode(reports));
  }

  private static boolean isThere(Report report) {
    return report.plan().map(Plan::isThere).orElse(false);
  }

  private Report await(Assignment assignment, Waiting waiting) {
    var report = new Report(assignment.name());
    var events = new Events(console, settings, report);
    try {
      while (!isThere(report, assignment, events, waiting)) {
        environment.interruption().refuseToGoOn();
        waiting.pause();
      }
      String end =
          isThere(report)
              ? "there"
              : "not there within %d s".formatted(settings.timeout().toSeconds());
      events.finished(end + Databases.standing(report));
      if (NEEDS_SOMEBODY.contains(report.state().orElse(DatabaseState.EMPTY))) {
        events.notice("waiting longer does not help; what does: slipway status");
      }
    } catch (SQLException e) {
      events.failed(DatabaseException.of(e));
    } catch (SlipwayException e) {
      events.failed(e);
    }
    return report;
  }

  /// Looks until all is there, time is up, or the connection is lost.
  ///
  /// @return whether there is nothing more to wait for
  /// @throws ConnectionFailedException if waiting longer does not help, or time is up
  private boolean isThere(Report report, Assignment assignment, Events events, Waiting waiting)
      throws SQLException {
    try (OpenDatabase database =
        OpenDatabase.openWithin(waiting.left(), assignment, events, environment.interruption())) {
      while (!look(database, report)) {
        environment.interruption().refuseToGoOn();
        if (waiting.isOver()) {
          return true;
        }
        if (waiting.reportIsDue()) {
          events.notice("waiting for what is pending" + Databases.standing(report));
        }
        waiting.pause();
        database.target().refresh();
      }
      return true;
    } catch (ConnectionFailedException e) {
      if (waiting.isOver() || !e.isMissingDatabase()) {
        throw e;
      }
      return false;
    } catch (MigrationLockedException _) {
      // EF is migrating, so not all is there.
      return waiting.isOver();
    } catch (MissingRightsException e) {
      // Who makes history and journal may be about to grant them.
      if (waiting.isOver()) {
        throw e;
      }
      return false;
    } catch (SQLException e) {
      if (waiting.isOver()) {
        throw e;
      }
      return false;
    }
  }

  private static boolean look(OpenDatabase database, Report report) throws SQLException {
    Plan plan =
        RunInProgress.settle(
            database.target(),
            () -> Planner.plan(database.assignment().changelog(), database.target().history()));
    report.found(plan, database.target().history());
    return isThere(report);
  }
}
