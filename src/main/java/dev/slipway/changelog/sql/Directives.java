package dev.slipway.changelog.sql;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import dev.slipway.sql.Position;
import dev.slipway.sql.Problem;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the first comment lines of a plain SQL file ask for, as in
/// `-- slipway: no-transaction, run-on-change`.
record Directives(TransactionMode transaction, Rerun rerun) {
  private static final Directives NONE = new Directives(TransactionMode.ONE, Rerun.NEVER);
  private static final String MARK = "slipway:";
  private static final String KNOWN = "no-transaction, run-always, run-on-change";

  /// Reads the comment lines and empty lines with which the text begins.
  static Directives read(String file, String text, List<ChangelogProblem> problems) {
    Directives directives = NONE;
    int lineNumber = 1;
    for (int start = 0; start < text.length(); lineNumber++) {
      int end = endOfLine(text, start);
      String line = text.substring(start, end).strip();
      if (!line.isEmpty() && !line.startsWith("--")) {
        break;
      }
      String asked = asked(line);
      if (asked != null) {
        directives = directives.with(asked, new Origin(file, lineNumber), problems);
      }
      start = end + 1;
    }
    return directives;
  }

  /// Adds a problem for each line behind the first statement that looks like a directive: there it
  /// would be ignored.
  static void refuseMisplaced(String text, int firstStatementLine, List<Problem> problems) {
    int lineNumber = 1;
    for (int start = 0; start < text.length(); lineNumber++) {
      int end = endOfLine(text, start);
      if (lineNumber > firstStatementLine && asked(text.substring(start, end).strip()) != null) {
        problems.add(
            new Problem(
                new Position(lineNumber, 1),
                "a directive behind the first statement",
                "Directives stand in the first lines of the file, before any statement."));
      }
      start = end + 1;
    }
  }

  private static int endOfLine(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  private static @Nullable String asked(String line) {
    if (!line.startsWith("--")) {
      return null;
    }
    String comment = line.substring(2).strip();
    return comment.regionMatches(true, 0, MARK, 0, MARK.length())
        ? comment.substring(MARK.length())
        : null;
  }

  private Directives with(String asked, Origin origin, List<ChangelogProblem> problems) {
    Directives directives = this;
    for (String part : asked.split(",", -1)) {
      String name = part.strip().toLowerCase(Locale.ROOT);
      directives =
          switch (name.split("\\s+", 2)[0]) {
            case "no-transaction" -> new Directives(TransactionMode.NONE, directives.rerun);
            case "run-always" -> new Directives(directives.transaction, Rerun.ALWAYS);
            case "run-on-change" -> new Directives(directives.transaction, Rerun.ON_CHANGE);
            default -> {
              problems.add(refused(name, origin));
              yield directives;
            }
          };
    }
    return directives;
  }

  private static ChangelogProblem refused(String name, Origin origin) {
    return switch (name.split("\\s+", 2)[0]) {
      case "lock-timeout", "needs-clean-database" ->
          new ChangelogProblem(
              origin,
              "the directive \"%s\" is not supported by this version".formatted(name),
              "Take the directive out; these are supported: " + KNOWN);
      default ->
          new ChangelogProblem(
              origin, "unknown directive \"%s\"".formatted(name), "Known directives: " + KNOWN);
    };
  }
}
