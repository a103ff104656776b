package dev.slipway.cli;

import dev.slipway.history.HistoryTable;
import dev.slipway.migrate.Conflicts;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Step;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.postgres.SqlStates;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;

/// What people should know of a plan that can be run all the same.
final class Notices {
  private Notices() {}

  static void tell(OpenDatabase database, Plan plan, Events events) {
    if (plan.common() == Plan.Common.NOTHING) {
      return; // It is refused, and what is there is no surprise.
    }
    if (!plan.newer().isEmpty()) {
      events.warn(
          "the database is ahead of this changelog: it holds \"%s\"%s"
              .formatted(
                  plan.newer().getLast().id(),
                  plan.newer().size() == 1
                      ? ""
                      : " and %d more unknown newer ids".formatted(plan.newer().size() - 1)));
    }
    if (!plan.older().isEmpty()) {
      events.notice(
          "the history holds \"%s\"%s, which the changelog does not have: renamed, or squashed and adopted"
              .formatted(
                  plan.older().getFirst().id(),
                  plan.older().size() == 1
                      ? ""
                      : " and %d more older ids".formatted(plan.older().size() - 1)));
    }
    if (plan.common() == Plan.Common.SHARED) {
      events.notice("the history holds nothing of this changelog yet; others share it");
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
    if (!plan.due().isEmpty()) {
      tellContinuations(database.assignment().changelog(), plan, events);
    }
    for (HistoryTable other : database.target().found().elsewhere()) {
      events.warn(
          "another history, %s, lies in the search path behind this one".formatted(other.quoted()));
    }
    tellOutside(database, events);
  }

  /// A script from a later migration on does not say what that follows: one left out between two
  /// others cannot be seen.
  private static void tellContinuations(Changelog changelog, Plan plan, Events events) {
    String before = "";
    Set<String> due = plan.due().stream().map(m -> m.id().key()).collect(Collectors.toSet());
    for (Migration migration : changelog.migrations()) {
      if (!before.isEmpty()
          && changelog.isContinuation(migration)
          && due.contains(migration.id().key())) {
        events.notice(
            "\"%s\" begins %s, which does not say what it follows; it is taken to follow \"%s\""
                .formatted(migration, migration.origin().file(), before));
      }
      before = migration.id().value();
    }
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
