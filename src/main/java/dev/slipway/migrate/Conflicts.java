package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.HistoryReader;
import dev.slipway.history.HistorySql;
import dev.slipway.history.HistoryTable;
import dev.slipway.history.OtherHistory;
import dev.slipway.migrate.StatementwiseApplication.Rest;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.History;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Step;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What keeps a plan from being run: the history and the changelog contradict each other, or a
/// person has to decide first.
public final class Conflicts {
  private Conflicts() {}

  /// @throws SlipwayException of kind `PARTIALLY_APPLIED` or `CONFLICT`
  public static void refuse(Plan plan, Target target, Changelog changelog) throws SQLException {
    refusePartiallyApplied(plan, target);
    if (plan.common() != Plan.Common.SOME && changelog.isContinuation()) {
      throw new MissingBeginningException(changelog);
    }
    if (plan.common() == Plan.Common.NOTHING) {
      throw new ForeignHistoryException(target, changelog);
    }
    if (!plan.modified().isEmpty()) {
      throw new EditedMigrationException(plan.modified());
    }
    if (plan.common() == Plan.Common.NO_HISTORY) {
      refuseStartingOver(target, changelog);
      refuseOtherTool(target, changelog);
    }
  }

  static void refusePartiallyApplied(Plan plan, Target target) {
    if (!plan.partiallyApplied().isEmpty()) {
      throw PartiallyAppliedException.found(plan.partiallyApplied().getFirst(), target.sql());
    }
    if (!plan.abandoned().isEmpty()) {
      throw PartiallyAppliedException.abandoned(plan.abandoned().getFirst().begun(), target.sql());
    }
  }

  /// A history in a later schema of the path that knows our migrations: the tables are there, and
  /// starting over in the first schema would make them all a second time, as EF 9 and 10 do.
  private static void refuseStartingOver(Target target, Changelog changelog) throws SQLException {
    for (HistoryTable other : target.found().beside()) {
      if (knowsNothingElse(target, other, changelog)) {
        throw new HistoryBesideException(target.historyTable(), other);
      }
    }
    for (HistoryTable other : target.found().elsewhere()) {
      if (knowsAny(target, other, changelog)) {
        throw new HistoryElsewhereException(target.historyTable(), other);
      }
    }
  }

  /// A database that another tool has migrated so far holds what the first migrations create. Once
  /// there is a history table, somebody has decided what of it is ours.
  private static void refuseOtherTool(Target target, Changelog changelog) throws SQLException {
    if (!target.historyTable().exists()) {
      Optional<OtherHistory> other = OtherHistory.find(target.session());
      if (other.isPresent()) {
        throw new OtherToolException(target.surroundings().database(), other.get(), changelog);
      }
    }
  }

  /// Whether that history holds one of the changelog's ids; one that may not be read is somebody
  /// else's.
  public static boolean knowsAny(Target target, HistoryTable other, Changelog changelog)
      throws SQLException {
    return rows(target, other).stream().anyMatch(row -> changelog.byId(row.id()).isPresent());
  }

  /// Whether all that the history holds is of this changelog. Two applications with a history each
  /// may by chance share an id; then each holds others, too.
  private static boolean knowsNothingElse(Target target, HistoryTable other, Changelog changelog)
      throws SQLException {
    List<History.Row> rows = rows(target, other);
    return !rows.isEmpty() && rows.stream().allMatch(row -> changelog.byId(row.id()).isPresent());
  }

  private static List<History.Row> rows(Target target, HistoryTable other) throws SQLException {
    try {
      return HistoryReader.read(target.session(), other).rows();
    } catch (SQLException e) {
      if (SqlStates.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        return List.of();
      }
      throw e;
    }
  }

  /// Applied migrations were edited.
  public static final class EditedMigrationException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    EditedMigrationException(List<Step.Modified> modified) {
      super(
          FailureKind.CONFLICT,
          modified.size() == 1
              ? "migration \"%s\" was edited after it was applied"
                  .formatted(modified.getFirst().migration())
              : "%d migrations were edited after they were applied".formatted(modified.size()),
          modified.stream()
              .map(
                  step ->
                      "%s has checksum %s, applied was %s."
                          .formatted(
                              step.migration().origin(),
                              step.migration().checksum(),
                              step.applied()))
              .collect(Collectors.joining("\n")),
          "Restore the file as it was when it was applied, and put the change into a new "
              + (modified.stream().anyMatch(step -> step.migration().foreignId().isPresent())
                  ? "changeset."
                  : "migration: slipway new NAME"),
          TargetState.UNCHANGED,
          null);
    }
  }

  /// The history holds ids, and none of them is the changelog's.
  public static final class ForeignHistoryException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    ForeignHistoryException(Target target, Changelog changelog) {
      super(
          FailureKind.CONFLICT,
          "this release cannot go on top of database \"%s\""
              .formatted(target.surroundings().database()),
          "Its history %s holds %s (the last is \"%s\"), and none of the changelog \"%s\"."
              .formatted(
                  target.historyTable().quoted(),
                  ids(target.history().rows().size()),
                  target.history().rows().getLast().id(),
                  changelog.name()),
          "Check that connection string and changelog belong together; if they do, this release"
              + " needs a clean database. A second application in the same schema wants a history of"
              + " its own: Slipway__HistoryTable=NAME",
          TargetState.UNCHANGED,
          null);
    }

    private static String ids(int count) {
      return count == 1 ? "1 id" : count + " ids";
    }
  }

  /// The changelog continues what is not there.
  public static final class MissingBeginningException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    MissingBeginningException(Changelog changelog) {
      super(
          FailureKind.CONFLICT,
          "the changelog begins in the middle, and what comes before is not applied",
          "%s: the script was generated from a later migration on, and what comes before its first,"
                  .formatted(changelog.migrations().getFirst().origin())
              + " \"%s\", is in none of the changelog's files."
                  .formatted(changelog.migrations().getFirst()),
          "Put the script of the earlier ones beside it, or generate one from the start: dotnet ef"
              + " migrations script --idempotent -o migrations.sql",
          TargetState.UNCHANGED,
          null);
    }
  }

  /// The configured history is not there, and the one with EF's name knows the changelog.
  public static final class HistoryBesideException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    HistoryBesideException(HistoryTable here, HistoryTable other) {
      super(
          FailureKind.CONFLICT,
          "the history of this changelog is %s, not %s".formatted(other.quoted(), here.quoted()),
          "The configured table is not there, and %s records migrations of this changelog; going on"
                  .formatted(other.quoted())
              + " would make everything a second time.",
          """
          Go on with it: take Slipway__HistoryTable out
          Or give it the configured name: ALTER TABLE %s RENAME TO %s"""
              .formatted(other.quoted(), here.table().quoted()),
          TargetState.UNCHANGED,
          null);
    }
  }

  /// The migrations are recorded in another schema of the search path.
  public static final class HistoryElsewhereException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    HistoryElsewhereException(HistoryTable here, HistoryTable other) {
      super(
          FailureKind.CONFLICT,
          "the history of this changelog is in schema \"%s\", not in \"%s\""
              .formatted(other.schema(), here.schema()),
          "The search path leads to %s first, and %s records migrations of this changelog; going on"
                  .formatted(here.schema().quoted(), other.quoted())
              + " would make everything a second time.",
          """
          Go on where it is: put that schema first, Search Path=%s
          Or move it, tables first, then: ALTER TABLE %s SET SCHEMA %s"""
              .formatted(other.schema().quoted(), other.quoted(), here.schema().quoted()),
          TargetState.UNCHANGED,
          null);
    }
  }

  /// What is left of a migration that stopped half-way, for a person to decide.
  public static final class PartiallyAppliedException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    private PartiallyAppliedException(
        String message, String detail, String hint, TargetState state, @Nullable Throwable cause) {
      super(FailureKind.PARTIALLY_APPLIED, message, detail, hint, state, cause);
    }

    /// An earlier run left it so.
    static PartiallyAppliedException found(Step.PartiallyApplied step, HistorySql sql) {
      CompiledMigration compiled = CompiledMigration.of(step.migration());
      int done = step.begun().statementsDone();
      int all = compiled.statements().size();
      if (step.isEdited() && all != step.begun().statements()) {
        return edited(step, sql);
      }
      return new PartiallyAppliedException(
          "migration \"%s\" is partially applied".formatted(step.migration()),
          (done >= all
                  ? "%s: all statements took effect, but it was not recorded."
                      .formatted(step.migration().origin())
                  : "%s: an earlier run stopped at statement %d of %d."
                      .formatted(step.migration().origin(), done + 1, all))
              + (step.isEdited() ? " The file was edited since." : ""),
          choices(compiled, done, Rest.PERHAPS, sql),
          new TargetState.HalfApplied(step.migration().id().value(), done, all),
          null);
    }

    /// What is left of another text cannot be told.
    private static PartiallyAppliedException edited(Step.PartiallyApplied step, HistorySql sql) {
      Migration migration = step.migration();
      return left(
          step.begun(),
          "%s: an earlier run stopped half-way, and the file was edited since: it has checksum %s, begun was %s."
              .formatted(migration.origin(), migration.checksum(), step.begun().checksum()),
          "Restore the file as it was when it was begun, and look again: slipway status",
          sql);
    }

    /// The changelog has it no more.
    static PartiallyAppliedException abandoned(History.JournalEntry begun, HistorySql sql) {
      return left(
          begun,
          "An earlier run stopped half-way, and the changelog does not have it any more.",
          "Bring its file back, or use the release that has it, and look again: slipway status",
          sql);
    }

    private static PartiallyAppliedException left(
        History.JournalEntry begun, String detail, String restore, HistorySql sql) {
      return new PartiallyAppliedException(
          "migration \"%s\" is partially applied".formatted(begun.id()),
          detail,
          """
          %s
          Or undo by hand what it did (%s), and forget it:
          %s"""
              .formatted(
                  restore,
                  extent(Math.min(begun.statementsDone() + 1, begun.statements())),
                  pasted(List.of(sql.journal().forget(begun.id())))),
          new TargetState.HalfApplied(begun.id(), begun.statementsDone(), begun.statements()),
          null);
    }

    /// This run has left it so.
    ///
    /// @param rest of the statement behind those that are done
    static PartiallyAppliedException now(
        CompiledMigration compiled,
        int statementsDone,
        Rest rest,
        String detail,
        HistorySql sql,
        Throwable cause) {
      return new PartiallyAppliedException(
          "migration \"%s\" stopped half-way".formatted(compiled.migration()),
          detail,
          choices(compiled, statementsDone, rest, sql),
          new TargetState.HalfApplied(
              compiled.migration().id().value(), statementsDone, compiled.statements().size()),
          cause);
    }

    private static String choices(CompiledMigration compiled, int done, Rest rest, HistorySql sql) {
      var migration = compiled.migration();
      int all = compiled.statements().size();
      var finish = new ArrayList<String>();
      compiled.statements().stream().skip(done).map(Statement::text).forEach(finish::add);
      finish.add(
          sql.recordMigration(migration.id(), migration.productVersion().orElse("slipway"))
              + " ON CONFLICT DO NOTHING");
      finish.add(sql.journal().finished(migration.id(), migration.checksum(), all));
      return """
          %sEither finish by hand, with what is left and the record:
          %s
          Or undo by hand what it did (%s), and let the next run begin it anew:
          %s"""
          .formatted(
              look(done, all, rest),
              pasted(finish),
              extent(Math.min(done + (rest == Rest.PERHAPS ? 1 : 0), all)),
              pasted(List.of(sql.journal().forget(migration.id().value()))));
    }

    private static String look(int done, int all, Rest rest) {
      if (done >= all) {
        return "";
      }
      return switch (rest) {
        case NONE -> "Statement %d had no effect. ".formatted(done + 1);
        case PERHAPS -> "Look whether statement %d took effect. ".formatted(done + 1);
      };
    }

    private static String extent(int statements) {
      return statements == 1 ? "statement 1" : "statements 1 to " + statements;
    }

    private static String pasted(List<String> statements) {
      return statements.stream()
          .map(statement -> "  " + statement.replace("\n", "\n  ") + ";")
          .collect(Collectors.joining("\n"));
    }
  }
}
