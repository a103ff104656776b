package dev.slipway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The grammar of connection strings, that of .NET's DbConnectionOptions: `Key=value` pairs
/// between semicolons. White space around keys and values does not count. `==` in a key is an
/// equals sign. A value in `"` or `'` may hold anything but NUL, the quote doubled; without them
/// it neither begins nor ends with a quote. Nothing but NULs and white space comes after a NUL.
final class ConnectionPairs {

  /// One pair.
  ///
  /// @param key in lower case
  /// @param value null if nothing stands behind the equals sign: the key returns to its default
  /// @param index where the key begins, from 0
  record Pair(String key, @Nullable String value, int index) {
    /// Without the value, which may be a secret.
    @Override
    public String toString() {
      return "pair at index " + index;
    }
  }

  /// The text is not made of pairs.
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int index;

    MalformedException(int index) {
      super("not of the form of a connection string at index " + index);
      this.index = index;
    }

    /// Where, from 0, as .NET tells it: the beginning of the pair that is wrong.
    int index() {
      return index;
    }
  }

  private final String text;
  private int position;

  private ConnectionPairs(String text) {
    this.text = text;
  }

  static List<Pair> read(String text) throws MalformedException {
    var reader = new ConnectionPairs(text);
    List<Pair> pairs = new ArrayList<>();
    while (reader.position < text.length()) {
      @Nullable Pair pair = reader.next();
      if (pair == null) {
        break;
      }
      pairs.add(pair);
    }
    return pairs;
  }

  private @Nullable Pair next() throws MalformedException {
    int start = position;
    while (!atEnd() && (here() == ';' || isBlank(here()))) {
      position++;
    }
    if (atEnd()) {
      return null;
    }
    if (here() == '\0') {
      readNuls();
      return null;
    }
    if (isControl(here())) {
      throw new MalformedException(start);
    }
    int index = position;
    String key = readKey(index);
    skipBlanks();
    if (atEnd() || here() == ';' || here() == '\0') {
      skipSemicolon();
      return new Pair(key, null, index);
    }
    boolean quoted = here() == '"' || here() == '\'';
    String value = quoted ? readQuoted(index) : readUnquoted(index);
    skipSemicolon();
    return new Pair(key, value, index);
  }

  /// Reads the key and the equals sign behind it.
  private String readKey(int index) throws MalformedException {
    var key = new StringBuilder();
    while (!atEnd()) {
      char c = text.charAt(position++);
      if (c == '=') {
        if (atEnd() || here() != '=') {
          return keyName(key, index);
        }
        position++;
      } else if (isControl(c) && !isBlank(c)) {
        break;
      }
      key.append(c);
    }
    throw new MalformedException(index);
  }

  private static String keyName(StringBuilder key, int index) throws MalformedException {
    String name = trimmed(key).toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      throw new MalformedException(index);
    }
    return name;
  }

  private String readUnquoted(int index) throws MalformedException {
    if (isControl(here())) {
      throw new MalformedException(index);
    }
    int start = position;
    while (!atEnd() && here() != ';' && (isBlank(here()) || !isControl(here()))) {
      position++;
    }
    String value = trimmed(text.substring(start, position));
    if (value.endsWith("'") || value.endsWith("\"")) {
      throw new MalformedException(index);
    }
    return value;
  }

  private String readQuoted(int index) throws MalformedException {
    char quote = here();
    var value = new StringBuilder();
    for (position++; !atEnd(); position++) {
      if (here() == quote) {
        position++;
        if (atEnd() || here() != quote) {
          readEnd(index);
          return value.toString();
        }
      } else if (here() == '\0') {
        break;
      }
      value.append(here());
    }
    throw new MalformedException(index);
  }

  /// Only white space may stand between a closing quote and the semicolon.
  private void readEnd(int index) throws MalformedException {
    skipBlanks();
    if (!atEnd() && here() == '\0') {
      readNuls();
    } else if (!atEnd() && here() != ';') {
      throw new MalformedException(index);
    }
  }

  private void readNuls() throws MalformedException {
    for (; !atEnd(); position++) {
      if (here() != '\0' && !isBlank(here())) {
        throw new MalformedException(position);
      }
    }
  }

  private void skipBlanks() {
    while (!atEnd() && isBlank(here())) {
      position++;
    }
  }

  private void skipSemicolon() {
    if (!atEnd() && here() == ';') {
      position++;
    }
  }

  private boolean atEnd() {
    return position >= text.length();
  }

  private char here() {
    return text.charAt(position);
  }

  private static String trimmed(CharSequence text) {
    int start = 0;
    int end = text.length();
    while (end > 0 && isBlank(text.charAt(end - 1))) {
      end--;
    }
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    return text.subSequence(start, end).toString();
  }

  /// As .NET's Char.IsWhiteSpace.
  private static boolean isBlank(char c) {
    return c == ' '
        || (c >= '\t' && c <= '\r')
        || c == '\u0085'
        || (c >= 128 && Character.isSpaceChar(c));
  }

  /// As .NET's Char.IsControl.
  private static boolean isControl(char c) {
    return Character.isISOControl(c);
  }
}
