package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Formatted SQL as the tree that XML would give: comment lines that begin with two dashes and a
/// known word are about the changelog, all else is SQL (Liquibase documentation, "SQL format";
/// `AbstractFormattedChangeLogParser`).
final class FormattedSqlSyntax {
  private static final Pattern HEADER = line("\\s*--\\s*liquibase\\s*formatted.*");
  private static final Pattern CHANGESET =
      line("\\s*--\\s*changeset\\s+(\"[^\"]+\"|[^:]+):(\"[^\"]+\"|\\S+)(.*)");
  private static final Pattern PROPERTY = line("\\s*--\\s*property\\s(.*)");
  private static final Pattern IGNORE_LINES = line("--\\s*ignoreLines:(\\w+)\\s*");
  private static final Pattern ROLLBACK = line("\\s*--\\s*rollback (.*)");
  private static final Pattern ROLLBACK_START = line("\\s*/\\*\\s*liquibase\\s*rollback\\s*");
  private static final Pattern PRECONDITIONS = line("\\s*--\\s*preconditions(.*)");
  private static final Pattern PRECONDITION = line("\\s*--\\s*precondition-([a-zA-Z0-9-]+)(.*)");
  private static final Pattern COMMENT = line("--\\s*comment:? (.*)");
  private static final Pattern VALID_CHECKSUM = line("--\\s*validCheckSum:? (.*)");

  /// A line that was meant to be one of them: Liquibase refuses these, too.
  private static final Pattern MISSPELT =
      line(
          "\\s*(-\\s*(changeset|property|preconditions?|rollback|comment:?|validCheckSum:?)\\s.*"
              + "|-\\s*ignoreLines:.*|--\\s*changeset\\b.*|--\\s*comments:? .*|--\\s*ignore:\\w+"
              + "|--\\s*ignoreLines\\b.*)");

  private static final Pattern ATTRIBUTE = Pattern.compile("\\s*(\\w+):\\s*(\"[^\"]*\"|\\S*)");
  private static final Pattern SQL_CHECK =
      line("\\s*(?:expectedResult:)?(?:'([^']+)'|\"([^\"]+)\"|(\\w+)) (.*)");
  private static final Pattern SLASH_AT_END = Pattern.compile("\n/\\s*\\z");

  private final String file;
  private final List<ChangelogProblem> problems;
  private final Node root = new Node("databaseChangeLog", 1);
  private final String[] lines;
  private int index;

  private @Nullable Node changeset;
  private Node sql = new Node("sql", 1);
  private StringBuilder text = new StringBuilder();
  private StringBuilder rollback = new StringBuilder();

  private static Pattern line(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }

  private FormattedSqlSyntax(String file, String text, List<ChangelogProblem> problems) {
    this.file = file;
    this.lines = text.split("\r\n|\r|\n", -1);
    this.problems = problems;
  }

  /// Whether a text is formatted SQL: its first line that is not blank says so.
  static boolean isHeader(String firstLine) {
    return HEADER.matcher(firstLine).matches();
  }

  /// The tree; what is wrong is added to the problems.
  static Node read(String file, String text, List<ChangelogProblem> problems) {
    return new FormattedSqlSyntax(file, text, problems).read();
  }

  private Node read() {
    boolean header = false;
    for (index = 0; index < lines.length; index++) {
      String line = lines[index];
      Matcher ignored = IGNORE_LINES.matcher(line);
      Matcher changesetLine = CHANGESET.matcher(line);
      Matcher property = PROPERTY.matcher(line);
      if (HEADER.matcher(line).matches()) {
        if (header) {
          problem("a second header of formatted SQL", "Take the line out.");
        }
        header = true;
        attributes(root, line.replaceFirst("(?i)\\s*--\\s*liquibase\\s*formatted\\s*\\w*", ""));
      } else if (ignored.matches()) {
        ignoreLines(ignored.group(1));
      } else if (property.matches()) {
        var node = new Node("property", number());
        attributes(node, property.group(1));
        root.add(node);
      } else if (changesetLine.matches()) {
        endChangeset();
        begin(changesetLine);
      } else if (MISSPELT.matcher(line).matches()) {
        problem(
            "a comment that looks like one of formatted SQL, but is written otherwise",
            "Write it as in: --changeset author:id, --comment text, --rollback SQL,"
                + " --ignoreLines:start.");
      } else if (changeset == null) {
        if (!line.isBlank() && !line.strip().startsWith("--")) {
          problem("SQL in front of the first changeset", "Put it behind a --changeset line.");
        }
      } else if (!readLine(changeset, line)) {
        text.append(line);
      }
      text.append('\n');
    }
    index = lines.length - 1;
    endChangeset();
    return root;
  }

  private int number() {
    return index + 1;
  }

  private void ignoreLines(String what) {
    if (what.equalsIgnoreCase("start")) {
      int from = number();
      do {
        text.append('\n');
        index++;
      } while (index < lines.length && !lines[index].matches("(?i)--\\s*ignoreLines:end\\s*"));
      if (index == lines.length) {
        problems.add(
            new ChangelogProblem(
                new Origin(file, from),
                "ignoreLines:start without an end",
                "Write --ignoreLines:end behind what is to be passed over."));
      }
    } else if (what.matches("\\d{1,9}")) {
      int end = Math.min(lines.length - 1, index + Integer.parseInt(what));
      while (index < end) {
        text.append('\n');
        index++;
      }
    } else {
      problem("ignoreLines:" + what, "Write --ignoreLines:start, :end, or a number of lines.");
    }
  }

  private void begin(Matcher matcher) {
    var node = new Node("changeSet", number());
    node.add("author", unquoted(matcher.group(1)), number());
    node.add("id", unquoted(matcher.group(2)), number());
    var given = new Node("", number());
    attributes(given, matcher.group(3));
    sql = new Node("sql", number());
    for (Node attribute : given.children()) {
      switch (attribute.name().toLowerCase(Locale.ROOT)) {
        case "splitstatements", "stripcomments", "enddelimiter" -> sql.add(attribute);
        case "rollbacksplitstatements", "rollbackenddelimiter" -> {
          // The rollback is kept as its text.
        }
        case "runorder", "created", "onvalidationfail", "objectquotingstrategy" ->
            problem(
                "\"%s\" is no attribute of a changeset in formatted SQL"
                    .formatted(attribute.name()),
                "Take it out: Liquibase would not see it.");
        default -> {
          if (ChangesetAttribute.isOne(attribute.name())) {
            node.add(attribute);
          } else {
            problem(
                "unknown attribute \"%s\" of a changeset".formatted(attribute.name()),
                "Take it out, or mend its spelling: Liquibase would not see it.");
          }
        }
      }
    }
    changeset = node;
    text = new StringBuilder();
    rollback = new StringBuilder();
  }

  /// Reads a line of the open changeset; answers whether it was about the changelog.
  private boolean readLine(Node open, String line) {
    Matcher matcher = COMMENT.matcher(line);
    if (matcher.matches()) {
      open.add("comment", matcher.group(1), number());
      return true;
    }
    matcher = VALID_CHECKSUM.matcher(line);
    if (matcher.matches()) {
      open.add("validCheckSum", matcher.group(1), number());
      return true;
    }
    matcher = ROLLBACK.matcher(line);
    if (matcher.matches()) {
      rollback.append(matcher.group(1)).append('\n');
      return true;
    }
    if (ROLLBACK_START.matcher(line).matches()) {
      readRollback();
      return true;
    }
    matcher = PRECONDITION.matcher(line);
    if (matcher.matches()) {
      precondition(preconditions(open), matcher.group(1), matcher.group(2));
      return true;
    }
    matcher = PRECONDITIONS.matcher(line);
    if (matcher.matches()) {
      attributes(preconditions(open), matcher.group(1));
      return true;
    }
    return false;
  }

  private void readRollback() {
    int from = number();
    text.append('\n');
    for (index++; index < lines.length; index++) {
      String line = lines[index].stripTrailing();
      if (line.endsWith("*/")) {
        rollback.append(line, 0, line.length() - 2).append('\n');
        return;
      }
      rollback.append(line).append('\n');
      text.append('\n');
    }
    problems.add(
        new ChangelogProblem(
            new Origin(file, from), "a rollback that does not end", "End it with a line: */"));
  }

  private Node preconditions(Node open) {
    return open.child("preConditions")
        .orElseGet(
            () -> {
              var node = new Node("preConditions", number());
              open.add(node);
              return node;
            });
  }

  private void precondition(Node into, String kind, String rest) {
    switch (kind.toLowerCase(Locale.ROOT)) {
      case "sql-check" -> {
        Matcher matcher = SQL_CHECK.matcher(rest);
        if (matcher.matches()) {
          var node = new Node("sqlCheck", number());
          String expected = matcher.group(1);
          if (expected == null) {
            expected = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
          }
          node.add("expectedResult", expected, number());
          into.add(node.addValue(matcher.group(4).strip(), number()));
        } else {
          problem(
              "a sql-check without an expected result and a query",
              "Write it as in: --precondition-sql-check expectedResult:0 SELECT count(*) FROM t");
        }
      }
      case "table-exists" -> into.add(named(new Node("tableExists", number()), "table", rest));
      case "view-exists" -> into.add(named(new Node("viewExists", number()), "view", rest));
      default ->
          problem(
              "the precondition \"%s\" in formatted SQL".formatted(kind),
              "Liquibase knows sql-check, table-exists and view-exists there; write a sql-check.");
    }
  }

  private Node named(Node node, String what, String rest) {
    var given = new Node("", number());
    attributes(given, rest);
    for (Node attribute : given.children()) {
      String name = attribute.name().toLowerCase(Locale.ROOT);
      if (name.equals(what) || name.equals("schema")) {
        node.add(name + "Name", attribute.text(), number());
      } else {
        problem("unknown attribute \"%s\"".formatted(attribute.name()), "Take it out.");
      }
    }
    return node;
  }

  /// Adds pairs such as `runAlways:true labels:"a, b"`.
  private void attributes(Node into, String given) {
    Set<String> seen = new HashSet<>();
    Matcher matcher = ATTRIBUTE.matcher(given);
    int end = 0;
    while (matcher.find(end) && matcher.start() == end) {
      if (!seen.add(matcher.group(1).toLowerCase(Locale.ROOT))) {
        problem("\"%s\" is given twice".formatted(matcher.group(1)), "Take one out.");
      }
      into.add(matcher.group(1), unquoted(matcher.group(2)), number());
      end = matcher.end();
    }
    String rest = given.substring(end).strip();
    if (!rest.isEmpty()) {
      problem(
          "\"%s\" is no attribute".formatted(rest),
          "Write attributes as name:value, and values with blanks in double quotes.");
    }
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private void endChangeset() {
    Node open = changeset;
    if (open == null) {
      return;
    }
    String all = text.toString();
    String body = all.strip();
    if (body.isEmpty()) {
      problems.add(
          new ChangelogProblem(
              new Origin(file, open.line()),
              "a changeset without SQL",
              "Write its statements behind the --changeset line."));
    } else {
      int blank = (int) all.substring(0, all.indexOf(body)).chars().filter(c -> c == '\n').count();
      sql.addValue(body, open.line() + blank);
      if (sql.child("endDelimiter").isEmpty() && SLASH_AT_END.matcher(body).find()) {
        sql.add("endDelimiter", "\n/$", open.line());
      }
    }
    if (!rollback.isEmpty()) {
      open.add("rollback", rollback.toString().strip(), open.line());
    }
    open.add(sql);
    root.add(open);
    changeset = null;
  }

  private void problem(String message, String hint) {
    problems.add(new ChangelogProblem(new Origin(file, number()), message, hint));
  }
}
