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

/// Tells, twice in a second, what a session is at that has been busy for a while: whom it waits
/// for,
/// how far it has come. It looks over a session of its own, which it opens when there is something
/// to be seen; where it cannot, nothing is told.
public final class Observer implements AutoCloseable {
  private static final Duration A_WHILE = Duration.ofSeconds(1);
  private static final long LOOK_EVERY_MILLIS = 500;

  private final Session watched;
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

  private Observer(Session watched, Sessions sessions, RunEvent.Listener listener) {
    this.watched = watched;
    this.sessions = sessions;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("slipway-observer").unstarted(this::look);
  }

  /// Begins to look.
  ///
  /// @param listener is told by the observer's own thread
  public static Observer of(Session watched, Sessions sessions, RunEvent.Listener listener) {
    var observer = new Observer(watched, sessions, listener);
    observer.thread.start();
    return observer;
  }

  private void look() {
    try {
      while (!closed.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS) && !blind) {
        if (watched.busy().compareTo(A_WHILE) >= 0) {
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
      } else if (!busy.isZero()) {
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
