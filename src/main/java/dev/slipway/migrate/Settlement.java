package dev.slipway.migrate;

import dev.slipway.failure.TargetState;
import dev.slipway.history.RunLock;
import dev.slipway.migration.History.JournalEntry;
import dev.slipway.migration.Migration;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// What became of a migration whose COMMIT lost its answer, found out on a new connection.
///
/// The session that was lost may still be at work, or not even have begun: its transaction may be
/// on the way as one message. It holds the migration lock as long as it lives, so that lock is
/// waited for; then the history is locked, against those who take none, and the row is looked up.
public enum Settlement {
  APPLIED,
  ROLLED_BACK,
  /// It is run with each run, so its row was there before.
  OPEN;

  /// @param target as seen by the new connection
  public static Settlement of(
      Migration migration, Target target, RunSettings settings, RunEvent.Listener listener)
      throws SQLException {
    try (RunLock _ = new LockedRun(target, settings, listener).acquireLock()) {
      HistoryLock.begin(
          target, settings, new TargetState.Unknown(migration.id().value()), List.of());
      target.session().execute("ROLLBACK");
      target.refresh();
    }
    return switch (migration.rerun()) {
      case NEVER -> target.history().records(migration.id()) ? APPLIED : ROLLED_BACK;
      case ON_CHANGE -> isJournaled(migration, target) ? APPLIED : ROLLED_BACK;
      case ALWAYS -> OPEN;
    };
  }

  private static boolean isJournaled(Migration migration, Target target) {
    Optional<JournalEntry> entry = target.history().journal(migration.id().value());
    return entry.isPresent()
        && entry.get().finishedAt() != null
        && entry.get().checksum().equals(migration.checksum());
  }
}
