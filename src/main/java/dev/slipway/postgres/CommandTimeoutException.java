package dev.slipway.postgres;

import java.sql.SQLException;
import java.time.Duration;

/// A statement was cancelled because it took longer than the connection string's `Command Timeout`.
public final class CommandTimeoutException extends SQLException {
  private static final long serialVersionUID = 1L;

  CommandTimeoutException(Duration limit, SQLException cause) {
    super(
        "the connection string's Command Timeout of %d s ran out".formatted(limit.toSeconds()),
        SqlStates.QUERY_CANCELED,
        cause);
  }

  /// Whether a failure is one of these, by itself or among statements that were sent together.
  public static boolean isReasonOf(SQLException failure) {
    return failure instanceof CommandTimeoutException
        || (failure instanceof PipelineException
            && failure.getCause() instanceof CommandTimeoutException);
  }
}
