package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.TargetSession;
import dev.slipway.sql.Identifier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Opens sessions as a connection string says. A server that is still starting is waited for; a
/// wrong password or database fails at once.
public final class Connector {
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;
  private static final long REPORT_EVERY_MILLIS = 5_000;

  private final Duration startWait;
  private final String limit;
  private final Optional<Identifier> role;
  private final Listener listener;

  /// Where a database can be created from, instead of the one that a connection string names.
  private final Optional<String> maintenanceDatabase;

  /// Hears why it takes so long.
  @FunctionalInterface
  public interface Listener {
    void waitingForServer(String reason, Duration waited);
  }

  /// @param startWait how long to wait for a server that is starting
  /// @param role the role that the session works as; empty for the one that logs in
  public Connector(Duration startWait, Optional<Identifier> role, Listener listener) {
    this(startWait, "Slipway__StartWait", role, listener, Optional.empty());
  }

  private Connector(
      Duration startWait,
      String limit,
      Optional<Identifier> role,
      Listener listener,
      Optional<String> maintenanceDatabase) {
    this.startWait = startWait;
    this.limit = limit;
    this.role = role;
    this.listener = listener;
    this.maintenanceDatabase = maintenanceDatabase;
  }

  /// The same to another database of the same servers, of which one has to be a primary.
  public Connector toMaintenance(String database) {
    return new Connector(startWait, limit, role, listener, Optional.of(database));
  }

  /// The same, where another setting than `StartWait` says how long to wait.
  ///
  /// @param setting as an environment variable
  public Connector limitedBy(String setting) {
    return new Connector(startWait, setting, role, listener, maintenanceDatabase);
  }

  /// Connects to the first host that will do. While none does, and another try may help, it waits.
  ///
  /// @throws ConnectionFailedException if no server can be reached, or they refuse us
  public Session connect(ConnectionString to) {
    long begin = System.nanoTime();
    long nextReport = 0;
    long waited = 0;
    long pauseMillis = FIRST_PAUSE_MILLIS;
    while (true) {
      List<HostFailure> failures;
      ConnectionString now = to.current();
      try (var search = new HostSearch(now, target(now), maintenanceDatabase, role)) {
        @Nullable Session session = search.find(startWait.toMillis() - millisSince(begin));
        if (session != null) {
          return session;
        }
        failures = search.failures();
      }
      if (!mayPass(failures) || Thread.currentThread().isInterrupted()) {
        throw failed(now, failures, waited);
      }
      waited = millisSince(begin);
      if (waited + pauseMillis >= startWait.toMillis()) {
        throw failed(now, failures, waited);
      }
      if (waited >= nextReport) {
        listener.waitingForServer(
            ConnectionFailedException.reason(failures), Duration.ofMillis(waited));
        nextReport = waited + REPORT_EVERY_MILLIS;
      }
      pause(pauseMillis, now, failures);
      pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
    }
  }

  private TargetSession target(ConnectionString to) {
    return maintenanceDatabase.isPresent() && to.hosts().size() > 1
        ? TargetSession.PRIMARY
        : to.targetSession();
  }

  private static boolean mayPass(List<HostFailure> failures) {
    for (HostFailure failure : failures) {
      if (failure.mayPass()) {
        return true;
      }
    }
    return false;
  }

  private void pause(long millis, ConnectionString to, List<HostFailure> failures) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(to, failures, 0);
    }
  }

  private ConnectionFailedException failed(
      ConnectionString to, List<HostFailure> failures, long waitedMillis) {
    return new ConnectionFailedException(
        to,
        maintenanceDatabase.isPresent() ? maintenanceDatabase : to.database(),
        role,
        failures,
        Duration.ofMillis(waitedMillis),
        limit);
  }

  private static long millisSince(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
