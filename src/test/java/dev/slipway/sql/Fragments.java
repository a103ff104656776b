package dev.slipway.sql;

import java.util.List;
import java.util.Random;

/// Pieces of SQL made at random, each a whole number of tokens, and what may stand between them.
final class Fragments {
  private static final List<String> SPACES =
      List.of(" ", "\n", "\r\n", "\r", "\t", "\f", "  \n\n ");
  private static final List<String> COMMENTS =
      List.of(
          "--\n",
          "-- it's; \"$$ /* (\n",
          "-- \\q é\uD83D\uDE00\r\n",
          "--;--\r",
          "/**/",
          "/***/",
          "/*/*/**/*/*/",
          "/* it's; \"$a$ -- ( */",
          "/* /* ;\n */ \\q ; */",
          "/* BEGIN ATOMIC \r\n é\uD83D\uDE00 */");
  private static final List<String> WORDS =
      List.of("a", "Größe", "x$y$z", "_1", "begin", "atomic", "CASE", "END", "create", "function");
  private static final List<String> STRINGS =
      List.of(
          "'it''s; -- not'",
          "''",
          "'\\'",
          "'a;\r\n\\b /*'",
          "N'n;'",
          "b'01;'",
          "X'1F;'",
          "U&'\\0041;''\\\\'",
          "\"q;uo\"\"te\"",
          "\"it's $$ -- /* \\\"",
          "U&\"d\\0061;\"");
  private static final List<String> ESCAPE_STRINGS =
      List.of("E'\\\\'", "e'\\';'", "E'a''\\''", "E';'\n'\\';'", "E'' -- it's\r --;\n '\\\\;\\''");
  private static final List<String> NUMBERS = List.of("42", "1.5e-3", "$1", ".5", "1..2");
  private static final List<String> OPERATORS =
      List.of(
          "@-", "<=", "->>", "::", "*", "/", "-", "+", "=", ":=", "|/", "[", "]", ".", "?", ")");
  private static final String NASTY = " ;'\"$-*/\\()\n\ra\u00e9";

  private final Random random;

  Fragments(Random random) {
    this.random = random;
  }

  String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /// A fragment that can follow the text so far.
  String after(CharSequence before) {
    return switch (random.nextInt(7)) {
      case 0, 1 -> pick(WORDS);
      case 2 -> pick(STRINGS);
      // With a comma, so that no string after it continues it.
      case 3 -> pick(ESCAPE_STRINGS) + ",";
      case 4 -> dollarQuote();
      case 5 -> pick(NUMBERS);
      default -> pick(OPERATORS);
    };
  }

  /// Any characters in a dollar quote that they do not close.
  String dollarQuote() {
    String tag = pick(List.of("$$", "$a$", "$ä_1$", "$Fn$"));
    String body = nasty(20).replace("$", pick(List.of("", "$b", "$1", "$ ")));
    return tag + body.replace(tag, "") + " " + tag;
  }

  String nasty(int length) {
    var nasty = new StringBuilder();
    for (int i = random.nextInt(length + 1); i > 0; i--) {
      nasty.append(NASTY.charAt(random.nextInt(NASTY.length())));
    }
    return nasty.toString();
  }

  /// White space and comments, at least some, that leave the tokens around them as they are.
  String gap() {
    var gap = new StringBuilder(pick(SPACES));
    while (oneIn(3)) {
      gap.append(pick(COMMENTS));
      if (oneIn(2)) {
        gap.append(pick(SPACES));
      }
    }
    return gap.toString();
  }

  /// A gap as narrow as can be: a comment alone, which separates words too.
  String comment() {
    return pick(COMMENTS);
  }
}
