package dev.slipway.sql;

/// Turns offsets into positions. Made for offsets that come in ascending order: it counts on from
/// the last one, and starts over for one before that. Lines end with `\n`, `\r\n` or a lone `\r`.
public final class Locator {
  private final String text;
  private final Position start;
  private int offset;
  private int line;
  private int column;

  public Locator(String text) {
    this(text, Position.START);
  }

  /// For a part of a text.
  ///
  /// @param start where the part begins in the whole
  Locator(String text, Position start) {
    this.text = text;
    this.start = start;
    this.line = start.line();
    this.column = start.column();
  }

  public Position at(int wanted) {
    if (wanted < offset) {
      offset = 0;
      line = start.line();
      column = start.column();
    }
    while (offset < wanted) {
      pass(text.charAt(offset));
      offset++;
    }
    return new Position(line, column);
  }

  private void pass(char c) {
    if (c == '\n' || (c == '\r' && !text.startsWith("\n", offset + 1))) {
      line++;
      column = 1;
    } else if (!isSecondOfPair(c)) {
      column++;
    }
  }

  private boolean isSecondOfPair(char c) {
    return Character.isLowSurrogate(c)
        && offset > 0
        && Character.isHighSurrogate(text.charAt(offset - 1));
  }
}
