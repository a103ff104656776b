package dev.slipway.postgres;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import java.sql.SQLException;

/// The server refused something that we asked of it ourselves, or the session broke.
public final class DatabaseException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private DatabaseException(
      FailureKind kind, ServerError error, String hint, TargetState state, SQLException cause) {
    super(
        kind,
        error.message(),
        "SQLSTATE %s".formatted(error.sqlState())
            + (error.detail().isEmpty() ? "" : "\nDETAIL: " + error.detail()),
        hint,
        state,
        cause);
  }

  /// A failure before anything was written.
  public static DatabaseException of(SQLException e) {
    return of(e, TargetState.UNCHANGED);
  }

  public static DatabaseException of(SQLException e, TargetState state) {
    ServerError error = ServerError.of(e);
    FailureKind kind = kind(error);
    return new DatabaseException(kind, error, hint(kind), state, e);
  }

  private static FailureKind kind(ServerError error) {
    return switch (error.sqlState()) {
      case SqlStates.INSUFFICIENT_PRIVILEGE -> FailureKind.CONFIGURATION;
      case SqlStates.LOCK_NOT_AVAILABLE, SqlStates.DEADLOCK_DETECTED -> FailureKind.LOCKED;
      default -> error.endsSession() ? FailureKind.CONNECTION : FailureKind.FAILED;
    };
  }

  private static String hint(FailureKind kind) {
    return switch (kind) {
      case CONFIGURATION -> "Let the owner grant the right.";
      case LOCKED -> "Run slipway again when the database is less busy.";
      case CONNECTION -> "Run slipway again when the server is there.";
      case USAGE, CONFLICT, FAILED, PARTIALLY_APPLIED, INTERRUPTED, BUG ->
          "Run slipway again; if it stays so, report it with what the server logged.";
    };
  }
}
