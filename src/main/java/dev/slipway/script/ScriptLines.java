package dev.slipway.script;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;
import java.util.OptionalInt;

/// The lines of a script, with their numbers. A carriage return at the end of one is taken off; any
/// is noted.
final class ScriptLines {
  /// How much is kept of a line outside of the blocks, none of which is longer; one of a file that
  /// is none of ours may have any length.
  private static final int LONGEST = 200;

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

  /// The first line with a carriage return.
  OptionalInt carriageReturnAt() {
    return carriageReturnAt == 0 ? OptionalInt.empty() : OptionalInt.of(carriageReturnAt);
  }

  /// The first line.
  String first() throws IOException {
    return read(LONGEST);
  }

  /// The next line; empty at the end.
  Optional<String> next() throws IOException {
    return next(Integer.MAX_VALUE);
  }

  /// The next line, which is none of a block.
  Optional<String> nextBetween() throws IOException {
    return next(LONGEST);
  }

  private Optional<String> next(int longest) throws IOException {
    reader.mark(1);
    if (reader.read() < 0) {
      return Optional.empty();
    }
    reader.reset();
    return Optional.of(read(longest));
  }

  /// @param longest how much of it is kept
  private String read(int longest) throws IOException {
    number++;
    var line = new StringBuilder();
    int c = reader.read();
    while (c >= 0 && c != '\n') {
      if (line.length() < longest) {
        line.append((char) c);
      }
      if (c == '\r' && carriageReturnAt == 0) {
        carriageReturnAt = number;
      }
      c = reader.read();
    }
    int last = line.length() - 1;
    return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
  }
}
