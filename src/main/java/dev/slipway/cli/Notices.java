package dev.slipway.cli;

import dev.slipway.history.HistoryTable;
import dev.slipway.migrate.Conflicts;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Step;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.postgres.SqlStates;
import java.sql.SQLException;

/// What people should know of a plan that can be run all the same.
final class Notices {
  private Notices() {}

  static void tell(OpenDatabase database, Plan plan, Events events) {
    if (!plan.newer().isEmpty()) {
      events.warn(
          "the database is ahead of this changelog: it holds \"%s\"%s"
              .formatted(
                  plan.newer().getLast().id(),
                  plan.newer().size() == 1
                      ? ""
                      : " and %d more unknown newer ids".formatted(plan.newer().size() - 1)));
    }
    for (Step.OutOfOrder step : plan.outOfOrder()) {
      events.notice(
          "out of order: \"%s\" comes before \"%s\", which is applied already"
              .formatted(step.migration(), step.behind()));
    }
    database.assignment().changelog().notices().forEach(events::notice);
    for (Step.Rewritten step : plan.rewritten()) {
      events.notice(
          "\"%s\" was applied with another text than %s has now"
              .formatted(step.migration(), step.migration().origin()));
    }
    for (HistoryTable other : database.target().found().elsewhere()) {
      events.warn(
          "another history, %s, lies in the search path behind this one".formatted(other.quoted()));
    }
    tellOutside(database, events);
  }

  /// Two schemas may each have their tables, one per tenant; but somebody who has just set a search
  /// path should know that the tables of before are still there.
  private static void tellOutside(OpenDatabase database, Events events) {
    database
        .target()
        .found()
        .outside()
        .filter(other -> knows(database, other))
        .ifPresent(
            other ->
                events.notice(
                    "%s, outside the search path, records migrations of this changelog, too"
                        .formatted(other.quoted())));
  }

  private static boolean knows(OpenDatabase database, HistoryTable other) {
    try {
      return Conflicts.knowsAny(database.target(), other, database.assignment().changelog());
    } catch (SQLException e) {
      if (SqlStates.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        return false; // Its own application is migrating; a notice is not worth the wait.
      }
      throw DatabaseException.of(e);
    }
  }
}
