package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.HistorySql;
import dev.slipway.history.PreconditionSql;
import dev.slipway.migration.Checksum;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.History.JournalEntry;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Precondition;
import dev.slipway.migration.Remark;
import dev.slipway.migration.Rerun;
import dev.slipway.postgres.PipelineException;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One migration on its way into one database: what both ways of applying it, in one transaction or
/// statement by statement, have in common.
final class Application {
  private final Target target;
  private final CompiledMigration compiled;
  private final RunSettings settings;
  private final Progress progress;
  private final RunEvent.Listener listener;

  /// What became of it.
  sealed interface Outcome {
    record Applied() implements Outcome {}

    /// Its row was there when the history was locked.
    record AppliedElsewhere() implements Outcome {}

    /// Recorded without being run.
    record Marked(Unmet why) implements Outcome {}

    /// Neither run nor recorded.
    record PassedOver(Unmet why) implements Outcome {}

    /// Rolled back, and not to stop the run.
    record GaveUp(SlipwayException failure) implements Outcome {}
  }

  Application(
      Target target,
      CompiledMigration compiled,
      RunSettings settings,
      Progress progress,
      RunEvent.Listener listener) {
    this.target = target;
    this.compiled = compiled;
    this.settings = settings;
    this.progress = progress;
    this.listener = listener;
  }

  Session session() {
    return target.session();
  }

  HistorySql sql() {
    return target.sql();
  }

  CompiledMigration compiled() {
    return compiled;
  }

  Migration migration() {
    return compiled.migration();
  }

  RunSettings settings() {
    return settings;
  }

  /// How long one of its statements may wait for a lock; zero for as long as it takes.
  Duration lockTimeout() {
    return migration().conduct().lockTimeout().orElseGet(settings::lockTimeout);
  }

  /// Has the server show what is being applied (`pg_stat_activity`).
  ///
  /// @param scope `LOCAL` for the open transaction, `SESSION` until it is reset
  String setApplicationName(String scope) {
    String name = Identifier.truncated(settings.applicationName() + " " + migration());
    return "SET " + scope + " application_name = " + new Literal(name).quoted();
  }

  Progress progress() {
    return progress;
  }

  RunEvent.Listener listener() {
    return listener;
  }

  /// Tells that it begins and what its author should know, and from now on what the server says.
  void announce() {
    listener.on(new RunEvent.Started(migration(), progress.begin(), progress.due()));
    for (Remark remark : compiled.remarks()) {
      listener.on(
          switch (remark.kind()) {
            case WARNING -> new RunEvent.Warning(remark.toString());
            case REPAIR -> new RunEvent.Repaired(remark.toString());
          });
    }
    // A changeset may be there for its tag, or as a place in the order.
    if (compiled.statements().isEmpty() && !migration().mayBeEmpty()) {
      listener.on(new RunEvent.Notice("WARNING: " + migration() + " holds no statement"));
    }
    session().onNotice(text -> listener.on(new RunEvent.Notice(text)));
  }

  /// Says what the run does beside applying migrations.
  void tell(String text) {
    listener.on(new RunEvent.Note(text));
  }

  /// What the journal has of it if an earlier run began it and did not finish it.
  Optional<JournalEntry> begun() {
    return target
        .history()
        .journal(migration().id().value())
        .filter(entry -> entry.finishedAt() == null);
  }

  /// Begins the migration's own transaction: the history is locked, its row looked up, and its
  /// precondition asked.
  ///
  /// @return empty if it is to be applied now, in the transaction that is open
  Optional<Outcome> begin() throws SQLException {
    if (!beginLocked()) {
      session().execute("ROLLBACK");
      return Optional.of(new Outcome.AppliedElsewhere());
    }
    Optional<Precondition> precondition = compiled.precondition();
    Optional<Unmet> unmet = precondition.isEmpty() ? Optional.empty() : ask(precondition.get());
    return unmet.isEmpty() ? Optional.empty() : instead(unmet.get());
  }

  /// Asks it in the transaction that is open.
  ///
  /// @return empty if it holds
  Optional<Unmet> ask(Precondition precondition) {
    try {
      List<List<Row>> rows =
          session()
              .queries(
                  target.preconditionSql().ask(precondition.condition()), PreconditionSql.ANSWER);
      return Unmet.of(precondition, rows.getFirst().getFirst());
    } catch (SQLException e) {
      throw new PreconditionAbortedException(
          "migration \"%s\"".formatted(migration()), precondition, e, progress.rolledBack());
    }
  }

  private Optional<Outcome> instead(Unmet unmet) throws SQLException {
    return switch (unmet.otherwise()) {
      case HALT -> throw PreconditionException.of(migration(), unmet, progress.rolledBack());
      case CONTINUE -> {
        rollback();
        yield Optional.of(new Outcome.PassedOver(unmet));
      }
      case MARK_RAN -> {
        mark();
        yield Optional.of(new Outcome.Marked(unmet));
      }
      case WARN -> {
        listener.on(
            new RunEvent.Warning("%s is applied although %s".formatted(migration(), unmet.line())));
        yield Optional.empty();
      }
    };
  }

  /// Ends the transaction without an effect. Not all that a session holds is a transaction's.
  private void rollback() throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add("ROLLBACK");
    statements.addAll(session().reset());
    session().execute(String.join(";\n", statements));
  }

  /// Records it, and ends the transaction.
  private void mark() {
    List<String> message = marked();
    message.add("COMMIT");
    try {
      session().together(message);
    } catch (PipelineException e) {
      throw failedAtEnd(e, e.index() == message.size() - 1);
    }
  }

  /// What ends the transaction of a migration that is recorded without being run.
  List<String> marked() {
    List<String> statements = recording();
    statements.add(
        sql()
            .journal()
            .marked(
                migration().id(),
                migration().checksum(),
                compiled.statements().size(),
                settings.version()));
    return statements;
  }

  /// What ends the transaction of a migration that was run in it.
  List<String> applied() {
    List<String> statements = recording();
    statements.add(journalApplied());
    return statements;
  }

  /// Begins a transaction that has the history locked.
  ///
  /// @return whether the migration is still to be applied
  boolean beginLocked() throws SQLException {
    List<List<Row>> results =
        HistoryLock.begin(
            target,
            settings,
            progress.rolledBack(),
            List.of(
                HistoryLock.setLocalLockTimeout(lockTimeout()),
                setApplicationName("LOCAL"),
                sql().findMigration(migration().id())));
    return !isRecorded(results);
  }

  /// What [#beginLocked] does, as statements that others can follow in the same message: one of
  /// them fails if the history cannot be locked at once, or if the migration is recorded.
  List<String> opening() {
    List<String> statements = HistoryLock.atOnce(target);
    statements.add(HistoryLock.setLocalLockTimeout(lockTimeout()));
    statements.add(setApplicationName("LOCAL"));
    if (migration().rerun() == Rerun.NEVER) {
      statements.add(sql().refuseRecorded(migration().id()));
    }
    return statements;
  }

  private boolean isRecorded(List<List<Row>> results) {
    return migration().rerun() == Rerun.NEVER && !results.getFirst().isEmpty();
  }

  /// What ends the migration's transaction: the session as it was, history and journal row.
  List<String> recording() {
    List<String> statements = new ArrayList<>(session().reset());
    statements.addAll(inItsSpelling());
    if (!target.history().records(migration().id())) {
      statements.add(sql().recordMigration(migration(), settings.version()));
    }
    return statements;
  }

  /// What precedes the marks in the journal, whose row may be one of another spelling.
  List<String> inItsSpelling() {
    return target.journalInSpellingOf(migration().id());
  }

  /// The journal row of a migration that is applied in one transaction.
  private String journalApplied() {
    MigrationId id = migration().id();
    Checksum checksum = migration().checksum();
    int statements = compiled.statements().size();
    return target.history().journal(id.value()).isPresent()
        ? sql().journal().applied(id, checksum, statements, settings.version())
        : sql().journal().firstApplied(id, checksum, statements, settings.version());
  }

  /// Rolls back what a failure left.
  ///
  /// @return what became of it, if somebody else recorded it meanwhile; else the failure is thrown
  Outcome ended(SlipwayException failure) {
    session().rollback(failure);
    if (isAppliedElsewhere(failure)) {
      return new Outcome.AppliedElsewhere();
    }
    throw failedOrInterrupted(failure);
  }

  /// The failure of what left nothing behind; that of a run that was told to stop, if it was.
  SlipwayException failedOrInterrupted(SlipwayException failure) {
    return session().isCancelled() && failure.state() instanceof TargetState.RolledBack
        ? new InterruptedRunException(failure.detail(), failure.state(), failure)
        : failure;
  }

  /// Whether somebody else recorded it while it failed here, or does so soon. A session that is
  /// gone cannot tell.
  boolean isAppliedElsewhere(Throwable failure) {
    return migration().rerun() == Rerun.NEVER
        && !session().isClosed()
        && new RecordSearch(this, failure).finds();
  }

  /// @param index of the statement, from 0
  MigrationFailedException failed(int index, SQLException e) {
    return MigrationFailedException.atStatement(compiled, index, e, progress.rolledBack());
  }

  /// The failure of what ends its transaction.
  ///
  /// @param committing whether it was COMMIT that failed
  MigrationFailedException failedAtEnd(PipelineException e, boolean committing) {
    return MigrationFailedException.atEnd(
        migration(),
        e,
        isLost(e, committing)
            ? new TargetState.Unknown(migration().id().value())
            : progress.rolledBack());
  }

  /// Whether nobody knows if a message that ends with COMMIT had its effect.
  static boolean isLost(PipelineException e, boolean committing) {
    return ServerError.of(e).endsSession() && (committing || !ServerError.isAnswer(e));
  }
}
