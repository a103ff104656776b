package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.DeferredConstraints;
import dev.slipway.history.Footprint;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Conduct.OnFailure;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Precondition;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Applies migrations in one transaction that is rolled back, history and journal with them. What
/// cannot run in a transaction, or not in one with those before it, is left out; so is what fails
/// for want of that, and all that comes behind a failure.
///
/// One that loses against others is tried again as in a run; since the transaction holds what those
/// before it have locked, all of it is rolled back first.
public final class Rehearsal {
  private static final String SAVEPOINT = "SAVEPOINT slipway_rehearsal";
  private static final String RELEASE = "RELEASE SAVEPOINT slipway_rehearsal";
  private static final String UNDO = "ROLLBACK TO " + SAVEPOINT + ";\n" + RELEASE;

  /// What a statement fails with if something is not there that an earlier one makes.
  private static final Set<String> MISSING =
      Set.of(
          SqlStates.UNDEFINED_TABLE,
          SqlStates.UNDEFINED_COLUMN,
          SqlStates.UNDEFINED_FUNCTION,
          SqlStates.UNDEFINED_OBJECT,
          SqlStates.INVALID_SCHEMA_NAME,
          SqlStates.INVALID_COLUMN_REFERENCE,
          SqlStates.INVALID_FOREIGN_KEY,
          SqlStates.INVALID_TEXT_REPRESENTATION,
          SqlStates.FOREIGN_KEY_VIOLATION);

  private final Target target;
  private final Session session;
  private final RunSettings settings;
  private final RunEvent.Listener listener;
  private final LockedRun lockedRun;

  /// What came of it.
  ///
  /// @param tried those that could be applied, in order
  /// @param failure the first; empty if there was none
  public record Result(
      List<Tried> tried, List<LeftOut> leftOut, Optional<SlipwayException> failure) {
    /// Where nothing was due.
    public static final Result EMPTY = new Result(List.of(), List.of(), Optional.empty());

    public Result {
      tried = List.copyOf(tried);
      leftOut = List.copyOf(leftOut);
    }
  }

  /// A migration that could be applied.
  ///
  /// @param duration from its begin until it was recorded
  public record Tried(MigrationId id, Duration duration, Footprint.Step footprint) {}

  /// A migration of which nothing is known.
  ///
  /// @param detail what it failed with; empty if it was not begun
  public record LeftOut(MigrationId id, Why why, String detail) {}

  /// Why a migration is left out.
  public enum Why {
    /// It cannot be rolled back.
    NO_TRANSACTION("it runs without a transaction"),
    /// PostgreSQL wants the new value of an enum to be committed before it is used.
    NEW_ENUM_VALUE("it uses the value of an enum that is added in the same transaction"),
    /// PostgreSQL's table of locks is full, which a transaction's end empties.
    OUT_OF_MEMORY("the server has no room for it beside what the transaction holds already"),
    MISSING("it failed, it may be for want of what was left out before"),
    BEHIND_FAILURE("it comes behind a failure");

    private final String text;

    Why(String text) {
      this.text = text;
    }

    /// A clause.
    public String text() {
      return text;
    }
  }

  /// @param listener is told what happens on the way, and at the end what a run would have told
  public Rehearsal(Target target, RunSettings settings, RunEvent.Listener listener) {
    this.target = target;
    this.session = target.session();
    this.settings = settings;
    this.listener = listener;
    this.lockedRun = new LockedRun(target, settings, listener);
  }

  /// Tries them. Afterwards the target is looked at again, as it is.
  public Result of(List<Migration> due) throws SQLException {
    Optional<Retries> retries = Optional.empty();
    while (true) {
      var attempt = new Attempt(due);
      Optional<SlipwayException> failure = attempt.run();
      if (failure.isPresent() && failure.get() instanceof MigrationFailedException lost) {
        // The time that what went before has taken is not lost on waiting.
        if (retries.isEmpty()) {
          retries = Optional.of(new Retries(session, settings.lockWait(), listener));
        }
        if (retries.get().tryAgain(lost.migration().id(), lost.kind(), lost.reason())) {
          // What it made was seen, and is rolled back.
          target.refresh();
          continue;
        }
      }
      refresh(failure);
      attempt.told.forEach(listener::on);
      return new Result(attempt.tried, attempt.leftOut, failure.map(this::orInterrupted));
    }
  }

  /// A session that is gone shows nothing.
  private void refresh(Optional<SlipwayException> failure) throws SQLException {
    try {
      if (!session.isClosed()) {
        target.refresh();
      }
    } catch (SQLException e) {
      if (failure.isEmpty()) {
        throw e;
      }
      failure.get().addSuppressed(e);
    }
  }

  private SlipwayException orInterrupted(SlipwayException failure) {
    return session.isCancelled() && failure.kind() != FailureKind.INTERRUPTED
        ? new InterruptedRunException(failure.detail(), failure.state(), failure)
        : failure;
  }

  /// One transaction.
  private final class Attempt {
    private final List<Migration> due;
    private final Progress progress;
    private final List<Tried> tried = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final List<RunEvent> told = new ArrayList<>();
    private int begun;

    Attempt(List<Migration> due) {
      this.due = due;
      this.progress = Progress.ofRehearsal(due.size());
    }

    /// @return the failure, if there was one
    Optional<SlipwayException> run() {
      try {
        Footprint footprint = lockedRun.beginWithHistory();
        while (begun < due.size()) {
          advance(due.get(begun++), footprint);
        }
        resetAfter("ROLLBACK");
        return Optional.empty();
      } catch (SlipwayException e) {
        return Optional.of(ended(e));
      } catch (SQLException e) {
        return Optional.of(ended(DatabaseException.of(e, TargetState.UNDONE)));
      }
    }

    private SlipwayException ended(SlipwayException failure) {
      for (Migration behind : due.subList(begun, due.size())) {
        leftOut.add(new LeftOut(behind.id(), Why.BEHIND_FAILURE, ""));
      }
      session.rollback(failure);
      if (!session.isClosed()) {
        try {
          resetAfter("");
        } catch (SQLException e) {
          failure.addSuppressed(e);
        }
      }
      return failure;
    }

    private void advance(Migration migration, Footprint footprint) throws SQLException {
      lockedRun.refuseWhenCancelled(TargetState.UNDONE);
      if (migration.transaction() == TransactionMode.NONE) {
        leftOut.add(new LeftOut(migration.id(), Why.NO_TRANSACTION, ""));
        return;
      }
      if (migration.rerun() == Rerun.NEVER && target.history().records(migration.id())) {
        told.add(new RunEvent.AppliedElsewhere(migration.id()));
        return;
      }
      session.execute(SAVEPOINT);
      try {
        apply(migration, footprint);
      } catch (MigrationFailedException | PreconditionException failure) {
        goOn(migration, failure);
      }
    }

    private void apply(Migration migration, Footprint footprint) throws SQLException {
      long begin = System.nanoTime();
      var application =
          new Application(target, CompiledMigration.of(migration), settings, progress, listener);
      application.announce();
      session.execute(HistoryLock.setLocalLockTimeout(application.lockTimeout()));
      Optional<Precondition> precondition = application.compiled().precondition();
      Optional<Unmet> unmet =
          precondition.isEmpty() ? Optional.empty() : application.ask(precondition.get());
      if (unmet.isPresent() && !isApplied(application, unmet.get())) {
        footprint.step(); // What its precondition has read is not the next one's doing.
        return;
      }
      new TransactionalApplication(application).send();
      atEnd(migration, () -> record(application.applied()));
      Duration duration = Duration.ofNanos(System.nanoTime() - begin);
      atEnd(migration, () -> tried.add(new Tried(migration.id(), duration, footprint.step())));
      session.execute(RELEASE);
    }

    /// Whether it is applied although its precondition does not hold. If not, it is dealt with.
    private boolean isApplied(Application application, Unmet unmet) throws SQLException {
      MigrationId id = application.migration().id();
      return switch (unmet.otherwise()) {
        case HALT ->
            throw PreconditionException.of(application.migration(), unmet, TargetState.UNDONE);
        case CONTINUE -> {
          resetAfter(UNDO);
          told.add(new RunEvent.PassedOver(id, unmet.line()));
          yield false;
        }
        case MARK_RAN -> {
          atEnd(application.migration(), () -> record(application.marked()));
          session.execute(RELEASE);
          told.add(
              new RunEvent.Note(
                  "%s would be recorded without being run: %s".formatted(id, unmet.line())));
          yield false;
        }
        case WARN -> {
          told.add(new RunEvent.Warning("%s is applied although %s".formatted(id, unmet.line())));
          yield true;
        }
      };
    }

    private void record(List<String> recording) throws SQLException {
      DeferredConstraints.checkNow(session);
      session.execute(String.join(";\n", recording));
    }

    private void atEnd(Migration migration, LockedRun.Step step) {
      try {
        step.run();
      } catch (SQLException e) {
        throw MigrationFailedException.atEnd(migration, e, TargetState.UNDONE);
      }
    }

    /// Goes on behind it, if it is not the rehearsal's end.
    private void goOn(Migration migration, SlipwayException failure) throws SQLException {
      Optional<Why> why = whyLeftOut(failure);
      boolean goesOn = migration.conduct().onFailure() == OnFailure.GO_ON && isItsOwn(failure);
      if (why.isEmpty() && !goesOn) {
        throw failure;
      }
      resetAfter(UNDO);
      if (why.isPresent()) {
        leftOut.add(new LeftOut(migration.id(), why.get(), failure.message()));
      } else {
        told.add(new RunEvent.GaveUp(migration.id(), failure));
      }
    }

    /// Why it need not be the migration's: each in its own transaction, they might not fail.
    private Optional<Why> whyLeftOut(SlipwayException failure) {
      String state = failure instanceof MigrationFailedException failed ? failed.sqlState() : "";
      if (state.equals(SqlStates.UNSAFE_NEW_ENUM_VALUE)) {
        return Optional.of(Why.NEW_ENUM_VALUE);
      }
      if (state.equals(SqlStates.OUT_OF_MEMORY) && !tried.isEmpty()) {
        return Optional.of(Why.OUT_OF_MEMORY);
      }
      boolean asksForMissing = failure instanceof PreconditionException || MISSING.contains(state);
      return asksForMissing && !leftOut.isEmpty() ? Optional.of(Why.MISSING) : Optional.empty();
    }

    private static boolean isItsOwn(SlipwayException failure) {
      return !(failure instanceof MigrationFailedException failed) || failed.isItsOwn();
    }

    /// Not all that a session holds is a transaction's: prepared statements, sequences' values.
    private void resetAfter(String sql) throws SQLException {
      List<String> statements = new ArrayList<>();
      if (!sql.isEmpty()) {
        statements.add(sql);
      }
      statements.addAll(session.reset());
      session.execute(String.join(";\n", statements));
    }
  }
}
