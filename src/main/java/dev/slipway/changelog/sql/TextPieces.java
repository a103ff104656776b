package dev.slipway.changelog.sql;

import dev.slipway.migration.Checksum;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// The text of a large file in pieces, without a byte order mark. A piece ends behind a line, but
/// where a line is longer than a piece.
final class TextPieces implements Iterator<String> {
  /// How many bytes are read, and characters given, at once.
  static final int SIZE = 1 << 20;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final InputStream in;
  private final Checksum.OfText checksum = new Checksum.OfText(SIZE);
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

  /// To be read from.
  private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).limit(0);

  /// To be written to.
  private final CharBuffer chars = CharBuffer.allocate(SIZE);

  private boolean ended;

  /// @throws IOException as [#next], also if it is not UTF-8
  TextPieces(InputStream in) throws IOException {
    this.in = in;
    fill();
    if (chars.position() > 0 && chars.get(0) == BYTE_ORDER_MARK) {
      take(1);
    }
  }

  /// The digest of the whole text, when there is no further piece.
  Checksum checksum() {
    return checksum.checksum();
  }

  @Override
  public boolean hasNext() {
    return chars.position() > 0;
  }

  /// @throws UncheckedIOException if it cannot be read, or is not UTF-8
  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    try {
      return take(ended ? chars.position() : cut());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String take(int count) throws IOException {
    String piece = new String(chars.array(), 0, count);
    chars.flip().position(count);
    chars.compact();
    fill();
    return piece;
  }

  private void fill() throws IOException {
    while (!ended) {
      boolean last = bytes.remaining() < SIZE && readOn() == 0;
      var result = decoder.decode(bytes, chars, last);
      if (result.isError()) {
        result.throwException();
      }
      if (result.isOverflow()) {
        return;
      }
      ended = last;
    }
  }

  private int readOn() throws IOException {
    bytes.compact();
    int count = in.readNBytes(bytes.array(), bytes.position(), bytes.remaining());
    checksum.read(bytes.array(), bytes.position(), count);
    bytes.position(bytes.position() + count).flip();
    return count;
  }

  /// Behind the last line that is whole. A carriage return at the end may be half of a line end.
  private int cut() {
    int length = chars.position();
    for (char end : new char[] {'\n', '\r'}) {
      for (int i = end == '\r' ? length - 2 : length - 1; i >= 0; i--) {
        if (chars.get(i) == end) {
          return i + 1;
        }
      }
    }
    return chars.get(length - 1) == '\r' ? length - 1 : length;
  }
}
