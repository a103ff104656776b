package dev.slipway.postgres;

import java.sql.SQLException;

/// One of several statements that were sent together failed; those before it were done, none behind
/// it was.
public final class PipelineException extends SQLException {
  private static final long serialVersionUID = 1L;

  private final int index;

  PipelineException(int index, SQLException cause) {
    super(cause.getMessage(), cause.getSQLState(), cause);
    this.index = index;
  }

  /// Which of the statements, from 0.
  public int index() {
    return index;
  }

  public ServerError error() {
    return getCause() instanceof SQLException cause ? ServerError.of(cause) : ServerError.of(this);
  }
}
