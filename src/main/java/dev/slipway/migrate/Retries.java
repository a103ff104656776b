package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;

/// Whether to try again what only lost against others, and of which nothing is left: within a
/// limit,
/// with the same timeout, and with pauses in which those go on who have queued behind it.
final class Retries {
  /// About how long they have.
  private static final long PAUSE_MILLIS = 700;

  private final Application application;
  private final Waiting waiting;

  Retries(Application application) {
    this.application = application;
    this.waiting = new Waiting(application.settings().lockWait(), PAUSE_MILLIS);
  }

  /// Waits a moment, if it is to be tried again.
  ///
  /// @param kind of the failure
  /// @param reason what the server said, in one line
  boolean tryAgain(FailureKind kind, String reason) {
    if (kind != FailureKind.LOCKED || application.session().isCancelled() || waiting.isOver()) {
      return false;
    }
    application.listener().on(new RunEvent.Retrying(application.migration().id(), reason));
    waiting.pause();
    return !application.session().isCancelled();
  }
}
