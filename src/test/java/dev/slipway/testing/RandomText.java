package dev.slipway.testing;

import java.util.List;
import java.util.Random;

/// Texts made of what quoting and splitting stumble over.
public final class RandomText {
  private static final List<String> PIECES =
      List.of(
          "a",
          "B",
          "1",
          "_",
          " ",
          "\t",
          "\n",
          "\r",
          "'",
          "''",
          "\"",
          "\"\"",
          "\\",
          "\\'",
          "\\n",
          "$",
          "$$",
          "$1",
          "?",
          ":a",
          "--",
          "/*",
          "*/",
          ";",
          ",",
          ".",
          "%",
          "{",
          "}",
          "é",
          "Ä",
          "提",
          "\uD83D\uDE80",
          "\u0001",
          "\u00A0",
          "\u2028",
          "\uFEFF",
          "E'",
          "U&",
          "\u007F");

  private RandomText() {}

  /// A text without NUL, which PostgreSQL's do not hold.
  ///
  /// @param pieces how many pieces it has at most
  public static String of(Random random, int pieces) {
    var text = new StringBuilder();
    for (int left = random.nextInt(pieces + 1); left > 0; left--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}
