package dev.slipway.sql;

/// A place in a text, as an editor shows it: both numbers start at 1, columns count characters
/// (code points).
public record Position(int line, int column) {
  public static final Position START = new Position(1, 1);

  public Position {
    if (line < 1 || column < 1) {
      throw new IllegalArgumentException("not a position: %d:%d".formatted(line, column));
    }
  }
}
