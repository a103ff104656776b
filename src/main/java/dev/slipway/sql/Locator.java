package dev.slipway.sql;

/// Turns offsets into positions. Made for offsets that come in ascending order: it counts on from
/// the last one, and starts over for one before that. Lines end with `\n`, `\r\n` or a lone `\r`.
public final class Locator {
  private final String text;
  private int offset;
  private int line = 1;
  private int column = 1;

  public Locator(String text) {
    this.text = text;
  }

  public Position at(int wanted) {
    if (wanted < offset) {
      offset = 0;
      line = 1;
      column = 1;
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
