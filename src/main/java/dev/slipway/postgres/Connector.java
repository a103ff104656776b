package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.HostAddress;
import dev.slipway.config.Secret;
import dev.slipway.config.SslMode;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.sql.Identifier;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.core.ConnectionFactory;
import org.postgresql.util.HostSpec;

/// Opens sessions as a connection string says. A server that is still starting is waited for; a
/// wrong password or database fails at once.
public final class Connector {
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;
  private static final long REPORT_EVERY_MILLIS = 5_000;

  private final Duration startWait;
  private final Optional<Identifier> role;
  private final Listener listener;

  /// Hears why it takes so long.
  @FunctionalInterface
  public interface Listener {
    void waitingForServer(String reason, Duration waited);
  }

  /// @param startWait how long to wait for a server that is starting
  /// @param role the role that the session works as; empty for the one that logs in
  public Connector(Duration startWait, Optional<Identifier> role, Listener listener) {
    this.startWait = startWait;
    this.role = role;
    this.listener = listener;
  }

  /// @throws ConnectionFailedException if the server cannot be reached or refuses us
  public Session connect(ConnectionString to) {
    long begin = System.nanoTime();
    long nextReport = 0;
    long waited = 0;
    long pauseMillis = FIRST_PAUSE_MILLIS;
    while (true) {
      long leftMillis = startWait.toMillis() - millisSince(begin);
      try {
        return connectOnce(to, leftMillis);
      } catch (SQLException e) {
        if (!isStarting(e)) {
          throw new ConnectionFailedException(to, role, e, Duration.ofMillis(waited));
        }
        waited = millisSince(begin);
        if (waited + pauseMillis >= startWait.toMillis()) {
          throw new ConnectionFailedException(to, role, e, Duration.ofMillis(waited));
        }
        if (waited >= nextReport) {
          listener.waitingForServer(ConnectionFailedException.reason(e), Duration.ofMillis(waited));
          nextReport = waited + REPORT_EVERY_MILLIS;
        }
        pause(pauseMillis, to, e);
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
      }
    }
  }

  private void pause(long millis, ConnectionString to, SQLException failure) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionFailedException(to, role, failure, Duration.ZERO);
    }
  }

  private static long millisSince(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }

  private Session connectOnce(ConnectionString to, long leftMillis) throws SQLException {
    HostAddress address = to.hosts().getFirst();
    String user = to.username().orElse(System.getProperty("user.name", "postgres"));
    var host =
        new HostSpec(
            address.unixSocket().isPresent() ? "localhost" : address.host(), address.port());
    var session =
        new Session(
            ConnectionFactory.openConnection(
                new HostSpec[] {host}, properties(to, address, user, leftMillis)),
            to.commandTimeout());
    try {
      prepare(session, user);
      return session;
    } catch (SQLException e) {
      session.close();
      throw e;
    }
  }

  private void prepare(Session session, String user) throws SQLException {
    if (!session.hasStandardStrings()) {
      session.execute(SessionReset.STANDARD_STRINGS);
    }
    if (role.isPresent()) {
      takeRole(session, role.get(), user);
    }
  }

  private static void takeRole(Session session, Identifier role, String user) throws SQLException {
    try {
      session.execute(SessionReset.setRole(Optional.of(role)));
    } catch (SQLException e) {
      if (ServerError.isAnswer(e) && !ServerError.of(e).endsSession()) {
        session.close();
        throw new RoleRefusedException(role, user, e);
      }
      throw e;
    }
  }

  private static Properties properties(
      ConnectionString to, HostAddress address, String user, long leftMillis) {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("PGDBNAME", to.database().orElse(user));
    Optional<Secret> password = to.readPassword(address, user);
    if (password.isPresent()) {
      properties.setProperty("password", password.get().reveal());
    }
    properties.setProperty("ApplicationName", to.applicationName().orElse("slipway"));
    // Else pgjdbc sends the application name in a round trip of its own.
    properties.setProperty("assumeMinServerVersion", "14");
    properties.setProperty("connectTimeout", Long.toString(connectSeconds(to, leftMillis)));
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("socketFactory", SessionSocketFactory.class.getName());
    properties.setProperty("tcpKeepAlive", Boolean.toString(to.tcpKeepalive()));
    set(properties, "currentSchema", to.searchPath());
    set(properties, "options", to.options());
    set(properties, SessionStreams.TIMEZONE, to.timezone());
    if (address.unixSocket().isPresent()) {
      useUnixSocket(properties, address.unixSocket().get());
    } else {
      useTls(properties, to);
    }
    return properties;
  }

  /// Without a lambda: each is a class to make when the program starts.
  private static void set(Properties properties, String name, Optional<String> value) {
    if (value.isPresent()) {
      properties.setProperty(name, value.get());
    }
  }

  private static void useUnixSocket(Properties properties, Path socket) {
    properties.setProperty(SessionSocketFactory.UNIX_SOCKET, socket.toString());
    properties.setProperty("sslmode", "disable");
  }

  private static void useTls(Properties properties, ConnectionString to) {
    properties.setProperty("sslmode", sslMode(to.sslMode()));
    properties.setProperty("sslfactory", SessionTlsFactory.class.getName());
    if (to.rootCertificate().isPresent()) {
      properties.setProperty("sslrootcert", to.rootCertificate().get().toString());
    }
  }

  private static String sslMode(SslMode mode) {
    return switch (mode) {
      case DISABLE -> "disable";
      case ALLOW -> "allow";
      case PREFER -> "prefer";
      case REQUIRE -> "require";
      case VERIFY_CA -> "verify-ca";
      case VERIFY_FULL -> "verify-full";
    };
  }

  /// No single try may take longer than what is left of the waiting; pgjdbc takes whole seconds.
  private static long connectSeconds(ConnectionString to, long leftMillis) {
    long left = Math.max(1, (leftMillis + 999) / 1000);
    long wanted = to.timeout().toSeconds();
    return wanted == 0 ? left : Math.min(wanted, left);
  }

  /// Refused, not resolved, not answering, starting, shutting down, or full.
  private static boolean isStarting(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (state.equals(SqlStates.CANNOT_CONNECT_NOW)
        || state.equals(SqlStates.TOO_MANY_CONNECTIONS)) {
      return true;
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketException
          || cause instanceof UnknownHostException
          || cause instanceof SocketTimeoutException
          || cause instanceof NoSuchFileException
          || cause instanceof EOFException) {
        return true;
      }
    }
    return false;
  }

  /// The role to work as is not there, or not for us.
  public static final class RoleRefusedException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    RoleRefusedException(Identifier role, String user, SQLException cause) {
      super(
          FailureKind.CONFIGURATION,
          "cannot work as role \"%s\": %s".formatted(role, ServerError.of(cause).message()),
          "Slipway__Role or --role asks for it, SQLSTATE %s.".formatted(cause.getSQLState()),
          SqlStates.INSUFFICIENT_PRIVILEGE.equals(cause.getSQLState())
              ? "Let an administrator run: GRANT %s TO %s"
                  .formatted(role.quoted(), new Identifier(user).quoted())
              : "Let an administrator run: CREATE ROLE %s".formatted(role.quoted()),
          TargetState.UNCHANGED,
          cause);
    }
  }

  /// The server cannot be reached, or does not let us in.
  public static final class ConnectionFailedException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    ConnectionFailedException(
        ConnectionString to, Optional<Identifier> role, SQLException cause, Duration waited) {
      super(
          isSettingRefused(cause) ? FailureKind.CONFIGURATION : FailureKind.CONNECTION,
          message(to, cause),
          "Server %s, user \"%s\"%s%s."
              .formatted(
                  to.hosts().getFirst(),
                  to.username().orElse(""),
                  role.map(name -> ", role \"" + name + "\"").orElse(""),
                  waited.toSeconds() > 0 ? ", after %d s".formatted(waited.toSeconds()) : ""),
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
          .formatted(to.database().orElse(""), reason(e));
    }

    static String reason(SQLException e) {
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
}
