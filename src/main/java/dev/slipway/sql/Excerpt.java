package dev.slipway.sql;

/// The line of a statement on which an error lies, as psql shows it: `LINE 3: …` and a caret under
/// the failing character.
public final class Excerpt {
  private static final int WIDTH = 78;
  private static final String ELLIPSIS = "...";

  private Excerpt() {}

  /// @param position of the error in the text, in code points from 1, as the server reports it
  public static String render(Statement statement, int position) {
    String text = statement.text();
    int codePoints = text.codePointCount(0, text.length());
    int at = text.offsetByCodePoints(0, Math.clamp(position - 1L, 0, codePoints));
    int lineStart = lineStart(text, at);
    int lineEnd = lineEnd(text, at);
    int before =
        switch (statement.lines()) {
          case OF_FILE -> linesBefore(text, lineStart);
          case OF_TEXT -> 0;
        };
    String label = "LINE %d: ".formatted(statement.position().line() + before);
    String line = text.substring(lineStart, lineEnd).replace('\t', ' ');
    int column = text.codePointCount(lineStart, at);
    return label + window(line, column, label.length());
  }

  private static int lineStart(String text, int at) {
    int i = at;
    while (i > 0 && !isLineEnd(text.charAt(i - 1))) {
      i--;
    }
    return i;
  }

  private static int lineEnd(String text, int at) {
    int i = at;
    while (i < text.length() && !isLineEnd(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int linesBefore(String text, int end) {
    int lines = 0;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == '\r' && (i + 1 == end || text.charAt(i + 1) != '\n'))) {
        lines++;
      }
    }
    return lines;
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  /// Cuts a long line around the column, and puts the caret under it.
  private static String window(String line, int column, int indent) {
    int[] points = line.codePoints().toArray();
    int from = column > WIDTH - 10 ? column - WIDTH / 2 : 0;
    int to = Math.min(points.length, from + WIDTH);
    String before = from > 0 ? ELLIPSIS : "";
    String after = to < points.length ? ELLIPSIS : "";
    return before
        + new String(points, from, to - from)
        + after
        + "\n"
        + " ".repeat(indent + before.length() + column - from)
        + "^";
  }
}
