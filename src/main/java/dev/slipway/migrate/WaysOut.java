package dev.slipway.migrate;

import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.History;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Resumption;
import java.sql.SQLException;
import java.util.Optional;

/// What can be done about a migration that stopped half-way, as commands to paste.
///
/// Statements are counted from 0 here, and shown from 1.
record WaysOut(CompiledMigration compiled) {
  private static final String REPAIR = "slipway repair ";

  /// Nothing has to be decided.
  String again(String when, int next) {
    return "Run slipway again%s: %s.".formatted(when, goesOn(next));
  }

  private String goesOn(int next) {
    return next >= count() ? "it records it" : "it goes on with statement %d".formatted(next + 1);
  }

  /// What stopped it lies neither in the database nor in its file, if so.
  Optional<String> afterObstacle(int next, SQLException cause) {
    String effect = next < count() ? "Statement %d had no effect. ".formatted(next + 1) : "";
    return Obstacle.of(cause, file(next))
        .map(obstacle -> effect + obstacle.hint(goesOn(next) + "."));
  }

  private String file(int next) {
    return next < count() ? compiled.files().get(next) : compiled.migration().origin().file();
  }

  /// What stopped it lies in the database, or in its file.
  String afterMending(int next) {
    Migration migration = compiled.migration();
    if (next >= count()) {
      return "Run slipway again once the cause is mended: %s.".formatted(goesOn(next));
    }
    return """
        Statement %d had no effect. Run slipway again once the cause is mended: %s.
        If that is in %s: mend it from statement %d on, then: %s
        Or %s"""
        .formatted(
            next + 1,
            goesOn(next),
            migration.origin().file(),
            next + 1,
            REPAIR + "--accept-edited " + migration,
            byHand(next, next));
  }

  /// Somebody has to look whether the statement took effect.
  String afterLooking(int doubtful) {
    String after =
        doubtful + 1 < count()
            ? "--resume=%d".formatted(doubtful + 2)
            : "--mark-applied " + compiled.migration();
    return """
        Look whether statement %d took effect. If it did not, or once it is undone: %s
        If it did: %s
        Or %s"""
        .formatted(
            doubtful + 1, REPAIR + "--resume", REPAIR + after, byHand(doubtful, doubtful + 1));
  }

  String afterEdit(History.JournalEntry begun) {
    String accept =
        Resumption.isAcceptable(compiled, begun)
            ? "Or if what took effect is as the file says now: %s\n"
                .formatted(REPAIR + "--accept-edited " + compiled.migration())
            : "";
    return """
        Restore the file as it was when it was begun, and run slipway again.
        %sOr %s"""
        .formatted(accept, byHand(0, count()));
  }

  /// To finish it or to undo it, whatever state it is in; the end of a sentence.
  ///
  /// @param left the first of those that are still to be run
  /// @param perhapsDone how many may have taken effect
  String byHand(int left, int perhapsDone) {
    Migration migration = compiled.migration();
    String undo =
        perhapsDone == 0 ? "" : "undo by hand what %s did, and ".formatted(extent(perhapsDone));
    return """
        finish by hand what is left of it%s, and record it: %s
        Or %slet the next run begin it anew: %s"""
        .formatted(
            left > 0 && left < count() ? " (%s)".formatted(range(left + 1, count())) : "",
            REPAIR + "--mark-applied " + migration,
            undo,
            REPAIR + "--mark-pending " + migration);
  }

  static String abandoned(History.JournalEntry begun) {
    return """
        Bring its file back, or use the release that has it, and look again: slipway status
        Or undo by hand what it did (%s), and forget it: %s"""
        .formatted(
            extent(Math.min(begun.statementsDone() + 1, begun.statements())),
            REPAIR + "--mark-pending " + begun.id());
  }

  private int count() {
    return compiled.statements().size();
  }

  private static String extent(int statements) {
    return range(1, statements);
  }

  private static String range(int first, int last) {
    return first >= last ? "statement " + last : "statements %d to %d".formatted(first, last);
  }
}
