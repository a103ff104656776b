package dev.slipway.changelog.ef;

/// The text between a block's THEN and its END IF as its author gave it to EF, which puts four
/// blanks before every line that is not empty, those inside texts and bodies of functions included
/// (`IndentedStringBuilder.AppendLines`), and keeps no carriage return. The lines are those of the
/// script, the first one is the rest of THEN's.
///
/// @param text with line feeds
/// @param indent how many characters were taken off each line
record BlockBody(String text, int indent) {
  private static final String BLANKS = "    ";

  static BlockBody of(String script, Part.Block block) {
    String body = withLineFeeds(script.substring(block.from(), block.to()));
    int indent = indent(body);
    return new BlockBody(indent == 0 ? body : unindented(body), indent);
  }

  private static String withLineFeeds(String text) {
    return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
  }

  /// Where one line has no indentation, somebody has edited the block: then none is taken off. An
  /// editor may have made tabs of the blanks, or have taken blanks off the ends of lines.
  private static int indent(String body) {
    int indent = 0;
    for (int line = body.indexOf('\n'); line >= 0; line = body.indexOf('\n', line + 1)) {
      int begin = line + 1;
      if (!isBlank(body, begin)) {
        int found = indent(body, begin);
        if (found == 0) {
          return 0;
        }
        indent = Math.max(indent, found);
      }
    }
    return indent;
  }

  private static int indent(String body, int begin) {
    if (body.startsWith(BLANKS, begin)) {
      return BLANKS.length();
    }
    return body.startsWith("\t", begin) ? 1 : 0;
  }

  private static boolean isBlank(String body, int begin) {
    int i = begin;
    while (i < body.length() && (body.charAt(i) == ' ' || body.charAt(i) == '\t')) {
      i++;
    }
    return i == body.length() || body.charAt(i) == '\n';
  }

  private static String unindented(String body) {
    var text = new StringBuilder(body.length());
    int from = body.indexOf('\n') + 1;
    text.append(body, 0, from);
    while (from < body.length()) {
      int end = body.indexOf('\n', from);
      int next = end < 0 ? body.length() : end + 1;
      text.append(body, from + indent(body, from), next);
      from = next;
    }
    return text.toString();
  }
}
