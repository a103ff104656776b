package dev.slipway.script;

/// PL/pgSQL of ours on its way into a block, indented as it is nested. What an author wrote goes in
/// by [#verbatim], as it is.
final class PlpgsqlCode {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  /// Adds the line or lines that begin a part, which is moved to the right; empty for
  /// none.
  void begin(String lines) {
    add(lines);
    depth++;
  }

  /// Ends a part and begins the next one beside it.
  void next(String line) {
    depth--;
    begin(line);
  }

  /// Ends a part with this line; empty for none.
  void end(String line) {
    depth--;
    if (!line.isEmpty()) {
      line(line);
    }
  }

  /// Adds one line, or several of which only the first is moved to the right.
  void line(String line) {
    indent();
    text.append(line).append('\n');
  }

  /// Adds lines, each of which is moved to the right.
  void add(String lines) {
    for (int from = 0; from < lines.length(); ) {
      int feed = lines.indexOf('\n', from);
      int end = feed < 0 ? lines.length() : feed;
      if (end > from) {
        indent();
      }
      text.append(lines, from, end).append('\n');
      from = end + 1;
    }
  }

  private void indent() {
    for (int i = 0; i < depth; i++) {
      text.append("  ");
    }
  }

  void verbatim(String part) {
    text.append(part);
  }

  String text() {
    return text.toString();
  }
}
