package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.Migration;
import java.sql.SQLException;
import java.util.List;
import java.util.StringJoiner;

/// This release cannot go on top of what the database holds: it starts with an empty one.
public final class NeedsCleanDatabaseException extends SlipwayException {
  private static final long serialVersionUID = 1L;
  private static final int MOST_SHOWN = 5;

  private NeedsCleanDatabaseException(String message, String detail, String hint) {
    super(FailureKind.CONFLICT, message, detail, hint, TargetState.UNCHANGED, null);
  }

  @Override
  public String reasonId() {
    return "needs-clean-database";
  }

  /// The history holds ids, and none of them is the changelog's.
  static NeedsCleanDatabaseException nothingInCommon(Target target, Changelog changelog)
      throws SQLException {
    Surface surface = Surface.of(target, changelog);
    var hint = new StringJoiner("\n");
    hint.add("Check that connection string and changelog belong together.");
    if (SameNames.hold(surface, changelog)) {
      hint.add(
          "The tables and columns there are those that this changelog makes. If it was squashed and"
              + " does nothing else, record it, which runs nothing: slipway baseline "
              + changelog.migrations().getLast());
    }
    hint.add(
        "If others record their migrations there, too: Slipway__SharedHistory=true, or a history of"
            + " its own: Slipway__HistoryTable=NAME");
    hint.add("If this release starts with an empty database, which the application fills again:");
    hint.add(ResyncSteps.of(target, changelog));
    return new NeedsCleanDatabaseException(
        "this release cannot go on top of database \"%s\""
            .formatted(target.surroundings().database()),
        "Its history %s holds %s (the last is \"%s\"), and none of the changelog \"%s\"."
            .formatted(
                target.historyTable().quoted(),
                ids(target.history().rows().size()),
                target.history().rows().getLast().id(),
                changelog.name()),
        hint.toString());
  }

  private static String ids(int count) {
    return count == 1 ? "1 id" : count + " ids";
  }

  /// What is pending is marked by its author, and there are tables.
  static NeedsCleanDatabaseException marked(
      List<Migration> marked, List<String> tables, Target target, Changelog changelog) {
    Migration first = marked.getFirst();
    return new NeedsCleanDatabaseException(
        "migration \"%s\" needs a clean database, and \"%s\" is none"
            .formatted(first, target.surroundings().database()),
        "%s: its author marks it so, and it is pending. There %s: %s%s."
            .formatted(
                first.origin(),
                tables.size() == 1 ? "is 1 table" : "are %d tables".formatted(tables.size()),
                String.join(", ", tables.subList(0, Math.min(tables.size(), MOST_SHOWN))),
                tables.size() > MOST_SHOWN ? ", …" : ""),
        "It starts with an empty database, which the application fills again:\n"
            + ResyncSteps.of(target, changelog));
  }
}
