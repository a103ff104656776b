package dev.slipway.postgres;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Passes on what the server sends, but hides its reports of `DateStyle` from pgjdbc, which closes
/// the connection when a role or a migration sets another style than ISO. We read no date in a
/// style of the session's, so nothing depends on it.
///
/// The report is hidden by turning its name into one that pgjdbc does not know; no length changes.
/// Format: PostgreSQL documentation, "Message Formats": type byte, length (without the type byte),
/// content; ParameterStatus is type `S`, with name and value, each ended by a zero byte.
final class ParameterStatusInputStream extends FilterInputStream {
  private static final byte[] NAME = {'D', 'a', 't', 'e', 'S', 't', 'y', 'l', 'e'};
  private static final int HEADER = 5;

  private boolean watching;
  private int headerRead;
  private int type;
  private int remaining;
  private int matched;

  ParameterStatusInputStream(InputStream in) {
    super(in);
  }

  /// Begins to look at messages; called before the server can have sent the first.
  void watch() {
    watching = true;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = in.read(bytes, offset, length);
    if (watching && count > 0) {
      look(bytes, offset, offset + count);
    }
    return count;
  }

  @Override
  public long skip(long n) throws IOException {
    byte[] dropped = new byte[(int) Math.min(n, 8192)];
    return Math.max(0, read(dropped, 0, dropped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void look(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end) {
      if (headerRead < HEADER) {
        readHeader(bytes[i++]);
      } else if (type == 'S' && matched >= 0 && matched < NAME.length) {
        compare(bytes, i++);
      } else {
        int step = Math.min(remaining, end - i);
        i += step;
        remaining -= step;
      }
      if (headerRead == HEADER && remaining == 0) {
        headerRead = 0;
      }
    }
  }

  private void readHeader(byte b) {
    if (headerRead == 0) {
      type = b;
      remaining = 0;
    } else {
      remaining = (remaining << 8) | (b & 0xFF);
    }
    headerRead++;
    if (headerRead == HEADER) {
      remaining -= 4;
      matched = 0;
    }
  }

  /// Compares the name byte by byte and changes its last letter; no other parameter begins so.
  private void compare(byte[] bytes, int at) {
    remaining--;
    if (bytes[at] != NAME[matched]) {
      matched = -1;
      return;
    }
    matched++;
    if (matched == NAME.length) {
      bytes[at] = 'E';
    }
  }
}
