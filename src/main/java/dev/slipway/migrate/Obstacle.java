package dev.slipway.migrate;

import dev.slipway.postgres.CommandTimeoutException;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.SqlStates;
import java.sql.SQLException;
import java.util.Optional;

/// What ended a statement that need not be at fault itself: the server lacked something, or was
/// told to end it.
///
/// @param told what it was; whole sentences
/// @param when another run may succeed, as a clause that begins with a blank; empty for at once
record Obstacle(String told, String when) {
  /// Insufficient resources, in PostgreSQL's classes of errors.
  private static final String LACKING = "53";

  static Optional<Obstacle> of(SQLException cause, String file) {
    ServerError error = ServerError.of(cause);
    if (CommandTimeoutException.isReasonOf(cause)) {
      return Optional.of(
          new Obstacle("Take Command Timeout out of the connection string, or raise it.", ""));
    }
    if (error.sqlState().startsWith(LACKING)) {
      return Optional.of(
          new Obstacle("Nothing in %s has to be mended.".formatted(file), lacking(error)));
    }
    return error.sqlState().equals(SqlStates.QUERY_CANCELED)
        ? Optional.of(cancelled(error, file))
        : Optional.empty();
  }

  private static String lacking(ServerError error) {
    return switch (error.sqlState()) {
      case SqlStates.DISK_FULL -> " once the server has room on its disk";
      case SqlStates.OUT_OF_MEMORY -> " once the server has memory for it";
      case SqlStates.TOO_MANY_CONNECTIONS -> " once the server has connections to spare";
      default -> " once the server has what it lacked";
    };
  }

  /// One SQLSTATE stands for both, and the server's words tell which only where they are English.
  private static Obstacle cancelled(ServerError error, String file) {
    if (error.message().endsWith("user request")) {
      return new Obstacle(
          "Somebody cancelled it; nothing in %s has to be mended.".formatted(file),
          " once you know why");
    }
    return new Obstacle(
        (error.message().endsWith("statement timeout")
                ? "A statement_timeout ended it,"
                : "Somebody cancelled it, or a statement_timeout ended it,")
            + " that of the role, the database or the server, unless %s sets one.".formatted(file)
            + " Raise it there, or lift it by Options=-c statement_timeout=0 in the connection"
            + " string.\n",
        "");
  }

  /// As a hint.
  ///
  /// @param onwards where another run begins, as the end of its sentence
  String hint(String onwards) {
    return told + (told.endsWith("\n") ? "" : " ") + "Run slipway again" + when + ": " + onwards;
  }

  /// As a hint where nothing but a trial was made.
  String hintOfTrial() {
    return told + (told.endsWith("\n") ? "" : " ") + "Try again" + when + ".";
  }
}
