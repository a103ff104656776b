package dev.slipway.resync;

import dev.slipway.config.ResyncProgress.Figure;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.SqlStates;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// What an author wrote does not tell the progress of a resync. Nothing depends on it: a command
/// warns of it and goes on.
public final class ProgressUnknownException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private static final String MESSAGE = "could not tell the progress of the resync";

  static final String QUERY = "query";
  static final String TARGET = "target";

  private ProgressUnknownException(
      String message, String detail, String hint, @Nullable SQLException cause) {
    super(FailureKind.CONFIGURATION, message, detail, hint, TargetState.UNCHANGED, cause);
  }

  /// @param what is wrong with it, as the rest of a sentence
  static ProgressUnknownException of(String key, Figure figure, String what) {
    return new ProgressUnknownException(
        MESSAGE,
        where(key, figure) + " " + what + ".",
        key.equals(QUERY)
            ? "Write a SELECT that gives one number, such as: query: SELECT count(*) FROM orders"
            : "Write a number above 0, or a SELECT that gives one.",
        null);
  }

  static ProgressUnknownException failed(String key, Figure figure, SQLException e) {
    ServerError error = ServerError.of(e);
    return new ProgressUnknownException(
        MESSAGE,
        "%s failed: %s (SQLSTATE %s)."
            .formatted(where(key, figure), error.message(), error.sqlState()),
        SqlStates.QUERY_CANCELED.equals(error.sqlState())
            ? "It gets 10 s, or what Command Timeout allows: let it read a table that the application counts in, or an estimate"
                + " (reltuples of pg_class)."
            : "Try it with psql as the role that runs slipway: it has to be one SELECT that writes"
                + " nothing.",
        e);
  }

  /// It is known now, and the next look will not know of this one.
  static ProgressUnknownException notNoted(String journal, SQLException e) {
    ServerError error = ServerError.of(e);
    return new ProgressUnknownException(
        "could not note the progress of the resync",
        "Journal %s: %s (SQLSTATE %s).".formatted(journal, error.message(), error.sqlState()),
        "The next look tells the pace since the last one that was noted; see to it that the role may"
            + " write that table, as a run has to, too.",
        e);
  }

  private static String where(String key, Figure figure) {
    return "%s: \"%s\" of \"resync-progress\"".formatted(figure.source(), key);
  }
}
