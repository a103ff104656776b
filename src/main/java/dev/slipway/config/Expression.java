package dev.slipway.config;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An expression of contexts or labels, as in `test, prod and !(slow or old)`. Liquibase, which
/// evaluates it, either takes a malformed one for a name or ends with an exception.
public final class Expression {
  /// What to write instead of a malformed one.
  public static final String EXPECTATION =
      "Write names with and, or, ! and parentheses, as in test, prod and !(slow or old); a comma"
          + " parts whole expressions.";

  private static final Pattern NESTED = Pattern.compile("\\(([^()]*)\\)");

  /// Stands for what stood in parentheses.
  private static final String PART = " \0 ";

  private static final Pattern OPERATOR =
      Pattern.compile("\\s+(?:and|or)(?=\\s)", Pattern.CASE_INSENSITIVE);

  private static final Pattern TERM =
      Pattern.compile(
          "@?\\s*(?:!|not\\s)?\\s*@?\\s*(?:\0|[^!@\0()\\s][^\0()]*)", Pattern.CASE_INSENSITIVE);

  private Expression() {}

  /// Whether it is well-formed; nothing at all is.
  public static boolean isSound(String text) {
    return Arrays.stream(text.split(",", -1))
        .allMatch(alternative -> alternative.isBlank() || isAlternative(alternative));
  }

  private static boolean isAlternative(String text) {
    String rest = text;
    for (Matcher nested = NESTED.matcher(rest); nested.find(); nested = NESTED.matcher(rest)) {
      if (!areTerms(nested.group(1))) {
        return false;
      }
      rest = nested.replaceFirst(PART);
    }
    return areTerms(rest);
  }

  private static boolean areTerms(String text) {
    return OPERATOR
        .splitAsStream(" " + text + " ")
        .allMatch(term -> TERM.matcher(term.strip()).matches());
  }
}
