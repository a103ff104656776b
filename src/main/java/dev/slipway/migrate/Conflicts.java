package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.HistoryReader;
import dev.slipway.history.HistoryTable;
import dev.slipway.history.OtherHistory;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Ground;
import dev.slipway.migration.History;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Step;
import dev.slipway.postgres.SqlStates;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What keeps a plan from being run: the history and the changelog contradict each other, or a
/// person has to decide first.
public final class Conflicts {
  private Conflicts() {}

  /// @throws SlipwayException of kind `PARTIALLY_APPLIED` or `CONFLICT`
  public static void refuse(Plan plan, Target target, Changelog changelog) throws SQLException {
    refuseHalfDone(plan, target);
    if (plan.common() != Plan.Common.SOME && changelog.isContinuation()) {
      throw new MissingBeginningException(changelog);
    }
    if (plan.common() == Plan.Common.NO_HISTORY) {
      refuseStartingOver(target, changelog);
      refuseOtherTool(target, changelog);
    }
    refuseUncleanGround(plan, target, changelog);
    if (!plan.modified().isEmpty()) {
      throw new EditedMigrationException(plan.modified());
    }
  }

  /// The catalog is looked at only where something marked is pending.
  private static void refuseUncleanGround(Plan plan, Target target, Changelog changelog)
      throws SQLException {
    if (target.history().emptying().isPresent()) {
      return; // By a run that is at work: what it leaves is seen once that has let go of the lock.
    }
    if (plan.common() == Plan.Common.NOTHING) {
      throw NeedsCleanDatabaseException.nothingInCommon(target, changelog);
    }
    if (!changelog.hasCleanBase() || Ground.marked(plan, changelog).isEmpty()) {
      return;
    }
    Surface surface = Surface.of(target, changelog);
    List<String> tables = surface.tables();
    Ground ground =
        Ground.of(plan, changelog, tables.isEmpty() ? Ground.Tables.NONE : Ground.Tables.SOME);
    if (ground instanceof Ground.NotClean(var marked) && !isBeingMade(marked, target)) {
      throw NeedsCleanDatabaseException.marked(marked, tables, target, changelog);
    }
  }

  /// Whether the tables are those of another run, which began on an empty database. One that is at
  /// work is waited for; one that has ended since has recorded what it did.
  private static boolean isBeingMade(List<Migration> marked, Target target) throws SQLException {
    if (RunInProgress.holder(target).isPresent()) {
      return true;
    }
    target.refresh();
    for (Migration migration : marked) {
      if (!target.history().records(migration.id())) {
        return false;
      }
    }
    return true;
  }

  /// @throws SlipwayException of kind `PARTIALLY_APPLIED` if something stopped half-way and cannot
  /// be
  /// gone on with
  static void refuseHalfDone(Plan plan, Target target) {
    if (!plan.halfEmptied().isEmpty()) {
      throw new HalfEmptiedException(target, plan.halfEmptied().getFirst().begun());
    }
    for (Step.PartiallyApplied step : plan.partiallyApplied()) {
      PartiallyAppliedException.refuseImpossible(
          CompiledMigration.of(step.migration()), step.begun());
    }
    if (!plan.abandoned().isEmpty()) {
      throw PartiallyAppliedException.abandoned(plan.abandoned().getFirst().begun());
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
          """
          Restore the file as it was when it was applied, and put the change into a new %s
          Or if what was applied is as good as what the file says now: %s"""
              .formatted(
                  modified.stream().anyMatch(step -> step.migration().foreignId().isPresent())
                      ? "changeset."
                      : "migration: slipway new NAME",
                  modified.stream()
                      .map(step -> " --accept-edited " + step.migration())
                      .collect(Collectors.joining("", "slipway repair", ""))),
          TargetState.UNCHANGED,
          null);
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
}
