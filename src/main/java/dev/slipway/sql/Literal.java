package dev.slipway.sql;

/// A text value on its way into SQL, where it cannot be bound.
public record Literal(String value) {
  public Literal {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("PostgreSQL holds no text with a NUL character");
    }
  }

  /// The value as SQL that means the same whatever `standard_conforming_strings` is, and whatever
  /// an editor or a client makes of line ends: the E form is used where a backslash or a carriage
  /// return is in it.
  public String quoted() {
    String doubled = value.replace("'", "''");
    return value.indexOf('\\') < 0 && value.indexOf('\r') < 0
        ? "'" + doubled + "'"
        : "E'" + doubled.replace("\\", "\\\\").replace("\r", "\\r") + "'";
  }
}
