package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import dev.slipway.postgres.DatabaseException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Runs a plan against its database: lock, look again, apply, record. A plan with nothing to do
/// never gets here: it takes no lock and writes nothing.
public final class Runner {
  private final Target target;
  private final Changelog changelog;
  private final Optional<Migration> to;
  private final RunSettings settings;
  private final RunEvent.Listener listener;
  private final LockedRun lockedRun;

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
    this.lockedRun = new LockedRun(target, settings, listener);
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
    lockedRun.refuseMissingSchema();
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

  /// Applies what is due. What was applied is told by events, also when the run fails half-way.
  ///
  /// @throws SlipwayException saying in which state the target is now
  public void run() throws SQLException {
    try {
      lockedRun.run(
          () -> Conflicts.refuse(plan(), target, changelog), () -> applyAll(prepare().due()));
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
        lockedRun.refuseWhenCancelled(progress.rolledBack());
        apply(migration, progress);
      }
      target.refresh();
      refuseUnrecorded(due);
    } catch (SQLException e) {
      lockedRun.refuseWhenCancelled(progress.rolledBack());
      throw DatabaseException.of(e, progress.rolledBack());
    }
  }

  /// A rule or trigger on the history table may have swallowed a row, or a migration deleted it.
  private void refuseUnrecorded(List<Migration> due) {
    List<Migration> unrecorded =
        due.stream().filter(migration -> !target.history().records(migration.id())).toList();
    if (!unrecorded.isEmpty()) {
      throw new UnrecordedException(unrecorded, target.historyTable());
    }
  }

  private void apply(Migration migration, Progress progress) throws SQLException {
    CompiledMigration compiled = CompiledMigration.of(migration);
    listener.on(new RunEvent.Started(migration, progress.applied() + 1, progress.due()));
    if (compiled.statements().isEmpty()) {
      listener.on(new RunEvent.Notice("WARNING: " + migration + " holds no statement"));
    }
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
