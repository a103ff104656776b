package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.history.HistorySql;
import dev.slipway.history.RunLock;
import dev.slipway.migration.History.JournalEntry;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Resumption;
import dev.slipway.migration.SessionState;
import dev.slipway.postgres.PipelineException;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Applies a migration whose statements PostgreSQL refuses inside one transaction, and goes on with
/// one that stopped half-way. The journal says how far it came; the history row comes last.
///
/// A statement that can takes effect together with its mark in the journal, in a transaction of
/// their own: then there is no doubt. Any other is marked before and after.
final class StatementwiseApplication {
  private static final String LIFT_LOCK_TIMEOUT =
      """
      SELECT pg_catalog.set_config('lock_timeout', '0', false)
      FROM pg_catalog.pg_settings WHERE name = 'lock_timeout' AND setting = $1""";

  /// Also where the migration has made its session read-only: the mark has to be written.
  private static final String BEGIN = "BEGIN READ WRITE";

  private final Application application;
  private final Session session;
  private final HistorySql sql;
  private final Migration migration;
  private final List<Statement> statements;
  private final StatementMarks marks;

  StatementwiseApplication(Application application) {
    this.application = application;
    this.session = application.session();
    this.sql = application.sql();
    this.migration = application.migration();
    this.statements = application.compiled().statements();
    this.marks = new StatementMarks(application);
  }

  Application.Outcome apply() throws SQLException {
    Resumption.Possible from = from();
    Optional<Application.Outcome> ended = from instanceof Resumption.Anew ? begin() : goOn(from);
    if (ended.isPresent()) {
      return ended.get();
    }
    try {
      applyFrom(from);
      return finish();
    } catch (SlipwayException failure) {
      return ended(failure);
    }
  }

  private void applyFrom(Resumption.Possible from) {
    for (int i = from.statement(); i < statements.size(); i++) {
      if (session.isCancelled()) {
        throw stopped(i, stoppedBySignal(), Rest.NOTHING);
      }
      apply(i, from instanceof Resumption.Again(int again) && again == i);
      keepLock(i + 1);
    }
  }

  /// What became of it, if somebody else recorded it: then nothing of it is ours to go on with.
  private Application.Outcome ended(SlipwayException failure) {
    session.rollback(failure);
    if (application.isAppliedElsewhere(failure) && marks.forget(failure)) {
      return new Application.Outcome.AppliedElsewhere();
    }
    throw failure;
  }

  /// What an earlier run left of it was looked at before this one began to write.
  private Resumption.Possible from() {
    Optional<JournalEntry> begun = application.begun();
    if (begun.isEmpty()) {
      return new Resumption.Anew();
    }
    return PartiallyAppliedException.refuseImpossible(application.compiled(), begun.get());
  }

  /// Marks it as begun, unless it is not to be applied at all.
  ///
  /// @return empty if it is begun
  private Optional<Application.Outcome> begin() throws SQLException {
    Optional<Application.Outcome> ended = ask();
    if (ended.isPresent()) {
      return ended;
    }
    List<String> message = new ArrayList<>(application.inItsSpelling());
    message.add(marks.started());
    message.add("COMMIT");
    message.add(setLockTimeout());
    message.add(application.setApplicationName("SESSION"));
    execute(message);
    return Optional.empty();
  }

  private Optional<Application.Outcome> ask() throws SQLException {
    try {
      return application.begin();
    } catch (SlipwayException failure) {
      return Optional.of(application.ended(failure));
    }
  }

  /// Its precondition was asked when it was begun, and what it has done since may have changed the
  /// answer.
  ///
  /// @return empty if it can be gone on with
  private Optional<Application.Outcome> goOn(Resumption.Possible from) throws SQLException {
    int next = from.statement();
    if (!application.beginLocked()) {
      session.execute("ROLLBACK");
      return Optional.of(new Application.Outcome.AppliedElsewhere());
    }
    List<String> message = new ArrayList<>(application.inItsSpelling());
    message.add("COMMIT");
    message.add(setLockTimeout());
    message.add(application.setApplicationName("SESSION"));
    execute(message);
    application.tell(
        "going on with %s, which an earlier run began: %s"
            .formatted(
                migration,
                next < statements.size()
                    ? "statement %d of %d".formatted(next + 1, statements.size())
                    : "it is to be recorded"));
    for (int setting : new SessionState(statements).settings(next)) {
      try {
        session.execute(statements.get(setting).text());
      } catch (SQLException e) {
        throw resumable(next, e, describe(setting, e));
      }
    }
    keepLock(next);
    return Optional.empty();
  }

  /// A signal may come where there is nothing that it could cancel.
  static SQLException stoppedBySignal() {
    return new SQLException("stopped by a signal", SqlStates.QUERY_CANCELED);
  }

  /// What a statement that failed leaves in the database.
  private enum Rest {
    NOTHING,
    /// Whatever it is, the next run finds out.
    SETTLED_BY_NEXT_RUN,
    /// Only a person can tell.
    IN_DOUBT
  }

  private void apply(int index, boolean again) {
    if (statements.get(index).isAtomic()) {
      applyWithMark(index);
    } else {
      applyByItself(index, again);
    }
  }

  private void applyWithMark(int index) {
    Statement statement = statements.get(index);
    List<String> mark = marks.done(index);
    mark.add("COMMIT");
    runWhole(index, statement);
    try {
      session.together(mark);
    } catch (SQLException e) {
      session.rollback(e);
      throw notMarked(index, e, "it is rolled back");
    }
  }

  /// Begins a transaction and runs the statement in it; once more where it only lost against
  /// others.
  private void runWhole(int index, Statement statement) {
    var retries = Retries.of(application);
    boolean done = false;
    while (!done) {
      try {
        // What gives rows is to be read to its end, however many there are.
        if (statement.mayReturnRows()) {
          session.execute(BEGIN);
          session.execute(statement.text());
          session.execute(TransactionalApplication.FIRE_DEFERRED);
        } else {
          session.together(
              List.of(BEGIN, statement.text(), TransactionalApplication.FIRE_DEFERRED));
        }
        done = true;
      } catch (SQLException e) {
        session.rollback(e);
        ServerError error = ServerError.of(e);
        if (!retries.tryAgain(
            migration.id(), MigrationFailedException.kind(error), error.message())) {
          throw stopped(
              index, e, ServerError.isAnswer(e) ? Rest.NOTHING : Rest.SETTLED_BY_NEXT_RUN);
        }
      }
    }
  }

  private void applyByItself(int index, boolean again) {
    Statement statement = statements.get(index);
    Optional<IndexBuild> build =
        statement.concurrentIndex().map(it -> new IndexBuild(application, it));
    Optional<List<String>> indexesBefore;
    boolean lifted;
    try {
      lifted = statement.outsideTransaction().isPresent() && liftLockTimeout();
      if (again && isDone(statement, build)) {
        markDone(index, lifted);
        return;
      }
      indexesBefore = marks.begin(index, statement);
    } catch (SQLException e) {
      throw notMarked(index, e, "it was not begun");
    }
    if (build.isPresent()) {
      Optional<IndexBuild.Broken> broken = build.get().run(statement.text(), indexesBefore);
      if (broken.isPresent()) {
        throw stopped(
            index,
            broken.get().failure(),
            broken.get().isNothingLeft() ? Rest.NOTHING : Rest.SETTLED_BY_NEXT_RUN);
      }
    } else {
      run(index, statement, indexesBefore);
    }
    markDone(index, lifted);
  }

  /// Once more where it only lost against others and nothing is left of it.
  private void run(int index, Statement statement, Optional<List<String>> indexesBefore) {
    var retries = Retries.of(application);
    while (true) {
      try {
        session.execute(statement.text());
        return;
      } catch (SQLException e) {
        Rest rest = rest(statement, indexesBefore, e);
        if (rest != Rest.NOTHING || !retries.tryAgain(migration.id(), e)) {
          throw stopped(index, e, rest);
        }
      }
    }
  }

  /// Whether one that was cut off came to its end.
  private boolean isDone(Statement statement, Optional<IndexBuild> build) throws SQLException {
    if (build.isPresent()) {
      return build.get().settle(marks.indexesBefore()) == IndexBuild.Left.THE_INDEX;
    }
    if (statement.isConcurrentReindex()) {
      new BrokenReindex(session).dropNew(marks.indexesBefore());
      return false;
    }
    Optional<String> dropped = statement.droppedIndex();
    return dropped.isPresent()
        && session
            .query("SELECT pg_catalog.to_regclass($1) IS NULL", dropped.get())
            .getFirst()
            .isTrue(0);
  }

  /// A statement that works in several transactions waits for others in each, and has to begin anew
  /// when it gives up. A limit that the migration itself has set is left to it.
  private boolean liftLockTimeout() throws SQLException {
    return !session.query(LIFT_LOCK_TIMEOUT, Long.toString(lockTimeoutMillis())).isEmpty();
  }

  private Rest rest(Statement statement, Optional<List<String>> indexesBefore, SQLException e) {
    if (statement.isConcurrentReindex()) {
      return new BrokenReindex(session).dropNew(indexesBefore, e)
          ? Rest.NOTHING
          : Rest.SETTLED_BY_NEXT_RUN;
    }
    if (ServerError.isAnswer(e) && !statement.mayStopHalfWay()) {
      return Rest.NOTHING;
    }
    return statement.isResumable() ? Rest.SETTLED_BY_NEXT_RUN : Rest.IN_DOUBT;
  }

  private void markDone(int index, boolean lifted) {
    List<String> statement = marks.done(index);
    if (lifted) {
      statement.add(setLockTimeout());
    }
    try {
      execute(statement);
    } catch (SQLException e) {
      String detail =
          "%s took effect, but that could not be recorded: %s"
              .formatted(application.compiled().place(index), ServerError.of(e).message());
      throw statements.get(index).isResumable()
          ? resumable(index + 1, e, detail)
          : PartiallyAppliedException.inDoubt(application.compiled(), index, detail, e);
    }
  }

  /// What a statement may have released is taken again, before another run goes on with the rest.
  private void keepLock(int done) {
    try {
      if (!RunLock.keep(session, sql)) {
        throw PartiallyAppliedException.resumable(
            application.compiled(),
            done,
            FailureKind.LOCKED,
            "Statement %d released the migration lock, and another run has it now.".formatted(done),
            null);
      }
    } catch (SQLException e) {
      throw resumable(done, e, ServerError.of(e).message());
    }
  }

  /// The failure as the operator has to see it: if nothing at all took effect, the mark is taken
  /// back and it is as if it had not begun.
  private RuntimeException stopped(int index, SQLException e, Rest rest) {
    if (rest == Rest.NOTHING && index == 0 && marks.forget(e)) {
      return application.failedOrInterrupted(
          MigrationFailedException.atStatement(
              application.compiled(), index, e, application.progress().rolledBack()));
    }
    String detail = describe(index, e);
    return switch (rest) {
      case IN_DOUBT -> PartiallyAppliedException.inDoubt(application.compiled(), index, detail, e);
      case SETTLED_BY_NEXT_RUN -> resumable(index, e, detail);
      case NOTHING -> {
        marks.takeBack(e);
        yield resumable(index, e, detail);
      }
    };
  }

  private RuntimeException notMarked(int index, SQLException e, String effect) {
    if (index == 0 && ServerError.isAnswer(e) && marks.forget(e)) {
      return application.failedOrInterrupted(
          MigrationFailedException.atEnd(migration, e, application.progress().rolledBack()));
    }
    return resumable(
        index,
        e,
        "%s could not be noted in the journal%s: %s"
            .formatted(
                application.compiled().place(index),
                ServerError.isAnswer(e) ? ", so " + effect : "",
                ServerError.of(e).message()));
  }

  private PartiallyAppliedException resumable(int done, SQLException e, String detail) {
    FailureKind kind =
        session.isCancelled()
            ? FailureKind.INTERRUPTED
            : MigrationFailedException.kind(ServerError.of(e));
    return PartiallyAppliedException.resumable(application.compiled(), done, kind, detail, e);
  }

  private String describe(int index, SQLException e) {
    ServerError error = ServerError.of(e);
    return error.message()
        + "\n"
        + MigrationFailedException.describe(application.compiled(), index, error);
  }

  private void reset() throws SQLException {
    execute(session.reset());
  }

  /// Records it. The row may have been written by somebody else meanwhile; then it is kept.
  private Application.Outcome finish() {
    List<String> message = new ArrayList<>();
    try {
      reset();
      message.addAll(application.recording());
      if (!application.beginLocked()) {
        message = session.reset();
      }
      message.add(marks.finished());
      message.add("COMMIT");
      session.together(message);
      return new Application.Outcome.Applied();
    } catch (PipelineException e) {
      boolean committing = e.index() == message.size() - 1;
      if (Application.isLost(e, committing)) {
        throw application.failedAtEnd(e, committing);
      }
      throw notRecorded(e);
    } catch (SQLException e) {
      throw notRecorded(e);
    } catch (MigrationLockedException e) {
      throw PartiallyAppliedException.resumable(
          application.compiled(),
          statements.size(),
          FailureKind.LOCKED,
          notRecorded(e.message()),
          e);
    }
  }

  private RuntimeException notRecorded(SQLException e) {
    session.rollback(e);
    return resumable(statements.size(), e, notRecorded(ServerError.of(e).message()));
  }

  private String notRecorded(String reason) {
    return "%s: all statements took effect, but that could not be recorded: %s"
        .formatted(migration.origin(), reason);
  }

  private void execute(List<String> together) throws SQLException {
    session.execute(String.join(";\n", together));
  }

  private String setLockTimeout() {
    return "SET lock_timeout = " + lockTimeoutMillis();
  }

  private long lockTimeoutMillis() {
    return application.lockTimeout().toMillis();
  }
}
