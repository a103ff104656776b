package dev.slipway.cli;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;

/// A database that a run would create is missing, and creating it cannot be rolled back.
public final class NothingToTryInException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  NothingToTryInException(String database) {
    super(
        FailureKind.CONFIGURATION,
        "cannot try migrations in database \"%s\", which is not there".formatted(database),
        "A run would create it; that cannot be rolled back.",
        "See what a run would apply: slipway migrate --dry-run --create-database",
        TargetState.UNCHANGED,
        null);
  }
}
