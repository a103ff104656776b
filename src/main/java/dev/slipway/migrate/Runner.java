package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.HistorySql;
import dev.slipway.history.LockHolder;
import dev.slipway.history.RunLock;
import dev.slipway.history.SearchPathException;
import dev.slipway.migrate.RunSettings.MissingSchema;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs a plan against its database: lock, look again, apply, record. A plan with nothing to do
/// never gets here: it takes no lock and writes nothing.
public final class Runner {
  private static final int CREATE_ATTEMPTS = 10;

  private final Target target;
  private final Changelog changelog;
  private final Optional<Migration> to;
  private final RunSettings settings;
  private final RunEvent.Listener listener;

  /// What is known to be fit to be sent: compiling thousands once more under the lock would show.
  private List<Migration> checked = List.of();

  /// @param to the migration at which the run ends; empty for the changelog's last
  public Runner(
      Target target,
      Changelog changelog,
      Optional<Migration> to,
      RunSettings settings,
      RunEvent.Listener listener) {
    this.target = target;
    this.changelog = changelog;
    this.to = to;
    this.settings = settings;
    this.listener = listener;
  }

  private Plan plan() {
    return to.map(migration -> Planner.planTo(changelog, target.history(), migration))
        .orElseGet(() -> Planner.plan(changelog, target.history()));
  }

  /// Refuses what cannot be run, without a write: conflicts, a schema that is not there, missing
  /// rights, statements that cannot be sent.
  ///
  /// @return what is to be done, as the target was seen just now
  public Plan prepare() throws SQLException {
    Plan plan = RunInProgress.settle(target, this::plan);
    Conflicts.refuse(plan, target, changelog);
    refuseMissingSchema();
    List<Migration> due = plan.due();
    if (!due.isEmpty()) {
      checkStatements(due);
      Rights.check(target);
    }
    return plan;
  }

  private void checkStatements(List<Migration> due) {
    if (!due.equals(checked)) {
      CompiledMigration.check(due);
      checked = due;
    }
  }

  private void refuseMissingSchema() {
    List<Identifier> missing = target.found().missing();
    if (!missing.isEmpty() && settings.missingSchema() == MissingSchema.REFUSE) {
      throw SearchPathException.missing(missing.getFirst(), target.surroundings());
    }
  }

  /// Applies what is due. What was applied is told by events, also when the run fails half-way.
  ///
  /// @throws SlipwayException saying in which state the target is now
  public void run() throws SQLException {
    try (RunLock _ = acquireLock()) {
      target.refresh();
      createHistory();
      applyAll(prepare().due());
    } catch (SlipwayException failure) {
      lookAgain(failure);
      throw failure;
    }
  }

  /// What was applied before the failure is to be seen; a session that is gone shows nothing.
  private void lookAgain(SlipwayException failure) {
    if (target.session().isClosed()) {
      return;
    }
    try {
      target.refresh();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  private void applyAll(List<Migration> due) {
    var progress = new Progress(due.size());
    try {
      for (Migration migration : due) {
        refuseWhenCancelled(progress.rolledBack());
        apply(migration, progress);
      }
      target.refresh();
    } catch (SQLException e) {
      refuseWhenCancelled(progress.rolledBack());
      throw DatabaseException.of(e, progress.rolledBack());
    }
  }

  /// A signal may come between two statements, where there is nothing that it could cancel.
  private void refuseWhenCancelled(TargetState state) {
    if (target.session().isCancelled()) {
      throw new InterruptedRunException("", state, null);
    }
  }

  private RunLock acquireLock() throws SQLException {
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
  private void createHistory() throws SQLException {
    for (int attempt = 1; !isComplete(); attempt++) {
      Conflicts.refuse(plan(), target, changelog);
      refuseMissingSchema();
      Rights.check(target);
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

  private boolean isComplete() {
    return target.found().missing().isEmpty()
        && target.historyTable().exists()
        && target.historyTable().hasJournal()
        && target.sql().extendJournal().isEmpty();
  }

  private List<String> creation() {
    HistorySql sql = target.sql();
    var statements = new ArrayList<String>();
    statements.add(Application.BEGIN);
    statements.add(Application.setLocalLockTimeout(settings.runLockWait().plusMillis(1)));
    for (Identifier schema : target.found().missing()) {
      statements.add(HistorySql.createSchema(schema));
    }
    if (!target.historyTable().exists()) {
      statements.add(sql.createHistory());
    }
    if (target.historyTable().hasJournal()) {
      statements.addAll(sql.extendJournal());
    } else {
      statements.add(sql.createJournal());
    }
    statements.add("COMMIT");
    return statements;
  }

  private static boolean isCollision(SQLException e) {
    return switch (String.valueOf(e.getSQLState())) {
      case SqlStates.UNIQUE_VIOLATION, SqlStates.DUPLICATE_TABLE, SqlStates.DUPLICATE_OBJECT ->
          true;
      default -> false;
    };
  }

  private void apply(Migration migration, Progress progress) throws SQLException {
    CompiledMigration compiled = CompiledMigration.of(migration);
    listener.on(new RunEvent.Started(migration, progress.applied() + 1, progress.due()));
    long begin = System.nanoTime();
    var application = new Application(target, compiled, settings, progress);
    target.session().onNotice(text -> listener.on(new RunEvent.Notice(text)));
    Application.Outcome outcome =
        switch (migration.transaction()) {
          case ONE -> new TransactionalApplication(application).apply();
          case NONE -> new StatementwiseApplication(application).apply();
        };
    switch (outcome) {
      case APPLIED -> {
        progress.applied(migration);
        listener.on(
            new RunEvent.Applied(migration.id(), Duration.ofNanos(System.nanoTime() - begin)));
      }
      case APPLIED_ELSEWHERE -> listener.on(new RunEvent.AppliedElsewhere(migration.id()));
    }
  }
}
