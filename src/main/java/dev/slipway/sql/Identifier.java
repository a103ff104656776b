package dev.slipway.sql;

import org.jspecify.annotations.Nullable;

/// A name of a database object, exactly as the catalog holds it (no folding of letter case).
public record Identifier(String value) {
  /// NAMEDATALEN, the closing NUL not counted.
  private static final int MAXIMUM_BYTES = 63;

  public Identifier {
    if (value.isEmpty() || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not an identifier: \"%s\"".formatted(value));
    }
  }

  /// PostgreSQL cuts a name that is too long, with a notice, between two characters.
  public static String truncated(String name) {
    int bytes = 0;
    int i = 0;
    while (i < name.length()) {
      int character = name.codePointAt(i);
      bytes += bytesInUtf8(character);
      if (bytes > MAXIMUM_BYTES) {
        return name.substring(0, i);
      }
      i += Character.charCount(character);
    }
    return name;
  }

  private static int bytesInUtf8(int character) {
    if (character < 0x80) {
      return 1;
    } else if (character < 0x800) {
      return 2;
    }
    return character < 0x10000 ? 3 : 4;
  }

  /// The identifier as SQL, always in double quotes.
  public String quoted() {
    return '"' + value.replace("\"", "\"\"") + '"';
  }

  /// As a record's own, which would be linked anew at each start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Identifier identifier && value.equals(identifier.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
