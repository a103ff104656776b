package dev.slipway.changelog.sql;

import dev.slipway.config.DurationText;
import dev.slipway.migration.Base;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Conduct;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the first comment lines of a plain SQL file ask for, as in
/// `-- slipway: no-transaction, run-on-change`.
record Directives(
    TransactionMode transaction, Rerun rerun, Optional<Duration> lockTimeout, Base base) {
  private static final Directives NONE =
      new Directives(TransactionMode.ONE, Rerun.NEVER, Optional.empty(), Base.ANY);
  private static final String MARK = "slipway:";
  private static final String KNOWN =
      "no-transaction, run-always, run-on-change, lock-timeout DURATION, needs-clean-database";
  private static final String LOCK_TIMEOUT = "lock-timeout";

  Conduct conduct() {
    return new Conduct(transaction, rerun, Conduct.OnFailure.STOP, lockTimeout);
  }

  /// Reads the comment lines and empty lines with which the text begins. What looks like one
  /// further down, [MisplacedDirectives] refuses.
  static Directives read(String file, String text, List<ChangelogProblem> problems) {
    Directives directives = NONE;
    int lineNumber = 1;
    for (int start = 0; start < text.length(); lineNumber++) {
      int end = endOfLine(text, start);
      String line = text.substring(start, end).strip();
      if (endsHeader(line)) {
        break;
      }
      String asked = asked(line);
      if (asked != null) {
        directives = directives.with(asked, new Origin(file, lineNumber), problems);
      }
      start = nextLine(text, end);
    }
    return directives;
  }

  static boolean endsHeader(String line) {
    return !line.isEmpty() && !line.startsWith("--");
  }

  /// A lone carriage return ends a line, too: PostgreSQL ends a comment there.
  static int endOfLine(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    return end;
  }

  static int nextLine(String text, int end) {
    return end + (text.startsWith("\r\n", end) ? 2 : 1);
  }

  static @Nullable String asked(String line) {
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
          switch (name) {
            case "no-transaction" ->
                new Directives(
                    TransactionMode.NONE,
                    directives.rerun,
                    directives.lockTimeout,
                    directives.base);
            case "needs-clean-database" ->
                new Directives(
                    directives.transaction,
                    directives.rerun,
                    directives.lockTimeout,
                    Base.CLEAN_DATABASE);
            case "run-always" -> directives.with(Rerun.ALWAYS, origin, problems);
            case "run-on-change" -> directives.with(Rerun.ON_CHANGE, origin, problems);
            default ->
                name.split("\\s+", 2)[0].equals(LOCK_TIMEOUT)
                    ? directives.withLockTimeout(name, origin, problems)
                    : directives.without(name, origin, problems);
          };
    }
    return directives;
  }

  private Directives with(Rerun wanted, Origin origin, List<ChangelogProblem> problems) {
    if (rerun != Rerun.NEVER && rerun != wanted) {
      problems.add(
          new ChangelogProblem(
              origin,
              "run-always and run-on-change in one file",
              "Keep one of them; run-always includes the other."));
    }
    return new Directives(transaction, wanted, lockTimeout, base);
  }

  private Directives withLockTimeout(String asked, Origin origin, List<ChangelogProblem> problems) {
    Optional<Duration> wanted = DurationText.parse(asked.substring(LOCK_TIMEOUT.length()).strip());
    if (wanted.isEmpty()) {
      problems.add(
          new ChangelogProblem(
              origin,
              "the directive \"%s\" has no duration".formatted(asked),
              "Write one, as in lock-timeout 30s: " + DurationText.FORMS));
    } else if (lockTimeout.isPresent() && !lockTimeout.equals(wanted)) {
      problems.add(
          new ChangelogProblem(origin, "two lock-timeouts in one file", "Keep one of them."));
    }
    return new Directives(transaction, rerun, wanted, base);
  }

  private Directives without(String name, Origin origin, List<ChangelogProblem> problems) {
    problems.add(
        new ChangelogProblem(
            origin, "unknown directive \"%s\"".formatted(name), "Known directives: " + KNOWN));
    return this;
  }
}
