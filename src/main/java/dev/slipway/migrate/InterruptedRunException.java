package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import org.jspecify.annotations.Nullable;

/// A signal stopped the run; the statement that was running is cancelled.
public final class InterruptedRunException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  /// @param detail where it was; empty if at nothing in particular
  public InterruptedRunException(String detail, TargetState state, @Nullable Throwable cause) {
    super(
        FailureKind.INTERRUPTED,
        "stopped by a signal",
        detail,
        "Run slipway again to go on: it applies what is missing.",
        state,
        cause);
  }
}
