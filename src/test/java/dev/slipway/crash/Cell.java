package dev.slipway.crash;

import dev.slipway.Program;
import dev.slipway.crash.CrashPoint.Then;
import dev.slipway.testing.CrashServer;
import dev.slipway.testing.ProtocolProxy;
import dev.slipway.testing.ProtocolProxy.Reached;
import dev.slipway.testing.ProtocolProxy.Where;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A run that is broken once, in a database of its own: started, held at a fail point, hit.
final class Cell implements AutoCloseable {
  private static final long LONGEST_SECONDS = 60;
  private static final long A_WHILE_MILLIS = 200;
  private static final int MOMENTS = 20;
  private static final long A_MOMENT_MILLIS = 10;

  private final CrashServer server;
  private final TestDatabase database;
  private final CrashPoint point;
  private final ProtocolProxy proxy;
  private final Connection gate;
  private final Process process;
  private final CompletableFuture<Program.Result> result;
  private @Nullable Connection other;
  private boolean open;
  private Reached reached = new Reached(0, Where.REQUEST);

  /// @param start what is run, given the port to connect to
  Cell(CrashServer server, TestDatabase database, CrashPoint point, IntFunction<Process> start)
      throws SQLException {
    this.server = server;
    this.database = database;
    this.point = point;
    gate = database.connect();
    execute(gate, ProtocolProxy.LOCK_GATE);
    proxy = new ProtocolProxy(database.server().port(), point.at());
    process = start.apply(proxy.port());
    result = CompletableFuture.supplyAsync(this::finish, task -> Thread.ofVirtual().start(task));
  }

  private Program.Result finish() {
    try {
      return Program.finish(process);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Waits until it stands where it is to be broken.
  ///
  /// @return why it does not; empty if it does
  String reach() throws SQLException {
    CompletableFuture.anyOf(proxy.reached(), result).join();
    if (!proxy.reached().isDone()) {
      return "the fail point was not reached: " + result.join();
    }
    reached = proxy.reached().join();
    if (reached.where() == Where.REQUEST) {
      awaitActivity("wait_event = 'ClientRead'");
    }
    switch (point.then()) {
      case Then.Stay _ -> {}
      case Then.WaitInCommit _ -> {
        server.holdCommits();
        openGate();
        awaitActivity("wait_event = 'SyncRep'");
      }
      case Then.WaitForOther(var sql, var waiting) -> {
        Connection connection = database.connect();
        other = connection;
        execute(connection, sql);
        openGate();
        awaitActivity(waiting);
      }
    }
    return "";
  }

  private void awaitActivity(String condition) {
    Until.row(
        database,
        "SELECT FROM pg_stat_activity WHERE pid = %d AND %s"
            .formatted(reached.backend(), condition));
  }

  private void openGate() throws SQLException {
    open = true;
    proxy.release();
    execute(gate, ProtocolProxy.OPEN_GATE);
  }

  /// Lets go on whatever is held.
  ///
  /// @param loses whether a message that is held is lost
  void letGo(boolean loses) {
    if (loses) {
      proxy.lose();
    }
    proxy.release();
    try (Connection holder = other) {
      if (!open) {
        open = true;
        execute(gate, ProtocolProxy.OPEN_GATE);
      }
      if (holder != null && holder.isValid(1)) {
        execute(holder, "ROLLBACK");
      }
    } catch (SQLException _) {
      // The server was stopped: nothing is held there any more.
    }
    other = null;
    if (point.then() instanceof Then.WaitInCommit) {
      server.letCommitsGoOn();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Whether nothing on the server keeps it where it is.
  boolean isHeldByNetwork() {
    return point.then() instanceof Then.Stay && reached.where() != Where.SERVER;
  }

  boolean terminateBackend() {
    return database
        .rows("SELECT pg_terminate_backend(%d, 30000)".formatted(reached.backend()))
        .equals(List.of("t"));
  }

  void waitForCancelOrEnd() {
    CompletableFuture.anyOf(proxy.cancelAsked(), result)
        .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  boolean isStillWaiting() {
    return !endsWithin(A_WHILE_MILLIS);
  }

  /// Keeps the disk full until the server has said so. A run that needs no more room comes to its
  /// end meanwhile; then somebody else asks for some.
  ///
  /// @return whether the server has said so
  boolean keepDiskFull() {
    int logged = server.log().length();
    server.fillDisk();
    letGo(false);
    boolean refused = false;
    for (int moment = 0; moment < MOMENTS && !refused; ) {
      if (server.log().substring(logged).contains("No space left on device")) {
        return true;
      }
      if (endsWithin(A_MOMENT_MILLIS)) {
        // What it says may reach its log a moment later, and it may go down by that.
        refused = server.refusesForLackOfRoom();
        moment++;
        pause();
      }
      server.fillDisk();
    }
    return refused;
  }

  private static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(A_MOMENT_MILLIS * MOMENTS));
  }

  private boolean endsWithin(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void waitForProcess() {
    result.join();
  }

  int code() {
    return result.join().code();
  }

  Program.Result result() {
    return result.join();
  }

  Reached reached() {
    return reached;
  }

  CrashServer server() {
    return server;
  }

  ProtocolProxy proxy() {
    return proxy;
  }

  /// Its streams stay open, unlike those of a [Process] that is destroyed.
  void signal(Consumer<ProcessHandle> signal) {
    signal.accept(process.toHandle());
  }

  /// Takes away what it needed, whatever became of it.
  @Override
  public void close() throws SQLException {
    letGo(true);
    signal(ProcessHandle::destroyForcibly);
    result.join();
    proxy.close();
    gate.close();
    server.freeDisk();
    server.raise();
  }
}
