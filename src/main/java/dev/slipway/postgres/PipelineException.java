package dev.slipway.postgres;

import java.sql.SQLException;
import java.util.List;

/// One of several statements that were sent together failed; those before it were done, unless the
/// server could not parse it, and none behind it was.
public final class PipelineException extends SQLException {
  private static final long serialVersionUID = 1L;

  private final int index;
  private final int offset;
  private final transient SQLException failure;

  /// @param offset of the statement in the text that was sent, in code points
  PipelineException(int index, int offset, SQLException cause) {
    super(cause.getMessage(), cause.getSQLState(), cause);
    this.index = index;
    this.offset = offset;
    this.failure = cause;
  }

  /// The failure of one text made of these statements: it is the one behind those that are done, or
  /// where none was run because one cannot be parsed, the one at the position. Only then can the
  /// position be trusted: PostgreSQL also gives positions in texts that it made itself.
  static PipelineException in(List<String> statements, int done, SQLException cause) {
    int position = done == 0 ? ServerError.of(cause).position() : 0;
    int start = 0;
    for (int i = 0; i < statements.size() - 1; i++) {
      String statement = statements.get(i);
      int next =
          start + statement.codePointCount(0, statement.length()) + Session.SEPARATOR.length();
      if (position > 0 ? position <= next : i == done) {
        return new PipelineException(i, start, cause);
      }
      start = next;
    }
    return new PipelineException(statements.size() - 1, start, cause);
  }

  /// Which of the statements, from 0.
  public int index() {
    return index;
  }

  boolean isAnswered() {
    return ServerError.isAnswer(failure);
  }

  /// What the server said, with its position in the failed statement.
  ServerError error() {
    return ServerError.of(failure).from(offset);
  }
}
