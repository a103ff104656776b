package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.Migration;

/// A precondition does not hold, or could not be evaluated, and its author wants the run to stop.
public final class PreconditionException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private PreconditionException(String whose, Unmet unmet, String then, TargetState state) {
    super(
        FailureKind.FAILED,
        "the precondition of %s %s".formatted(whose, unmet.reason()),
        unmet.detail(),
        unmet.remedy() + ", and run slipway again" + then,
        state,
        null);
  }

  static PreconditionException of(Migration migration, Unmet unmet, TargetState state) {
    return new PreconditionException(
        "migration \"%s\"".formatted(migration), unmet, ": it goes on with this migration.", state);
  }

  /// Nothing of the changelog was begun.
  static PreconditionException of(Changelog changelog, Unmet unmet) {
    return new PreconditionException(
        "changelog \"%s\"".formatted(changelog.name()), unmet, ".", TargetState.UNCHANGED);
  }
}
