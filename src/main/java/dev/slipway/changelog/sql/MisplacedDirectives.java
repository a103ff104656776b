package dev.slipway.changelog.sql;

import dev.slipway.sql.Position;
import dev.slipway.sql.Problem;
import dev.slipway.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// A text on its way to the lexer, watched for lines behind the first ones that look like a
/// directive: there it would be ignored.
final class MisplacedDirectives implements Iterator<String> {
  private final Iterator<String> pieces;
  private final List<Integer> found = new ArrayList<>();

  /// Only the first piece has been looked through for directives.
  private boolean inHeader = true;

  /// The line at which the next piece begins, or goes on.
  private int line = 1;

  private boolean begun;

  /// @param pieces each of whole lines, or of parts of a line that is longer than any directive
  MisplacedDirectives(Iterator<String> pieces) {
    this.pieces = pieces;
  }

  @Override
  public boolean hasNext() {
    return pieces.hasNext();
  }

  @Override
  public String next() {
    String piece = pieces.next();
    look(piece);
    inHeader = false;
    return piece;
  }

  private void look(String text) {
    int start = 0;
    while (start < text.length()) {
      int end = Directives.endOfLine(text, start);
      if (!begun) {
        String content = text.substring(start, end).strip();
        inHeader = inHeader && !Directives.endsHeader(content);
        if (!inHeader && Directives.asked(content) != null) {
          found.add(line);
        }
      }
      begun = end == text.length();
      if (!begun) {
        line++;
      }
      start = Directives.nextLine(text, end);
    }
  }

  /// What was found.
  ///
  /// @param statements of the whole text
  List<Problem> problems(List<Statement> statements) {
    int first = statements.isEmpty() ? Integer.MAX_VALUE : statements.getFirst().position().line();
    List<Problem> problems = new ArrayList<>();
    for (int at : found) {
      problems.add(
          new Problem(
              new Position(at, 1),
              "a directive behind " + (at > first ? "the first statement" : "other text"),
              "Directives stand in the first lines of the file, before any statement."));
    }
    return problems;
  }
}
