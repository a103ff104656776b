package dev.slipway.migrate;

import dev.slipway.history.LockHolder;
import dev.slipway.history.RunLock;
import dev.slipway.migration.Plan;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;

/// Tells what another run is just doing, a migration or the emptying of its schemas, from what
/// broke
/// half-way: in the journal both look alike, but the run that is alive holds the migration lock.
public final class RunInProgress {
  private RunInProgress() {}

  /// The plan, once it is clear which of the two it is.
  ///
  /// @param planner makes the plan of the target as it was last seen
  public static Plan settle(Target target, Supplier<Plan> planner) throws SQLException {
    Plan plan = planner.get();
    while (plan.isHalfDone()) {
      if (holder(target).isPresent()) {
        return plan.whileAnotherRuns();
      }
      // A run that ended between the two looks has recorded what it did before it let go.
      target.refresh();
      Plan again = planner.get();
      if (again.isHalfDoneLike(plan)) {
        return again;
      }
      plan = again;
    }
    return plan;
  }

  /// The session of the run that is at work, if there is one.
  public static Optional<LockHolder> holder(Target target) throws SQLException {
    return RunLock.holder(target.session(), target.sql());
  }
}
