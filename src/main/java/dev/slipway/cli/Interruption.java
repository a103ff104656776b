package dev.slipway.cli;

import dev.slipway.failure.TargetState;
import dev.slipway.migrate.InterruptedRunException;
import dev.slipway.postgres.Session;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What SIGTERM and SIGINT do: cancel what runs, and give the run a moment to roll back and to say
/// so. It is a shutdown hook, since the JVM keeps its own exit codes for signals then (130, 143).
public final class Interruption {
  /// Orchestrators kill soon after they asked; a run that hangs must not make them wait.
  private static final long MOMENT_MILLIS = 900;

  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean signalled;

  /// Makes signals cancel what is watched.
  public void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::cancelAll, "slipway-interruption"));
  }

  /// Says that all is done and printed, so that the program may end.
  public void finished() {
    finished.countDown();
  }

  void watch(Session session) {
    sessions.add(session);
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
    for (Session session : sessions) {
      try {
        session.cancel();
      } catch (SQLException e) {
        System.err.println("slipway: could not cancel: " + e.getMessage());
      }
    }
    try {
      boolean inTime = finished.await(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
      if (!inTime) {
        System.err.println("slipway: stopped by a signal; the server rolls back what was running");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
