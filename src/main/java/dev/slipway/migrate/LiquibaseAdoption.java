package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.OtherHistory;
import dev.slipway.history.OtherTool;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ForeignId;
import dev.slipway.migration.Migration;
import dev.slipway.sql.Literal;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The reading of what Liquibase recorded in a database. Its checksums are not compared: they are
/// Liquibase's secret, and change with its versions.
public final class LiquibaseAdoption {
  private static final int MOST_SHOWN = 10;

  private LiquibaseAdoption() {}

  /// @throws NoChangesetsException if no migration of the changelog can be in Liquibase's record
  public static void refuseWithoutChangesets(Changelog changelog) {
    if (changesets(changelog).isEmpty()) {
      throw new NoChangesetsException(changelog);
    }
  }

  /// @throws SlipwayException if there is no record, or it does not tell what is applied
  static LiquibaseRecord read(Target target, Changelog changelog) throws SQLException {
    OtherHistory other =
        OtherHistory.find(OtherTool.LIQUIBASE, target.session())
            .orElseThrow(() -> new NoRecordException(target));
    List<ForeignId> rows = other.foreignIds();
    LiquibaseRecord matching = LiquibaseRecord.match(rows, changelog.migrations());
    if (!matching.ambiguous().isEmpty()) {
      throw new AmbiguousRecordException(other.table(), matching.ambiguous());
    }
    if (matching.applied().isEmpty()) {
      throw new UnmatchedRecordException(other.table(), rows, changesets(changelog));
    }
    return matching;
  }

  private static List<ForeignId> changesets(Changelog changelog) {
    return changelog.migrations().stream()
        .map(Migration::foreignId)
        .flatMap(Optional::stream)
        .toList();
  }

  private static String more(int all) {
    return all > MOST_SHOWN ? "\nand %d more".formatted(all - MOST_SHOWN) : "";
  }

  /// Liquibase cannot have recorded any of this changelog.
  public static final class NoChangesetsException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    NoChangesetsException(Changelog changelog) {
      super(
          FailureKind.CONFIGURATION,
          "the changelog \"%s\" holds no changeset of Liquibase's".formatted(changelog.name()),
          "Its migrations have no author and path by which to find them in Liquibase's record.",
          "Name the last migration that the database holds: slipway baseline ID",
          TargetState.UNCHANGED,
          null);
    }
  }

  /// Liquibase's table is not there, or holds nothing.
  public static final class NoRecordException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    NoRecordException(Target target) {
      super(
          FailureKind.CONFIGURATION,
          "no record of Liquibase's in database \"%s\"".formatted(target.surroundings().database()),
          "No schema of the search path has a table databasechangelog that holds a row and may be"
              + " read.",
          """
          If it is in another schema, put that one last in the connection string: Search Path=%s,SCHEMA
          If Liquibase never ran here: slipway baseline ID, with the last migration that the database holds"""
              .formatted(target.historyTable().schema()),
          TargetState.UNCHANGED,
          null);
    }
  }

  /// Nothing that Liquibase recorded is in this changelog.
  public static final class UnmatchedRecordException extends SlipwayException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_COMPARED = 5;
    private static final String LEFT = "Liquibase recorded";
    private static final String RIGHT = "the changelog has";

    UnmatchedRecordException(String table, List<ForeignId> rows, List<ForeignId> changesets) {
      super(
          FailureKind.CONFLICT,
          "none of the %d rows of %s is a changeset of this changelog"
              .formatted(rows.size(), table),
          sideBySide(texts(rows), texts(changesets)),
          """
          Compare ids, authors and file names; they must be the same. Then check that connection string and changelog belong together.
          If changesets were renamed or moved since, name the last that the database holds: slipway baseline ID""",
          TargetState.UNCHANGED,
          null);
    }

    private static List<String> texts(List<ForeignId> ids) {
      return ids.stream().limit(MOST_COMPARED).map(ForeignId::toString).toList();
    }

    private static String sideBySide(List<String> left, List<String> right) {
      int width = Math.max(LEFT.length(), left.stream().mapToInt(String::length).max().orElse(0));
      var lines = new StringBuilder(line(LEFT, RIGHT, width));
      for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
        lines
            .append('\n')
            .append(
                line(
                    i < left.size() ? left.get(i) : "",
                    i < right.size() ? right.get(i) : "",
                    width));
      }
      return lines.toString();
    }

    private static String line(String left, String right, int width) {
      return (left + " ".repeat(width - left.length()) + "  " + right).stripTrailing();
    }
  }

  /// Rows may stand for several changesets, and what is applied must not run twice.
  public static final class AmbiguousRecordException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    AmbiguousRecordException(String table, List<LiquibaseRecord.Ambiguous> rows) {
      super(
          FailureKind.CONFLICT,
          rows.size() == 1
              ? "cannot tell which changeset a row of %s is".formatted(table)
              : "cannot tell which changesets %d rows of %s are".formatted(rows.size(), table),
          rows.stream().limit(MOST_SHOWN).map(row -> line(row)).collect(Collectors.joining("\n"))
              + more(rows.size()),
          """
          Give the right one's file the path that is recorded: logicalFilePath="%s"
          If it is none of them, but one that was removed, take its row out: %s"""
              .formatted(
                  rows.getFirst().row().paths().getFirst(), delete(table, rows.getFirst().row())),
          TargetState.UNCHANGED,
          null);
    }

    private static String line(LiquibaseRecord.Ambiguous ambiguous) {
      return ambiguous.row()
          + " may be "
          + ambiguous.candidates().stream()
              .map(migration -> migration.origin().toString())
              .collect(Collectors.joining(", "));
    }

    private static String delete(String table, ForeignId row) {
      return "DELETE FROM %s WHERE id = %s AND author = %s AND filename = %s;"
          .formatted(
              table,
              new Literal(row.id()).quoted(),
              new Literal(row.author()).quoted(),
              new Literal(row.paths().getFirst()).quoted());
    }
  }
}
