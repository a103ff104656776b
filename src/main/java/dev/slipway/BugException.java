package dev.slipway;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;

/// The program is wrong: something was thrown that is no failure. It is told like one, so that
/// whoever reads the output or its JSON gets all four parts.
final class BugException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  BugException(Throwable bug) {
    super(
        FailureKind.BUG,
        "this is a bug in slipway: " + bug.getClass().getSimpleName(),
        "The stack trace stands above.",
        "Please report it with the stack trace; what slipway status shows is what is applied.",
        new TargetState.NotLookedAt(),
        bug);
  }
}
