package dev.slipway.postgres;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import java.sql.SQLException;

/// The server refused something that we asked of it ourselves, or the session broke.
public final class DatabaseException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private DatabaseException(FailureKind kind, ServerError error, String hint, SQLException cause) {
    super(
        kind,
        error.message(),
        "SQLSTATE %s".formatted(error.sqlState())
            + (error.detail().isEmpty() ? "" : "\nDETAIL: " + error.detail()),
        hint,
        TargetState.UNCHANGED,
        cause);
  }

  public static DatabaseException of(SQLException e) {
    ServerError error = ServerError.of(e);
    if (error.endsSession()) {
      return new DatabaseException(
          FailureKind.CONNECTION, error, "Run slipway again when the server is there.", e);
    }
    return switch (error.sqlState()) {
      case SqlStates.INSUFFICIENT_PRIVILEGE ->
          new DatabaseException(
              FailureKind.CONFIGURATION, error, "Let the owner grant the right.", e);
      case SqlStates.LOCK_NOT_AVAILABLE, SqlStates.DEADLOCK_DETECTED ->
          new DatabaseException(
              FailureKind.LOCKED, error, "Run slipway again when the database is less busy.", e);
      case SqlStates.QUERY_CANCELED ->
          new DatabaseException(FailureKind.INTERRUPTED, error, "Run slipway again.", e);
      default ->
          new DatabaseException(
              FailureKind.FAILED,
              error,
              "Run slipway again; if it stays so, report it with what the server logged.",
              e);
    };
  }
}
