package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.LockHolder;
import java.time.Duration;
import java.util.Optional;

/// Another session works on the history for longer than we may wait.
public final class MigrationLockedException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<LockHolder> holder;

  private MigrationLockedException(
      String message, Optional<LockHolder> holder, Duration waited, TargetState state) {
    super(
        FailureKind.LOCKED,
        message + " within %d s".formatted(waited.toSeconds()),
        holder.map(h -> "It is held by " + h.text() + ".").orElse("Its holder cannot be seen."),
        "Run slipway again when that session is done"
            + holder
                .map(h -> ", or end it with: SELECT pg_terminate_backend(%d)".formatted(h.pid()))
                .orElse("."),
        state,
        null);
    this.holder = holder;
  }

  static MigrationLockedException byRun(
      String database, Optional<LockHolder> holder, Duration waited) {
    return new MigrationLockedException(
        "could not acquire the migration lock of database \"%s\"".formatted(database),
        holder,
        waited,
        TargetState.UNCHANGED);
  }

  static MigrationLockedException byHistory(
      String table, Optional<LockHolder> holder, Duration waited, TargetState state) {
    return new MigrationLockedException(
        "could not lock the history table %s".formatted(table), holder, waited, state);
  }

  public Optional<LockHolder> holder() {
    return holder;
  }
}
