package dev.slipway.postgres;

import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// What the server said of a failure, in its own words.
///
/// @param sqlState five characters; `08006` where the connection broke before an answer came
/// @param detail without contents of rows; like the other texts, empty where there is none
/// @param position in the statement sent, in characters from 1; 0 where there is none
/// @param internalPosition in `internalQuery`, the statement that a function ran
public record ServerError(
    String sqlState,
    String message,
    String detail,
    String hint,
    int position,
    int internalPosition,
    String internalQuery,
    String where) {
  private static final Pattern ROW_CONTENTS = Pattern.compile("(=|contains )\\(.*\\)");

  /// Whether the server told the failure; else the connection broke, and what the server has done
  /// by then is not known.
  public static boolean isAnswer(SQLException e) {
    return switch (e) {
      case PipelineException pipeline -> pipeline.isAnswered();
      case CommandTimeoutException _ -> true;
      case PSQLException said -> said.getServerErrorMessage() != null;
      default -> false;
    };
  }

  public static ServerError of(SQLException e) {
    if (e instanceof PipelineException pipeline) {
      return pipeline.error();
    }
    ServerErrorMessage said = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    if (said == null) {
      return new ServerError(
          text(e.getSQLState()), firstLine(text(e.getMessage())), "", "", 0, 0, "", "");
    }
    return new ServerError(
        text(said.getSQLState()),
        text(said.getMessage()),
        masked(text(said.getSQLState()), text(said.getDetail())),
        text(said.getHint()),
        said.getPosition(),
        said.getInternalPosition(),
        text(said.getInternalQuery()),
        text(said.getWhere()));
  }

  /// The same error, told of the part of the text that begins behind so many characters.
  ServerError from(int characters) {
    return new ServerError(
        sqlState,
        message,
        detail,
        hint,
        Math.max(0, position - characters),
        internalPosition,
        internalQuery,
        where);
  }

  /// Whether the session is gone (class 08), or was ended (57P01 to 57P05).
  public boolean endsSession() {
    return sqlState.startsWith("08") || sqlState.startsWith("57P");
  }

  /// What is said of violated constraints (class 23) holds contents of rows, which are nobody's
  /// business in a log.
  private static String masked(String sqlState, String detail) {
    return sqlState.startsWith("23") ? ROW_CONTENTS.matcher(detail).replaceAll("$1(…)") : detail;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
