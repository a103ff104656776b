package dev.slipway.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.core.QueryExecutor;

/// Cancels what a session runs when it takes longer than `Command Timeout` allows, as Npgsql does:
/// the server is asked to stop, and answers. Merely to stop listening would leave the statement
/// running, and nobody would know what became of it.
final class CommandWatch implements AutoCloseable {
  private final Duration limit;
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean expired;

  CommandWatch(QueryExecutor executor, Duration limit) {
    this.limit = limit;
    this.thread = Thread.ofVirtual().start(() -> watch(executor));
  }

  private void watch(QueryExecutor executor) {
    try {
      if (!done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        expired = true;
        executor.sendQueryCancel();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException _) {
      // The server cannot be reached; the session will notice by itself.
    }
  }

  /// The failure, with the timeout as its reason if that was it.
  SQLException explained(SQLException failure) {
    return expired && SqlStates.QUERY_CANCELED.equals(failure.getSQLState())
        ? new CommandTimeoutException(limit, failure)
        : failure;
  }

  /// Ends the watch. A cancellation that is on its way is waited for, so that it does not hit what
  /// comes next.
  @Override
  public void close() {
    done.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
