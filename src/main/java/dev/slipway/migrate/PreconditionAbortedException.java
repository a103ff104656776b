package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.Precondition;
import dev.slipway.postgres.ServerError;
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
        MigrationFailedException.hint(precondition.origin().file(), error, cause),
        state,
        cause);
  }
}
