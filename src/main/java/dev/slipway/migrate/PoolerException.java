package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.Migration;

/// A migration without a transaction is due behind a pooler, which may give each of its statements
/// to another connection, and the lock that keeps other runs away to nobody.
public final class PoolerException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  PoolerException(Migration migration) {
    super(
        FailureKind.CONFIGURATION,
        "migration \"%s\" cannot run behind a pooler".formatted(migration),
        "%s: it runs without a transaction, and what answers is not the process that was announced when the session began."
            .formatted(migration.origin()),
        "Say how to reach the server itself, with the name of the connection string for X:"
            + " ConnectionStrings__X__Direct=\"Host=…\"",
        TargetState.UNCHANGED,
        null);
  }
}
