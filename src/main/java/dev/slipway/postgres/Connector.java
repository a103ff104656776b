package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.HostAddress;
import dev.slipway.sql.Identifier;
import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
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
                new HostSpec[] {host}, ConnectionProperties.of(to, address, user, leftMillis)),
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
}
