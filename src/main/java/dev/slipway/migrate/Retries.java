package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.migration.MigrationId;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import java.sql.SQLException;
import java.time.Duration;

/// Whether to try again what only lost against others, and of which nothing is left: within a
/// limit,
/// with the same timeout, and with pauses in which those go on who have queued behind it.
final class Retries {
  /// About how long they have.
  private static final long PAUSE_MILLIS = 700;

  private final Session session;
  private final RunEvent.Listener listener;
  private final Waiting waiting;

  /// @param limit for all of them together, from now on
  Retries(Session session, Duration limit, RunEvent.Listener listener) {
    this.session = session;
    this.listener = listener;
    this.waiting = new Waiting(limit, PAUSE_MILLIS);
  }

  static Retries of(Application application) {
    return new Retries(
        application.session(), application.settings().lockWait(), application.listener());
  }

  /// Waits a moment, if it is to be tried again.
  ///
  /// @param kind of the failure
  /// @param reason what the server said, in one line
  boolean tryAgain(MigrationId id, FailureKind kind, String reason) {
    if (kind != FailureKind.LOCKED || session.isCancelled() || waiting.isOver()) {
      return false;
    }
    listener.on(new RunEvent.Retrying(id, reason));
    waiting.pause();
    return !session.isCancelled();
  }

  /// The same for a statement that the server refused; what was not answered may go on.
  boolean tryAgain(MigrationId id, SQLException failure) {
    ServerError error = ServerError.of(failure);
    return ServerError.isAnswer(failure)
        && tryAgain(id, MigrationFailedException.kind(error), error.message());
  }
}
