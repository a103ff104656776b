package dev.slipway.script;

/// Code of ours, moved to the right. Never used on what an author wrote.
final class Indented {
  private Indented() {}

  static String by(int blanks, String lines) {
    return lines.indent(blanks);
  }
}
