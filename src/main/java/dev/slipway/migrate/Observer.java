package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.history.SessionActivity;
import dev.slipway.history.SessionActivity.Blocked;
import dev.slipway.postgres.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells, about twice in a second, what a session is at that has been busy for a while: whom it
/// waits
/// for,
/// how far it has come. It looks over a session of its own, which it opens when there is something
/// to be seen; where it cannot, nothing is told.
public final class Observer implements AutoCloseable {
  private static final Duration A_WHILE = Duration.ofSeconds(1);
  private static final Duration SHORTEST_WHILE = Duration.ofMillis(100);

  private final Session watched;

  /// After it there is something to be told of a wait.
  private final Duration aWhile;

  private final Sessions sessions;
  private final RunEvent.Listener listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private @Nullable Session own;
  private boolean blind;

  /// Opens sessions with the same server.
  @FunctionalInterface
  public interface Sessions {
    Session open() throws SQLException;
  }

  private Observer(
      Session watched, Duration aWhile, Sessions sessions, RunEvent.Listener listener) {
    this.aWhile = aWhile;
    this.watched = watched;
    this.sessions = sessions;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("slipway-observer").unstarted(this::look);
  }

  /// Begins to look.
  ///
  /// @param lockTimeout how long the session waits for a lock, and gives up then; zero for as long
  ///     as it takes
  /// @param listener is told by the observer's own thread
  public static Observer of(
      Session watched, Duration lockTimeout, Sessions sessions, RunEvent.Listener listener) {
    var observer = new Observer(watched, aWhile(lockTimeout), sessions, listener);
    observer.thread.start();
    return observer;
  }

  /// Whoever blocks it has to be seen before it gives up.
  private static Duration aWhile(Duration lockTimeout) {
    Duration half = lockTimeout.dividedBy(2);
    if (lockTimeout.isZero() || half.compareTo(A_WHILE) > 0) {
      return A_WHILE;
    }
    return half.compareTo(SHORTEST_WHILE) > 0 ? half : SHORTEST_WHILE;
  }

  private void look() {
    try {
      while (!closed.await(aWhile.toMillis() / 2, TimeUnit.MILLISECONDS) && !blind) {
        if (watched.busy().compareTo(aWhile) >= 0) {
          lookOnce();
        } else {
          leave();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      leave();
    }
  }

  private void lookOnce() {
    try {
      Session observer = own;
      if (observer == null) {
        observer = sessions.open();
        own = observer;
      }
      int pid = watched.announcedPid();
      Optional<Blocked> blocked = SessionActivity.blocked(observer, pid);
      Duration busy = watched.busy();
      if (blocked.isPresent()) {
        Blocked by = blocked.get();
        listener.on(new RunEvent.Blocked(by.on(), by.blocker(), busy));
      } else if (busy.compareTo(A_WHILE) >= 0) {
        listener.on(new RunEvent.Working(busy, SessionActivity.progress(observer, pid)));
      }
    } catch (SQLException | SlipwayException _) {
      // Nobody needs what it sees: the role may be limited to one connection.
      blind = true;
    }
  }

  private void leave() {
    Session session = own;
    own = null;
    if (session != null) {
      session.close();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
