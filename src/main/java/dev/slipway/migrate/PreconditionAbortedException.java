package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.Precondition;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.SqlStates;
import java.sql.SQLException;

/// The server broke a precondition's evaluation off, which says nothing of the precondition: a lock
/// was waited for too long, the statement was cancelled, the session is gone.
public final class PreconditionAbortedException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  /// @param whose the migration or the changelog
  PreconditionAbortedException(
      String whose, Precondition precondition, SQLException cause, TargetState state) {
    ServerError error = ServerError.of(cause);
    super(
        MigrationFailedException.kind(error),
        "the precondition of %s could not be evaluated: %s".formatted(whose, error.message()),
        "%s, SQLSTATE %s".formatted(precondition.origin(), error.sqlState())
            + (error.detail().isEmpty() ? "" : "\nDETAIL: " + error.detail()),
        hint(precondition, error, cause, state),
        state,
        cause);
  }

  /// It is not tried again, as a migration is.
  private static String hint(
      Precondition precondition, ServerError error, SQLException cause, TargetState state) {
    return error.sqlState().equals(SqlStates.LOCK_NOT_AVAILABLE)
        ? "Run slipway again when the table is less busy, or let it wait longer:"
            + " Slipway__LockTimeout=30s"
        : MigrationFailedException.hint(precondition.origin().file(), error, cause, state);
  }
}
