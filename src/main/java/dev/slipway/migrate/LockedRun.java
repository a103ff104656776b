package dev.slipway.migrate;

import dev.slipway.failure.TargetState;
import dev.slipway.history.Footprint;
import dev.slipway.history.HistorySql;
import dev.slipway.history.LockHolder;
import dev.slipway.history.Route;
import dev.slipway.history.RunLock;
import dev.slipway.history.SearchPathException;
import dev.slipway.migrate.RunSettings.MissingSchema;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What everything that writes to a target has in common: the migration lock is taken, the target
/// is looked at again, history and journal are made where they are missing.
public final class LockedRun {
  private static final int CREATE_ATTEMPTS = 10;

  private final Target target;
  private final RunSettings settings;
  private final RunEvent.Listener listener;

  /// A part of a run.
  @FunctionalInterface
  interface Step {
    void run() throws SQLException;
  }

  public LockedRun(Target target, RunSettings settings, RunEvent.Listener listener) {
    this.target = target;
    this.settings = settings;
    this.listener = listener;
  }

  /// @param check refuses, before the first write, what must not be begun, also for lack of a right
  /// @param work what is done under the lock
  void run(Step check, Step work) throws SQLException {
    try (RunLock _ = acquireLock()) {
      target.refresh();
      createHistory(check);
      work.run();
    }
  }

  /// @throws SearchPathException if a schema is missing that is not to be created
  void refuseMissingSchema() {
    refuseMissingSchema(target, settings.missingSchema());
  }

  /// The same before there is a run.
  static void refuseMissingSchema(Target target, MissingSchema missingSchema) {
    for (Identifier missing : target.found().missing()) {
      if (missingSchema == MissingSchema.REFUSE && !target.makes(missing)) {
        throw SearchPathException.missing(missing, target.surroundings());
      }
    }
  }

  /// A signal may come between two statements, where there is nothing that it could cancel.
  void refuseWhenCancelled(TargetState state) {
    if (target.session().isCancelled()) {
      throw new InterruptedRunException("", state, null);
    }
  }

  /// Waits for it as long as the settings say. Behind a pooler there is none.
  public RunLock acquireLock() throws SQLException {
    if (target.surroundings().route() == Route.POOLER) {
      return RunLock.NONE;
    }
    Session session = target.session();
    var waiting = new Waiting(settings.runLockWait());
    while (true) {
      refuseWhenCancelled(TargetState.UNCHANGED);
      Optional<RunLock> lock = RunLock.tryAcquire(session, target.sql());
      if (lock.isPresent()) {
        return lock.get();
      }
      boolean over = waiting.isOver();
      if (over || waiting.reportIsDue()) {
        Optional<LockHolder> holder = RunLock.holder(session, target.sql());
        if (over) {
          throw MigrationLockedException.byRun(
              target.surroundings().database(), holder, waiting.waited());
        }
        listener.on(new RunEvent.WaitingForRun(holder, waiting.waited()));
      }
      waiting.pause();
    }
  }

  /// Makes schema, history and journal where they are missing. EF may be doing the same: then it is
  /// looked again what is there.
  private void createHistory(Step check) throws SQLException {
    for (int attempt = 1; !isComplete(); attempt++) {
      check.run();
      refuseMissingSchema();
      try {
        target.session().execute(String.join(";\n", creation()));
      } catch (SQLException e) {
        target.session().rollback(e);
        if (attempt >= CREATE_ATTEMPTS || !isCollision(e)) {
          throw e;
        }
      }
      if (attempt > CREATE_ATTEMPTS) {
        throw new IllegalStateException("the history is not there after it was created");
      }
      target.refresh();
    }
  }

  /// Begins a transaction in which the history is locked, and history and journal are there: where
  /// they are missing they are made in it, and go with it.
  ///
  /// @return what was there before it
  Footprint beginWithHistory() throws SQLException {
    for (int attempt = 1; ; attempt++) {
      refuseMissingSchema();
      Footprint footprint = Footprint.before(target.session(), target.historyTable());
      begin();
      if (isComplete() || isMade(attempt)) {
        target.refresh();
        return footprint;
      }
      target.refresh();
    }
  }

  private void begin() throws SQLException {
    if (target.historyTable().exists()) {
      HistoryLock.begin(target, settings, TargetState.UNCHANGED, List.of());
    } else {
      target.session().execute(HistoryLock.BEGIN);
    }
  }

  /// Makes what is missing. If EF is doing the same, the transaction is rolled back.
  private boolean isMade(int attempt) throws SQLException {
    try {
      target.session().execute(String.join(";\n", making()));
      return true;
    } catch (SQLException e) {
      target.session().rollback(e);
      if (attempt >= CREATE_ATTEMPTS || !isCollision(e)) {
        throw e;
      }
      return false;
    }
  }

  private boolean isComplete() {
    return target.found().missing().isEmpty()
        && target.historyTable().exists()
        && target.historyTable().hasJournal()
        && target.sql().journal().extend().isEmpty();
  }

  private List<String> creation() {
    List<String> statements = making();
    statements.addFirst(HistoryLock.BEGIN);
    statements.add("COMMIT");
    return statements;
  }

  private List<String> making() {
    HistorySql sql = target.sql();
    var statements = new ArrayList<String>();
    statements.add(HistoryLock.setLocalLockTimeout(settings.runLockWait().plusMillis(1)));
    for (Identifier schema : target.found().missing()) {
      statements.add(HistorySql.createSchema(schema));
    }
    if (!target.historyTable().exists()) {
      statements.add(sql.createHistory());
    }
    if (target.historyTable().hasJournal()) {
      statements.addAll(sql.journal().extend());
    } else {
      statements.add(sql.journal().create());
    }
    return statements;
  }

  private static boolean isCollision(SQLException e) {
    return switch (String.valueOf(e.getSQLState())) {
      case SqlStates.UNIQUE_VIOLATION, SqlStates.DUPLICATE_TABLE, SqlStates.DUPLICATE_OBJECT ->
          true;
      default -> false;
    };
  }
}
