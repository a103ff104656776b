package dev.slipway.crash;

import dev.slipway.testing.FailPoint;
import dev.slipway.testing.FailPoint.Side;
import java.util.regex.Pattern;

/// Where a run stands when something breaks.
///
/// @param name as the documentation has it
/// @param at the statement, and on which side of it all is held
/// @param then what the run is brought to from there
record CrashPoint(String name, FailPoint at, Then then) {
  static final Pattern COMMIT = Pattern.compile("^COMMIT\\b");

  /// What happens between the place where it is held and the fault.
  sealed interface Then {
    /// Nothing.
    record Stay() implements Then {}

    /// It goes on into its COMMIT, and waits there for a standby when it is committed.
    record WaitInCommit() implements Then {}

    /// It goes on until it waits for another transaction.
    ///
    /// @param sql what that one has done
    /// @param waiting condition on `pg_stat_activity` by which the wait is seen
    record WaitForOther(String sql, String waiting) implements Then {}
  }

  static CrashPoint before(String name, String anchor, String statement) {
    return at(name, anchor, statement, Side.BEFORE, new Then.Stay());
  }

  static CrashPoint after(String name, String anchor, String statement) {
    return at(name, anchor, statement, Side.AFTER, new Then.Stay());
  }

  static CrashPoint at(String name, String anchor, String statement, Side side, Then then) {
    return new CrashPoint(
        name,
        new FailPoint(
            Pattern.compile(anchor, Pattern.DOTALL),
            Pattern.compile(statement, Pattern.DOTALL),
            side),
        then);
  }

  @Override
  public String toString() {
    return name;
  }
}
