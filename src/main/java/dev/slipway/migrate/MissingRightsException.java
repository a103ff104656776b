package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.Surroundings;

/// The role lacks what is to be done with the database.
public final class MissingRightsException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  MissingRightsException(Surroundings surroundings, String detail, String hint) {
    super(
        FailureKind.CONFIGURATION,
        "role \"%s\" lacks rights in database \"%s\""
            .formatted(surroundings.user(), surroundings.database()),
        detail,
        hint,
        TargetState.UNCHANGED,
        null);
  }
}
