package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.HistorySql;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.History;
import dev.slipway.migration.History.JournalEntry;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Needs;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.Resumption;
import dev.slipway.migration.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Settles what a run cannot decide, as a person has decided it: changes history and journal, and
/// runs none of the migrations.
public final class Repair {
  private final Target target;
  private final Changelog changelog;
  private final List<Action> actions;
  private final RunSettings settings;
  private final LockedRun lockedRun;

  /// What is to be settled.
  public sealed interface Action {
    /// The migration that stopped half-way is to be gone on with.
    ///
    /// @param statement the number, from 1, of the one to go on with: those before it took effect;
    ///     empty for the one at which it stopped
    record Resume(OptionalInt statement) implements Action {}

    /// It is to be recorded without being run.
    record MarkApplied(Migration migration) implements Action {}

    /// Nothing is to be recorded of it any more.
    ///
    /// @param id as history or journal have it
    record MarkPending(String id) implements Action {}

    /// Its present text is to count as the one that was applied or begun.
    record AcceptEdited(Migration migration) implements Action {}
  }

  /// Something that is changed.
  ///
  /// @param id of the migration
  /// @param to what becomes of it
  public record Change(String id, To to, String detail) {}

  /// What becomes of a migration.
  public enum To {
    RESUMABLE,
    APPLIED,
    PENDING,
    ACCEPTED
  }

  /// A change with the statements that make it.
  private record Work(Change change, List<String> statements) {}

  public Repair(
      Target target,
      Changelog changelog,
      List<Action> actions,
      RunSettings settings,
      RunEvent.Listener listener) {
    this.target = target;
    this.changelog = changelog;
    this.actions = List.copyOf(actions);
    this.settings = settings;
    this.lockedRun = new LockedRun(target, settings, listener);
  }

  /// What is to be changed. Nothing is written.
  ///
  /// @throws SlipwayException if it cannot be
  public List<Change> prepare() throws SQLException {
    return changes(look());
  }

  /// Changes it.
  ///
  /// @return what was changed
  public List<Change> run() throws SQLException {
    if (look().isEmpty()) {
      return List.of();
    }
    List<Change> changed = new ArrayList<>();
    lockedRun.run(this::look, () -> changed.addAll(change()));
    target.refresh();
    return changed;
  }

  private static List<Change> changes(List<Work> works) {
    return works.stream().map(Work::change).toList();
  }

  private List<Change> change() throws SQLException {
    HistoryLock.begin(target, settings, TargetState.UNCHANGED, List.of());
    try {
      target.refresh();
      List<Work> works = look();
      List<String> statements = new ArrayList<>();
      works.forEach(work -> statements.addAll(work.statements()));
      statements.add("COMMIT");
      target.session().together(statements);
      return changes(works);
    } catch (SQLException | RuntimeException e) {
      target.session().rollback(e);
      throw e;
    }
  }

  private List<Work> look() throws SQLException {
    if (!target.historyTable().exists() && !target.historyTable().hasJournal()) {
      throw new NothingRecordedException(target);
    }
    target
        .history()
        .emptying()
        .ifPresent(
            begun -> {
              throw new HalfEmptiedException(target, begun);
            });
    Rights.check(target, Needs.none());
    List<Work> works = new ArrayList<>();
    Map<String, Action> known = new HashMap<>();
    for (Action action : actions) {
      String key = key(action);
      Action other = known.putIfAbsent(key, action);
      if (other == null) {
        work(action).ifPresent(works::add);
      } else if (!other.getClass().equals(action.getClass())) {
        throw new SettledTwiceException(changelog.byId(key).map(it -> it.id().value()).orElse(key));
      }
    }
    return works;
  }

  /// The key of the migration that it is about; empty if it is about none.
  private String key(Action action) {
    return switch (action) {
      case Action.Resume _ ->
          Planner.plan(changelog, target.history()).partiallyApplied().stream()
              .findFirst()
              .map(step -> step.migration().id().key())
              .orElse("");
      case Action.MarkApplied(var migration) -> migration.id().key();
      case Action.MarkPending(var id) -> MigrationId.key(id);
      case Action.AcceptEdited(var migration) -> migration.id().key();
    };
  }

  private Optional<Work> work(Action action) throws SQLException {
    return switch (action) {
      case Action.Resume(var statement) -> resume(statement);
      case Action.MarkApplied(var migration) -> markApplied(migration);
      case Action.MarkPending(var id) -> markPending(id);
      case Action.AcceptEdited(var migration) -> acceptEdited(migration);
    };
  }

  private Optional<Work> resume(OptionalInt number) {
    Plan plan = Planner.plan(changelog, target.history());
    if (!plan.abandoned().isEmpty()) {
      throw PartiallyAppliedException.abandoned(plan.abandoned().getFirst().begun());
    }
    if (plan.partiallyApplied().isEmpty()) {
      return Optional.empty();
    }
    Step.PartiallyApplied step = plan.partiallyApplied().getFirst();
    CompiledMigration compiled = CompiledMigration.of(step.migration());
    return switch (Resumption.of(compiled, step.begun())) {
      case Resumption.InDoubt(int statement) ->
          Optional.of(resume(compiled, number.orElse(statement + 1)));
      case Resumption.Possible _ when number.isEmpty() -> Optional.empty();
      case Resumption.Possible _ -> Optional.of(resume(compiled, number.getAsInt()));
      case Resumption.Impossible reason ->
          throw PartiallyAppliedException.impossible(compiled, step.begun(), reason);
    };
  }

  /// @param number of the statement, from 1
  private Work resume(CompiledMigration compiled, int number) {
    Migration migration = compiled.migration();
    int all = compiled.statements().size();
    if (number < 1 || number > all + 1) {
      throw new NoSuchStatementException(compiled, number);
    }
    return new Work(
        new Change(
            migration.id().value(),
            To.RESUMABLE,
            number > all
                ? "all statements took effect"
                : "from statement %d of %d".formatted(number, all)),
        inItsSpelling(
            migration.id(),
            sql().journal().resumable(migration.id(), migration.checksum(), number - 1)));
  }

  private Optional<Work> markApplied(Migration migration) throws SQLException {
    MigrationId id = migration.id();
    boolean recorded = target.history().records(id);
    boolean begun = begun(id.value()).isPresent();
    if (recorded && !(begun && migration.rerun() != Rerun.NEVER)) {
      return Optional.empty();
    }
    CompiledMigration compiled = CompiledMigration.of(migration);
    refuseInvalidIndexes(compiled);
    int all = compiled.statements().size();
    List<String> statements = new ArrayList<>();
    if (!recorded) {
      statements.add(sql().recordMigration(migration, settings.version()));
    }
    statements.addAll(
        inItsSpelling(
            id,
            begun
                ? sql().journal().finished(id, migration.checksum(), all)
                : sql().journal().marked(id, migration.checksum(), all, settings.version())));
    return Optional.of(new Work(new Change(id.value(), To.APPLIED, ""), statements));
  }

  /// Nothing is recorded over an invalid index.
  private void refuseInvalidIndexes(CompiledMigration compiled) throws SQLException {
    for (int i = 0; i < compiled.statements().size(); i++) {
      var index = compiled.statements().get(i).concurrentIndex();
      if (index.isPresent()) {
        Optional<String> invalid = IndexBuild.invalid(target.session(), index.get());
        if (invalid.isPresent()) {
          throw new InvalidIndexLeftException(compiled, i, invalid.get());
        }
      }
    }
  }

  private Optional<Work> markPending(String id) {
    List<String> statements = new ArrayList<>();
    for (History.Row row : target.history().rows()) {
      if (MigrationId.key(row.id()).equals(MigrationId.key(id))) {
        statements.add(sql().forgetMigration(row.id()));
      }
    }
    target
        .history()
        .journal(id)
        .ifPresent(entry -> statements.add(sql().journal().forget(entry.id())));
    return statements.isEmpty()
        ? Optional.empty()
        : Optional.of(new Work(new Change(id, To.PENDING, ""), statements));
  }

  private Optional<Work> acceptEdited(Migration migration) {
    MigrationId id = migration.id();
    Optional<JournalEntry> entry = target.history().journal(id.value());
    if (entry.isEmpty() || !Resumption.isEdited(migration, entry.get())) {
      return Optional.empty();
    }
    CompiledMigration compiled = CompiledMigration.of(migration);
    int all = compiled.statements().size();
    if (begun(id.value()).isPresent() && !Resumption.isAcceptable(compiled, entry.get())) {
      PartiallyAppliedException.refuseImpossible(compiled, entry.get());
    }
    return Optional.of(
        new Work(
            new Change(id.value(), To.ACCEPTED, ""),
            inItsSpelling(id, sql().journal().accepted(id, migration.checksum(), all))));
  }

  private List<String> inItsSpelling(MigrationId id, String statement) {
    List<String> statements = new ArrayList<>(target.journalInSpellingOf(id));
    statements.add(statement);
    return statements;
  }

  private Optional<JournalEntry> begun(String id) {
    return target.history().journal(id).filter(entry -> entry.finishedAt() == null);
  }

  private HistorySql sql() {
    return target.sql();
  }

  /// There is neither history nor journal.
  public static final class NothingRecordedException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    NothingRecordedException(Target target) {
      super(
          FailureKind.CONFLICT,
          "database \"%s\" has no history to repair".formatted(target.surroundings().database()),
          "There is no table %s.".formatted(target.historyTable().quoted()),
          "Check connection string and search path: slipway config --check",
          TargetState.UNCHANGED,
          null);
    }
  }

  /// Two options say different things about a migration.
  public static final class SettledTwiceException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    SettledTwiceException(String id) {
      super(
          FailureKind.USAGE,
          "cannot settle migration \"%s\" in two ways at once".formatted(id),
          "Two options of this command are about it.",
          "Say one of them, and the other with another command once that is done: slipway repair",
          TargetState.UNCHANGED,
          null);
    }
  }

  /// It is to be gone on with at a statement that it does not have.
  public static final class NoSuchStatementException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    NoSuchStatementException(CompiledMigration compiled, int number) {
      super(
          FailureKind.USAGE,
          "migration \"%s\" has no statement %d".formatted(compiled.migration(), number),
          "%s: it has %d.".formatted(compiled.migration().origin(), compiled.statements().size()),
          "See what they are: slipway show " + compiled.migration(),
          TargetState.UNCHANGED,
          null);
    }
  }

  /// A migration is to be recorded whose index is invalid.
  public static final class InvalidIndexLeftException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    InvalidIndexLeftException(CompiledMigration compiled, int statement, String index) {
      super(
          FailureKind.CONFLICT,
          "migration \"%s\" cannot be recorded over an invalid index"
              .formatted(compiled.migration()),
          "%s: %s is there, but a build of it broke or is still going on."
              .formatted(compiled.place(statement), index),
          "Once no build of it is going on, drop it and build it by hand: DROP INDEX CONCURRENTLY "
              + index,
          TargetState.UNCHANGED,
          null);
    }
  }
}
