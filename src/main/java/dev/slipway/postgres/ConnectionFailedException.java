package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.sql.Identifier;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// The server cannot be reached, or does not let us in.
public final class ConnectionFailedException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  ConnectionFailedException(
      ConnectionString to, Optional<Identifier> role, SQLException cause, Duration waited) {
    super(
        isSettingRefused(cause) ? FailureKind.CONFIGURATION : FailureKind.CONNECTION,
        message(to, cause),
        "Server %s, user \"%s\"%s%s.%s"
            .formatted(
                to.hosts().getFirst(),
                to.username().orElse(""),
                role.map(name -> ", role \"" + name + "\"").orElse(""),
                waited.toSeconds() > 0 ? ", after %d s".formatted(waited.toSeconds()) : "",
                LoginRefusal.ofOtherTry(to, cause)),
        hint(to, cause),
        TargetState.UNCHANGED,
        cause);
  }

  /// The server does not know a setting of the connection string, or cannot read its value.
  private static boolean isSettingRefused(SQLException e) {
    return SqlStates.INVALID_PARAMETER_VALUE.equals(e.getSQLState())
        || SqlStates.UNDEFINED_OBJECT.equals(e.getSQLState());
  }

  private static String message(ConnectionString to, SQLException e) {
    return "could not connect to database \"%s\": %s"
        .formatted(
            to.database().orElse(""),
            LoginRefusal.of(to, e).map(LoginRefusal::reason).orElseGet(() -> reason(e)));
  }

  static String reason(SQLException e) {
    Optional<LoginRefusal> refusal = LoginRefusal.of(e);
    if (refusal.isPresent()) {
      return refusal.get().reason();
    }
    if (isWithoutTls(e)) {
      return "the server does not offer TLS";
    }
    if (SqlStates.CONNECTION_REJECTED.equals(e.getSQLState()) && !ServerError.isAnswer(e)) {
      return "the server asks for a password, and none was given";
    }
    ServerError error = ServerError.of(e);
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException _ -> {
          return "the host name is not known";
        }
        case ConnectException _ -> {
          return "nothing listens there";
        }
        case SocketTimeoutException _ -> {
          return "no answer in time";
        }
        default -> {}
      }
    }
    return error.message();
  }

  /// pgjdbc rejects by itself a server without TLS, and one that asks for a password where there
  /// is none. Only the text tells which (`ConnectionFactoryImpl`).
  private static boolean isWithoutTls(SQLException e) {
    return SqlStates.CONNECTION_REJECTED.equals(e.getSQLState())
        && !ServerError.isAnswer(e)
        && String.valueOf(e.getMessage()).contains("SSL");
  }

  private static String hint(ConnectionString to, SQLException e) {
    Optional<LoginRefusal> refusal = LoginRefusal.of(to, e);
    if (refusal.isPresent()) {
      return refusal.get().hint(to);
    }
    if (isSettingRefused(e)) {
      return "Check Search Path, Timezone and Options in ConnectionStrings__%s."
          .formatted(to.name());
    }
    if (isWithoutTls(e)) {
      return "Let the server offer TLS (ssl = on), or do without: SSL Mode=Prefer in"
          + " ConnectionStrings__%s.".formatted(to.name());
    }
    return switch (String.valueOf(e.getSQLState())) {
      case SqlStates.CONNECTION_REJECTED ->
          "Add the password to ConnectionStrings__%s: ;Password=…".formatted(to.name());
      case SqlStates.INVALID_PASSWORD, SqlStates.INVALID_AUTHORIZATION ->
          "Check Username and Password in ConnectionStrings__%s.".formatted(to.name());
      case SqlStates.INVALID_CATALOG_NAME ->
          "Create it: CREATE DATABASE %s"
              .formatted(new Identifier(to.database().orElse("postgres")).quoted());
      case SqlStates.TOO_MANY_CONNECTIONS ->
          "End idle sessions, or let slipway wait longer: Slipway__StartWait=5min";
      default ->
          "Check Host and Port in ConnectionStrings__%s; if the server is only slow to start, wait"
                  .formatted(to.name())
              + " longer: Slipway__StartWait=5min";
    };
  }
}
