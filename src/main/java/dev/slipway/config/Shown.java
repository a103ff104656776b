package dev.slipway.config;

/// What may be shown of a text that somebody wrote into the configuration: only what cannot well
/// hold a secret that slipped in, by a forgotten semicolon or quote.
final class Shown {
  private static final int MAX_LENGTH = 40;

  private Shown() {}

  /// The value in double quotes, if it is short and has neither blanks nor signs of more pairs;
  /// else "the value given".
  static String value(String value) {
    return isValue(value) ? "\"" + value + "\"" : "the value given";
  }

  /// Whether it is short and has neither blanks nor signs of more pairs.
  static boolean isValue(String value) {
    return isPlain(value, "_-+.:/,!");
  }

  /// Whether it looks like the key of a pair.
  static boolean isKey(String key) {
    return isPlain(key, " _");
  }

  private static boolean isPlain(String text, String others) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isLetterOrDigit(c) && others.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
