package dev.slipway.script;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A block of a script as it was read.
///
/// @param mark what was written above it
/// @param line of its first line, from 1
/// @param text its lines, without empty ones at the end
public record ScriptBlock(BlockMark mark, int line, String text) {
  private static final Pattern TURN =
      Pattern.compile("current_setting\\('slipway\\.next'\\) = (E?'(?:[^']|'')*') THEN");

  private static final Pattern QUOTE = Pattern.compile("\\$\\w*\\$");

  private static final Pattern QUOTED = Pattern.compile("(\\$\\w*\\$).*?\\1", Pattern.DOTALL);

  private static final Pattern COMMAND = Pattern.compile("^\\\\", Pattern.MULTILINE);

  /// Whether it is made for psql alone, which looks for its commands outside of quotes only.
  boolean needsPsql() {
    return COMMAND.matcher(QUOTED.matcher(text).replaceAll("")).find();
  }

  boolean isLast() {
    return mark.number() == mark.last();
  }

  /// Whether the first quote that it opens is closed.
  boolean isClosed() {
    Matcher quote = QUOTE.matcher(text);
    return quote.find() && text.indexOf(quote.group(), quote.end()) >= 0;
  }

  /// The id of its migration as SQL; empty for the first and the last block.
  Optional<String> quotedId() {
    Matcher turn = TURN.matcher(text);
    return turn.find() ? Optional.of(turn.group(1)) : Optional.empty();
  }

  /// The mark that would be above it if it had been written so.
  BlockMark actual() {
    return BlockMark.of(mark.number(), mark.last(), text);
  }

  /// The line of its first statement.
  int statementLine() {
    int at = Math.max(text.indexOf("$sql"), 0);
    return line + Math.toIntExact(text.substring(0, at).chars().filter(c -> c == '\n').count());
  }
}
