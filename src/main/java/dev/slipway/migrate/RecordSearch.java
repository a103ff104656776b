package dev.slipway.migrate;

import dev.slipway.history.LockHolder;
import dev.slipway.history.OtherSessions;
import dev.slipway.migration.TransactionMode;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks whether a migration that failed here was recorded by somebody else, most likely by EF's
/// own migrator. That records a migration of which a part runs outside of a transaction only after
/// its last command. So where it looks as if others had made what ours wanted to make, and a
/// session is at work that may be doing so, it is looked again.
final class RecordSearch {
  /// Between two commands a migrator's session looks like any other.
  private static final Duration PAUSE_OF_OTHERS = Duration.ofSeconds(1);

  private static final String NOT_LONG = "SET LOCAL lock_timeout = '1s'";

  private final Application application;
  private final Session session;
  private final Throwable failure;
  private final Waiting waiting;

  /// When somebody was last seen who may be applying it, by [System#nanoTime].
  private long seen = System.nanoTime();

  private boolean anybodySeen;

  RecordSearch(Application application, Throwable failure) {
    this.application = application;
    this.session = application.session();
    this.failure = failure;
    this.waiting = new Waiting(application.settings().runLockWait());
  }

  /// Whether it is recorded, waiting for that within [RunSettings#runLockWait()] where it may
  /// become so.
  boolean finds() {
    try {
      boolean goesOn;
      do {
        goesOn = goesOn();
        if (isRecorded()) {
          return true;
        }
        if (goesOn) {
          waiting.pause();
        }
      } while (goesOn);
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
    return false;
  }

  /// EF 9 and 10 lock the history so that it cannot be read; whoever does so is at work.
  private boolean isRecorded() throws SQLException {
    List<String> statements = new ArrayList<>(session.asideFromMigration());
    statements.add(NOT_LONG);
    statements.add(application.sql().findMigration(application.migration().id()));
    try {
      List<List<Row>> rows = session.queries(statements.toArray(String[]::new));
      return !rows.getFirst().isEmpty();
    } catch (SQLException e) {
      session.rollback(e);
      if (SqlStates.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  private boolean goesOn() throws SQLException {
    if (!isAsIfMadeByOthers() || session.isCancelled() || waiting.isOver()) {
      return false;
    }
    Optional<LockHolder> other =
        OtherSessions.migrating(session, application.compiled().statements());
    if (other.isPresent()) {
      seen = System.nanoTime();
      anybodySeen = true;
      if (waiting.reportIsDue()) {
        application
            .listener()
            .on(
                new RunEvent.WaitingForRecord(
                    application.migration().id(), other.get(), waiting.waited()));
      }
      return true;
    }
    return System.nanoTime() - seen < PAUSE_OF_OTHERS.toNanos() && somebodyMayBeAtIt();
  }

  /// What EF does in one transaction is recorded with it; it needs no waiting unless one is seen.
  private boolean somebodyMayBeAtIt() throws SQLException {
    return anybodySeen
        || (application.migration().transaction() == TransactionMode.NONE
            && OtherSessions.any(session));
  }

  /// Whether it failed as it does where its objects are there already, or gone already.
  private boolean isAsIfMadeByOthers() {
    Throwable reason = failure instanceof SQLException ? failure : failure.getCause();
    if (!(reason instanceof SQLException e)) {
      return false;
    }
    ServerError error = ServerError.of(e);
    return switch (error.sqlState()) {
      case SqlStates.DUPLICATE_TABLE,
          SqlStates.DUPLICATE_SCHEMA,
          SqlStates.DUPLICATE_COLUMN,
          SqlStates.DUPLICATE_OBJECT,
          SqlStates.DUPLICATE_FUNCTION,
          SqlStates.UNIQUE_VIOLATION,
          SqlStates.UNDEFINED_TABLE,
          SqlStates.UNDEFINED_COLUMN,
          SqlStates.UNDEFINED_OBJECT,
          SqlStates.UNDEFINED_FUNCTION,
          SqlStates.INVALID_SCHEMA_NAME ->
          true;
      case SqlStates.INTERNAL_ERROR -> error.message().startsWith("tuple concurrently ");
      default -> false;
    };
  }
}
