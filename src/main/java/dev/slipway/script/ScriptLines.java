package dev.slipway.script;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;
import java.util.OptionalInt;

/// The lines of a script, with their numbers. A carriage return at the end of one is taken off, and
/// noted.
final class ScriptLines {
  /// A file that is none of ours may be one line of any length.
  private static final int LONGEST_FIRST = 200;

  private final BufferedReader reader;
  private int number;
  private int carriageReturnAt;

  ScriptLines(Reader reader) {
    this.reader = new BufferedReader(reader);
  }

  /// The number of the line that was read last, from 1; 0 before the first.
  int number() {
    return number;
  }

  /// The first line that ends with a carriage return.
  OptionalInt carriageReturnAt() {
    return carriageReturnAt == 0 ? OptionalInt.empty() : OptionalInt.of(carriageReturnAt);
  }

  /// The first line, or as much of it as one of ours could have.
  String first() throws IOException {
    return read(LONGEST_FIRST);
  }

  /// The next line; empty at the end.
  Optional<String> next() throws IOException {
    reader.mark(1);
    if (reader.read() < 0) {
      return Optional.empty();
    }
    reader.reset();
    return Optional.of(read(Integer.MAX_VALUE));
  }

  private String read(int longest) throws IOException {
    number++;
    var line = new StringBuilder();
    int c = reader.read();
    while (c >= 0 && c != '\n' && line.length() < longest) {
      line.append((char) c);
      c = reader.read();
    }
    int end = line.length() - 1;
    if (end >= 0 && line.charAt(end) == '\r') {
      line.setLength(end);
      carriageReturnAt = carriageReturnAt == 0 ? number : carriageReturnAt;
    }
    return line.toString();
  }
}
