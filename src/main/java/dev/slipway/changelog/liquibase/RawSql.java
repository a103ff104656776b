package dev.slipway.changelog.liquibase;

import dev.slipway.sql.Lexer;
import dev.slipway.sql.Position;
import dev.slipway.sql.Problem;
import dev.slipway.sql.Script;
import dev.slipway.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import liquibase.util.StringUtil;

/// SQL as its author wrote it, in a changelog or in a file of its own. It is split where psql would
/// split it; where the author named a delimiter, Liquibase does that first.
final class RawSql {
  private final String text;
  private final int firstLine;
  private final List<Statement> statements = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private RawSql(String text, int firstLine) {
    this.text = text;
    this.firstLine = firstLine;
  }

  /// @param change the node with `splitStatements`, `endDelimiter` and `stripComments`
  /// @param firstLine the line of its file on which the text begins
  /// @param modify what is done to each statement in the end
  static Script split(Node change, String text, int firstLine, UnaryOperator<String> modify) {
    var sql = new RawSql(text, firstLine);
    sql.split(change);
    List<Statement> modified = new ArrayList<>();
    for (Statement statement : sql.statements) {
      String changed = modify.apply(statement.text());
      modified.add(
          changed.isBlank() || changed.equals(statement.text())
              ? statement
              : new Statement(changed, statement.position()));
    }
    return new Script(modified, sql.problems);
  }

  /// SQL that was written for a change.
  ///
  /// @param pieces with a statement each, or with several
  static Script generated(List<String> pieces, int line) {
    var position = new Position(line, 1);
    List<Statement> statements = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (String piece : pieces) {
      Script script = Lexer.split(piece);
      script.statements().stream()
          .map(statement -> new Statement(statement.text(), position))
          .forEach(statements::add);
      script.problems().stream()
          .map(problem -> new Problem(position, problem.message(), problem.hint()))
          .forEach(problems::add);
    }
    return new Script(statements, problems);
  }

  private void split(Node change) {
    String delimiter = change.child("endDelimiter").map(Node::text).orElse("");
    boolean splits = change.flag("splitStatements", true);
    boolean strips = change.flag("stripComments", false);
    if (delimiter.isEmpty() || !splits) {
      String kept = strips ? String.join("", pieces(text, true, false, delimiter)) : text;
      add(kept, 0);
      return;
    }
    int from = 0;
    for (String piece : pieces(text, strips, true, delimiter)) {
      int at = text.indexOf(piece, from);
      from = at < 0 ? from : at;
      add(piece, from);
      from += at < 0 ? 0 : piece.length();
    }
  }

  private static String[] pieces(String text, boolean strips, boolean splits, String delimiter) {
    return StringUtil.processMultiLineSQL(
        text.replace("\r", ""), strips, splits, delimiter.isEmpty() ? null : delimiter);
  }

  /// @param offset of the piece in the text
  private void add(String piece, int offset) {
    int line =
        firstLine + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count() - 1;
    Script script = Lexer.split(piece);
    for (Statement statement : script.statements()) {
      statements.add(new Statement(statement.text(), moved(statement.position(), line)));
    }
    for (Problem problem : script.problems()) {
      problems.add(new Problem(moved(problem.position(), line), problem.message(), problem.hint()));
    }
  }

  private static Position moved(Position position, int lines) {
    return new Position(position.line() + lines, position.column());
  }
}
