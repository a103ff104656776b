package dev.slipway.crash;

import dev.slipway.Program;
import dev.slipway.testing.CrashServer;
import dev.slipway.testing.State;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Cells, worked off side by side, each worker with a server of its own.
final class Matrix {
  private static final int WORKERS = 4;
  private final Subject subject;
  private final Path folder;
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

  /// A fail point and a fault.
  record Case(CrashPoint point, Fault fault) {
    @Override
    public String toString() {
      return point + " × " + fault;
    }
  }

  /// @param missed why the fault did not hit; empty if it did
  /// @param wrong what was not as it should be afterwards; empty if all was
  record Outcome(Case which, String missed, String wrong) {
    boolean isGood() {
      return missed.isEmpty() && wrong.isEmpty();
    }

    @Override
    public String toString() {
      return which + "\n" + missed + wrong;
    }
  }

  /// @param folder for what the servers write
  Matrix(Subject subject, Path folder) {
    this.subject = subject;
    this.folder = folder;
  }

  /// @return an outcome for each
  List<Outcome> run(List<Case> cases) throws InterruptedException {
    Queue<Case> waiting = new ConcurrentLinkedQueue<>(cases);
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      Path own = folder.resolve("worker" + i);
      workers.add(Thread.ofPlatform().start(() -> work(own, waiting)));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    return List.copyOf(outcomes);
  }

  private void work(Path own, Queue<Case> waiting) {
    try (var server = CrashServer.start(own)) {
      State wanted = undisturbed(server);
      Case next = waiting.poll();
      while (next != null) {
        outcomes.add(outcome(server, next, wanted));
        next = waiting.poll();
      }
    }
  }

  private State undisturbed(CrashServer server) {
    try (var database = TestDatabase.on(server.server())) {
      Program.Result result = subject.run(database);
      if (result.code() != 0) {
        throw new AssertionError(result.toString());
      }
      return State.of(database, "public");
    }
  }

  private Outcome outcome(CrashServer server, Case which, State wanted) {
    try (var database = TestDatabase.on(server.server())) {
      String missed;
      Program.Result first;
      try (var cell =
          new Cell(server, database, which.point(), port -> subject.start(database, port))) {
        missed = cell.reach();
        if (missed.isEmpty()) {
          missed = which.fault().strike(cell);
        }
        cell.letGo(true);
        first = cell.result();
      }
      return new Outcome(which, missed, missed.isEmpty() ? wrong(database, first, wanted) : "");
    } catch (SQLException | RuntimeException | AssertionError e) {
      return new Outcome(which, e.toString(), "");
    }
  }

  private String wrong(TestDatabase database, Program.Result broken, State wanted) {
    Until.alone(database);
    if (broken.code() == 0 && !State.of(database, "public").equals(wanted)) {
      return "it reported success\n" + broken;
    }
    Program.Result next = subject.run(database);
    if (next.code() != 0 && subject.mend(database, next)) {
      next = subject.run(database);
    }
    if (next.code() != 0) {
      return "the next run failed with %d%n%s%s".formatted(next.code(), broken, next);
    }
    State is = State.of(database, "public");
    return is.equals(wanted)
        ? ""
        : "it is not equal: lacks %s, has %s%n%s%s"
            .formatted(without(wanted, is), without(is, wanted), broken, next);
  }

  private static List<String> without(State state, State other) {
    List<String> lines = lines(state);
    lines(other).forEach(lines::remove);
    return lines;
  }

  private static List<String> lines(State state) {
    List<String> lines = new ArrayList<>(state.schema().lines().toList());
    lines.addAll(state.contents().lines().toList());
    lines.addAll(state.history());
    lines.addAll(state.journal());
    return lines;
  }
}
