package dev.slipway.sql;

import java.util.HexFormat;
import java.util.Optional;

/// Makes of a name as it is written the name that the catalog holds. Empty where PostgreSQL would
/// refuse it.
final class Names {
  private Names() {}

  static Optional<Identifier> folded(String word) {
    return identifier(Ascii.lower(word));
  }

  /// A name in double quotes, maybe with U& before them.
  static Optional<Identifier> unquoted(String quoted, char escape) {
    int open = quoted.indexOf('"');
    String name = quoted.substring(open + 1, quoted.length() - 1).replace("\"\"", "\"");
    return open == 0 ? identifier(name) : unescaped(name, escape).flatMap(Names::identifier);
  }

  private static Optional<Identifier> identifier(String name) {
    return name.isEmpty() || name.indexOf('\0') >= 0
        ? Optional.empty()
        : Optional.of(new Identifier(Identifier.truncated(name)));
  }

  /// Replaces `\0041` and `\+000041`; a doubled escape character stands for itself.
  private static Optional<String> unescaped(String name, char escape) {
    var unescaped = new StringBuilder();
    int i = 0;
    while (i < name.length()) {
      char c = name.charAt(i);
      char following = i + 1 < name.length() ? name.charAt(i + 1) : '\0';
      if (c != escape) {
        unescaped.append(c);
        i++;
      } else if (following == escape) {
        unescaped.append(escape);
        i += 2;
      } else {
        int digits = following == '+' ? i + 2 : i + 1;
        int end = following == '+' ? i + 8 : i + 5;
        int character = hexadecimal(name, digits, end);
        if (!Character.isValidCodePoint(character)) {
          return Optional.empty();
        }
        unescaped.appendCodePoint(character);
        i = end;
      }
    }
    return Optional.of(unescaped.toString());
  }

  /// The number that these digits write; negative if they are none.
  private static int hexadecimal(String text, int from, int to) {
    if (to > text.length() || !text.substring(from, to).chars().allMatch(HexFormat::isHexDigit)) {
      return -1;
    }
    return HexFormat.fromHexDigits(text, from, to);
  }
}
