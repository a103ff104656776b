package dev.slipway.sql;

import org.jspecify.annotations.Nullable;

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
