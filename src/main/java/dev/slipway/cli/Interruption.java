package dev.slipway.cli;

import dev.slipway.config.ConnectionString;
import dev.slipway.failure.TargetState;
import dev.slipway.migrate.InterruptedRunException;
import dev.slipway.postgres.ConnectionFailedException;
import dev.slipway.postgres.Connector;
import dev.slipway.postgres.Session;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What SIGTERM and SIGINT do: cancel what runs, and give the run a moment to roll back and to say
/// so; a second one ends the program at once. It is a shutdown hook, since the JVM keeps its own
/// exit codes for signals then (130, 143).
public final class Interruption {
  /// Orchestrators kill soon after they asked; a run that hangs must not make them wait.
  private static final long MOMENT_MILLIS = 900;

  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean signalled;

  /// The threads that wait for a server.
  private final Set<Thread> connecting = ConcurrentHashMap.newKeySet();

  private @Nullable Ending ending;

  /// How the process ends where it does not come to its end by itself.
  public interface Ending {
    /// Says so.
    void tell();

    /// Ends it, whatever it is at.
    ///
    /// @param code its exit code
    void end(int code);
  }

  /// Why a server could not be asked to cancel; empty if all were.
  private volatile String notAsked = "";

  /// The failure where the server has not answered in time.
  public InterruptedRunException withoutAnswer() {
    if (!connecting.isEmpty()) {
      return new InterruptedRunException(
          "The server has not answered yet.", TargetState.UNCHANGED, null);
    }
    return new InterruptedRunException(
        notAsked.isEmpty()
            ? "The server was asked to cancel, and has not answered within %d ms."
                .formatted(MOMENT_MILLIS)
            : "The server could not be asked to cancel: " + notAsked,
        new TargetState.NotLookedAt(),
        null);
  }

  /// Makes signals cancel what is watched.
  ///
  public void install(Ending how) {
    ending = how;
    Runtime.getRuntime().addShutdownHook(new Thread(this::cancelAll, "slipway-interruption"));
  }

  /// Says that all is done and printed, so that the program may end.
  public void finished() {
    finished.countDown();
  }

  /// Opens a session and watches it. A signal ends the wait for a server that is not there yet.
  ///
  /// @throws InterruptedRunException if a signal has come
  Session connect(Connector connector, ConnectionString to) {
    connecting.add(Thread.currentThread());
    try {
      refuseToGoOn();
      Session session = connector.connect(to);
      sessions.add(session);
      if (signalled) {
        forget(session);
        session.close();
        refuseToGoOn();
      }
      return session;
    } catch (ConnectionFailedException e) {
      refuseToGoOn();
      throw e;
    } finally {
      connecting.remove(Thread.currentThread());
    }
  }

  /// Whether a signal has come.
  boolean hasCome() {
    return signalled;
  }

  /// @throws InterruptedRunException if a signal has come
  void refuseToGoOn() {
    if (signalled) {
      throw new InterruptedRunException("", TargetState.UNCHANGED, null);
    }
  }

  void forget(Session session) {
    sessions.remove(session);
  }

  private void cancelAll() {
    if (finished.getCount() == 0) {
      return;
    }
    signalled = true;
    Ending end = ending;
    if (end != null) {
      SecondSignal.endsAtOnce(end);
    }
    for (Thread waiting : connecting) {
      waiting.interrupt();
    }
    for (Session session : sessions) {
      try {
        session.cancel();
      } catch (SQLException e) {
        notAsked = String.valueOf(e.getMessage());
      }
    }
    try {
      boolean inTime = finished.await(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
      if (!inTime && end != null) {
        end.tell();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
