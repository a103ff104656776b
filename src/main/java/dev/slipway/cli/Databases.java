package dev.slipway.cli;

import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import java.util.List;

/// What the commands that work on databases say alike.
final class Databases {
  private Databases() {}

  static void tellSkipped(Console console, Assignments assignments) {
    for (Assignments.Skipped skipped : assignments.skipped()) {
      console.progress(
          LogEvent.of(
              skipped.meant().isEmpty() ? LogEvent.Type.NOTICE : LogEvent.Type.WARNING,
              "",
              "no changelog for connection string \""
                  + skipped.name()
                  + "\": skipped"
                  + skipped
                      .meant()
                      .map("; did you mean ConnectionStrings__%s?"::formatted)
                      .orElse("")));
    }
  }

  /// Notes where the database stands, as it was seen last.
  static void look(OpenDatabase database, Report report) {
    report.found(
        Planner.plan(database.assignment().changelog(), database.target().history()),
        database.target().history());
  }

  /// The gravest of all.
  static int exitCode(List<Report> reports) {
    int code = ExitCodes.DONE;
    for (Report report : reports) {
      if (report.failure().isPresent()) {
        code = ExitCodes.gravest(code, ExitCodes.of(report.failure().get().kind()));
      }
    }
    return code;
  }

  /// Where the database stands, as the end of its summary line.
  static String standing(Report report) {
    if (report.plan().isEmpty()) {
      return "";
    }
    Plan plan = report.plan().get();
    List<String> applied = plan.applied();
    return ", "
        + plan.state().id()
        + (applied.isEmpty() ? "" : " at " + applied.getLast())
        + " ("
        + applied.size()
        + " applied"
        + count(plan.pending().size(), "pending")
        + count(plan.unknown().size(), "unknown")
        + ")";
  }

  /// A further number of a list, unless it is 0.
  static String count(int number, String what) {
    return number == 0 ? "" : ", " + number + " " + what;
  }
}
