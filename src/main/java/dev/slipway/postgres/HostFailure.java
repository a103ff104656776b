package dev.slipway.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.HostAddress;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/// Why one host will not do.
sealed interface HostFailure {

  HostAddress host();

  /// A clause that fits behind the host's name.
  String reason();

  /// Whether another try may succeed although nobody changes the connection string.
  boolean mayPass();

  /// It answered, and is not of the kind that is asked for. A standby may be promoted.
  record Unsuitable(HostAddress host, HostState state) implements HostFailure {
    @Override
    public String reason() {
      return state.text();
    }

    @Override
    public boolean mayPass() {
      return true;
    }
  }

  /// It cannot be reached, or does not let us in.
  ///
  /// @param login what is wrong with TLS or the way to log in, if that is it
  record Refused(HostAddress host, SQLException cause, Optional<LoginRefusal> login)
      implements HostFailure {
    /// In bytes: `sun_path` of Linux (`unix(7)`), without its final zero.
    private static final int LONGEST_SOCKET_PATH = 107;

    private static final String NOTHING_LISTENS = "nothing listens there";

    static Refused of(HostAddress host, ConnectionString to, SQLException cause) {
      return new Refused(host, cause, LoginRefusal.of(to, cause));
    }

    /// Refused, not resolved, not answering, starting, shutting down, or full.
    @Override
    public boolean mayPass() {
      if (isNoSocketPath()) {
        return false;
      }
      if (isMeantime() || is(SqlStates.TOO_MANY_CONNECTIONS)) {
        return true;
      }
      for (Throwable reason = cause.getCause(); reason != null; reason = reason.getCause()) {
        if (reason instanceof SocketException
            || reason instanceof UnknownHostException
            || reason instanceof SocketTimeoutException
            || reason instanceof NoSuchFileException
            || reason instanceof EOFException) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String reason() {
      if (login.isPresent()) {
        return login.get().reason();
      }
      if (isWithoutTls()) {
        return "the server does not offer TLS";
      }
      if (isPasswordMissing()) {
        return "the server asks for a password, and none was given";
      }
      if (isOtherProtocol()) {
        return "what answers there is no PostgreSQL";
      }
      if (isNoSocketPath()) {
        return "no server can have a socket there";
      }
      if (isSocketMissing()) {
        return "no server's socket is there";
      }
      for (Throwable reason = cause; reason != null; reason = reason.getCause()) {
        switch (reason) {
          case UnknownHostException _ -> {
            return "the host name is not known";
          }
          case ConnectException _ -> {
            return NOTHING_LISTENS;
          }
          case NoRouteToHostException _ -> {
            return "no way leads there";
          }
          case SocketTimeoutException _ -> {
            return "no answer in time";
          }
          case EOFException _ -> {
            return "the connection was closed without an answer";
          }
          case SocketException broken -> {
            return "the connection broke: " + broken.getMessage();
          }
          default -> {}
        }
      }
      return ServerError.of(cause).message();
    }

    private boolean isSocketMissing() {
      Optional<Path> socket = host.unixSocket();
      return socket.isPresent() && !Files.exists(socket.get());
    }

    /// Its folder is a file, or it is longer than the system's structure for such addresses.
    private boolean isNoSocketPath() {
      Optional<Path> socket = host.unixSocket();
      return socket.isPresent()
          && (Files.isRegularFile(Path.of(host.host()))
              || socket.get().toString().getBytes(UTF_8).length > LONGEST_SOCKET_PATH);
    }

    boolean isNothingListening() {
      return reason().equals(NOTHING_LISTENS);
    }

    boolean isMissingDatabase() {
      return is(SqlStates.INVALID_CATALOG_NAME) && !isUnknownToPooler();
    }

    /// PgBouncer's own words, whatever its SQLSTATE: it lists the databases that it leads to.
    boolean isUnknownToPooler() {
      return ServerError.isAnswer(cause)
          && ServerError.of(cause).message().startsWith("no such database");
    }

    /// The server does not know a setting of the connection string, or cannot read its value.
    boolean isSetting() {
      return is(SqlStates.INVALID_PARAMETER_VALUE) || is(SqlStates.UNDEFINED_OBJECT);
    }

    /// The server is there, and takes nobody yet or any more.
    boolean isMeantime() {
      return is(SqlStates.CANNOT_CONNECT_NOW)
          || is(SqlStates.ADMIN_SHUTDOWN)
          || is(SqlStates.CRASH_SHUTDOWN);
    }

    boolean isPasswordMissing() {
      return is(SqlStates.CONNECTION_REJECTED) && !ServerError.isAnswer(cause);
    }

    /// pgjdbc rejects by itself a server without TLS, and one that asks for a password where there
    /// is none. Only the text tells which (`ConnectionFactoryImpl`).
    boolean isWithoutTls() {
      return isPasswordMissing() && String.valueOf(cause.getMessage()).contains("SSL");
    }

    /// pgjdbc's own word for an answer that it cannot make sense of.
    boolean isOtherProtocol() {
      return is(SqlStates.PROTOCOL_VIOLATION) && !ServerError.isAnswer(cause);
    }

    /// Whether the server refused for the same reason, in whatever words.
    boolean isLike(Refused other) {
      return ServerError.isAnswer(cause)
          && ServerError.isAnswer(other.cause)
          && is(String.valueOf(other.cause.getSQLState()));
    }

    private boolean is(String sqlState) {
      return sqlState.equals(cause.getSQLState());
    }
  }
}
