package dev.slipway.sql;

/// A name of a database object, exactly as the catalog holds it (no folding of letter case).
public record Identifier(String value) {
  public Identifier {
    if (value.isEmpty() || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not an identifier: \"%s\"".formatted(value));
    }
  }

  /// The identifier as SQL, always in double quotes.
  public String quoted() {
    return '"' + value.replace("\"", "\"\"") + '"';
  }

  @Override
  public String toString() {
    return value;
  }
}
