package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.PreconditionSql;
import dev.slipway.history.Route;
import dev.slipway.history.RunLock;
import dev.slipway.migrate.Application.Outcome;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Needs;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import dev.slipway.migration.Precondition;
import dev.slipway.migration.TransactionMode;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs a plan against its database: lock, look again, apply, record. A plan with nothing to do
/// never gets here: it takes no lock and writes nothing.
public final class Runner {
  private static final String SAVEPOINT = "SAVEPOINT slipway_precondition";
  private static final String UNDO = "ROLLBACK TO " + SAVEPOINT;

  private final Target target;
  private final Changelog changelog;
  private final Optional<Migration> to;
  private final RunSettings settings;
  private final RunEvent.Listener listener;
  private final LockedRun lockedRun;

  /// What is known to be fit to be sent: compiling thousands once more under the lock would show.
  private List<Migration> checked = List.of();

  /// What that needs; empty while nothing was checked.
  private Optional<Needs> needs = Optional.empty();

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
  /// rights, statements that cannot be sent, preconditions of the changelog. Those of migrations
  /// are not asked: what they say may depend on the migrations before.
  ///
  /// @return what is to be done, as the target was seen just now
  public Plan prepare() throws SQLException {
    Plan plan = RunInProgress.settle(target, this::plan);
    Conflicts.refuse(plan, target, changelog);
    lockedRun.refuseMissingSchema();
    List<Migration> due = plan.due();
    if (!due.isEmpty()) {
      checkStatements(due);
      refuseBehindPooler(due);
      Rights.check(target, needs.orElseThrow());
      askChangelog();
    }
    return plan;
  }

  private void refuseBehindPooler(List<Migration> due) {
    if (target.surroundings().route() == Route.DIRECT) {
      return;
    }
    for (Migration migration : due) {
      if (migration.transaction() == TransactionMode.NONE) {
        throw new PoolerException(migration);
      }
    }
  }

  /// What a run must not begin with, looked at under the lock before anything is made.
  private void check() throws SQLException {
    Plan plan = plan();
    Conflicts.refuse(plan, target, changelog);
    lockedRun.refuseMissingSchema();
    List<Migration> due = plan.due();
    if (due.isEmpty()) {
      Rights.check(target, Needs.none());
    } else {
      checkStatements(due);
      Rights.check(target, needs.orElseThrow());
      askChangelog();
    }
  }

  /// Only a warning lets a changelog be applied whose precondition does not hold: see
  /// [Precondition].
  ///
  /// @throws PreconditionException if one stands in the way
  private void askChangelog() {
    for (Precondition precondition : changelog.preconditions()) {
      Optional<Unmet> unmet = ask(precondition);
      if (unmet.isPresent()) {
        switch (unmet.get().otherwise()) {
          case WARN ->
              listener.on(
                  new RunEvent.Warning(
                      "%s is applied although %s".formatted(changelog.name(), unmet.get().line())));
          case HALT, CONTINUE, MARK_RAN -> throw PreconditionException.of(changelog, unmet.get());
        }
      }
    }
  }

  /// Asks, and leaves nothing of it: in a transaction that is rolled back, or in a part of one.
  private Optional<Unmet> ask(Precondition precondition) {
    Session session = target.session();
    boolean isWithin = session.isInTransaction();
    try {
      List<List<Row>> rows =
          session.queries(
              isWithin ? SAVEPOINT : HistoryLock.BEGIN,
              HistoryLock.setLocalLockTimeout(settings.lockTimeout()),
              target.preconditionSql().ask(precondition.condition()),
              PreconditionSql.ANSWER,
              isWithin ? UNDO : "ROLLBACK");
      return Unmet.of(precondition, rows.getFirst().getFirst());
    } catch (SQLException e) {
      session.rollback(e);
      lockedRun.refuseWhenCancelled(TargetState.UNCHANGED);
      throw new PreconditionAbortedException(
          "changelog \"%s\"".formatted(changelog.name()), precondition, e, TargetState.UNCHANGED);
    }
  }

  private void checkStatements(List<Migration> due) {
    if (!due.equals(checked)) {
      needs = Optional.of(CompiledMigration.check(due));
      checked = due;
    }
  }

  /// Applies what is due. What was applied is told by events, also when the run fails half-way.
  ///
  /// @throws SlipwayException saying in which state the target is now
  public void run() throws SQLException {
    try {
      lockedRun.run(this::check, () -> applyAll(prepare().due()));
    } catch (SlipwayException failure) {
      lookAgain(failure);
      throw failure;
    }
  }

  /// Tries what is due, under the migration lock: see [Rehearsal].
  public Rehearsal.Result rehearse() throws SQLException {
    try (RunLock _ = lockedRun.acquireLock()) {
      target.refresh();
      return new Rehearsal(target, settings, listener).of(prepare().due());
    }
  }

  /// The same within a transaction that is open, whatever that has done; afterwards it is rolled
  /// back. The lock must be held.
  ///
  /// @throws SlipwayException if what is due cannot be applied
  public void rehearseWithin() throws SQLException {
    target.refresh();
    check();
    new Rehearsal(target, settings.atOnce(), event -> {})
        .of(plan().due())
        .failure()
        .ifPresent(
            failure -> {
              throw failure;
            });
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
    List<Migration> recorded = new ArrayList<>();
    try {
      for (Migration migration : due) {
        lockedRun.refuseWhenCancelled(progress.rolledBack());
        if (advance(migration, progress)) {
          recorded.add(migration);
        }
      }
      target.refresh();
      refuseUnrecorded(recorded);
    } catch (SQLException e) {
      lockedRun.refuseWhenCancelled(progress.rolledBack());
      throw DatabaseException.of(e, progress.rolledBack());
    }
  }

  /// A rule or trigger on the history table may have swallowed a row, or a migration deleted it.
  private void refuseUnrecorded(List<Migration> recorded) {
    List<Migration> unrecorded =
        recorded.stream().filter(migration -> !target.history().records(migration.id())).toList();
    if (!unrecorded.isEmpty()) {
      throw new UnrecordedException(unrecorded, target.historyTable());
    }
  }

  /// Takes the run one migration further.
  ///
  /// @return whether the history has to hold it now
  private boolean advance(Migration migration, Progress progress) throws SQLException {
    long begin = System.nanoTime();
    return switch (outcome(migration, progress)) {
      case Outcome.Applied _ -> {
        progress.applied(migration);
        listener.on(
            new RunEvent.Applied(migration.id(), Duration.ofNanos(System.nanoTime() - begin)));
        yield true;
      }
      case Outcome.AppliedElsewhere _ -> {
        listener.on(new RunEvent.AppliedElsewhere(migration.id()));
        yield true;
      }
      case Outcome.Marked(var why) -> {
        progress.applied(migration);
        listener.on(new RunEvent.Marked(migration.id(), why.line()));
        yield true;
      }
      case Outcome.PassedOver(var why) -> {
        listener.on(new RunEvent.PassedOver(migration.id(), why.line()));
        yield false;
      }
      case Outcome.GaveUp(var failure) -> {
        listener.on(new RunEvent.GaveUp(migration.id(), failure));
        yield false;
      }
    };
  }

  private Outcome outcome(Migration migration, Progress progress) throws SQLException {
    try {
      return apply(migration, progress);
    } catch (MigrationFailedException failure) {
      if (!failure.isItsOwn()) {
        throw failure;
      }
      return goOn(migration, failure);
    } catch (PreconditionException failure) {
      return goOn(migration, failure);
    }
  }

  private Outcome apply(Migration migration, Progress progress) throws SQLException {
    CompiledMigration compiled = CompiledMigration.of(migration);
    var application = new Application(target, compiled, settings, progress, listener);
    application.announce();
    return switch (migration.transaction()) {
      case ONE -> new TransactionalApplication(application).apply();
      case NONE -> new StatementwiseApplication(application).apply();
    };
  }

  /// Goes on behind a migration of which nothing is left, if its author wants that. So does
  /// Liquibase, also where a precondition halts.
  private Outcome goOn(Migration migration, SlipwayException failure) throws SQLException {
    return switch (migration.conduct().onFailure()) {
      case STOP -> throw failure;
      case GO_ON -> {
        // Not all that a session holds is a transaction's: prepared statements, sequences' values.
        target.session().execute(String.join(";\n", target.session().reset()));
        yield new Outcome.GaveUp(failure);
      }
    };
  }
}
