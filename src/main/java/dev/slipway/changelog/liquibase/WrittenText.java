package dev.slipway.changelog.liquibase;

import dev.slipway.sql.Position;
import dev.slipway.sql.Statement;
import dev.slipway.sql.Statement.Lines;
import java.nio.file.Path;

/// A text of SQL as its author wrote it, and where.
///
/// @param file the path as the user would open it
/// @param text with properties
/// @param line on which it begins
record WrittenText(String file, String text, int line, Lines lines) {

  /// The first value of a node.
  static WrittenText of(Node holder, Changeset changeset) {
    String text = changeset.properties().expand(holder.text());
    return new WrittenText(
        changeset.file().shown(),
        text,
        holder.valueLine(),
        lines(holder.text(), text, holder.lines()));
  }

  /// A whole file.
  static WrittenText ofFile(Path path, String content, Changeset changeset) {
    String text = changeset.properties().expand(content);
    return new WrittenText(path.toString(), text, 1, lines(content, text, Lines.OF_FILE));
  }

  /// A property may have several lines.
  private static Lines lines(String before, String expanded, Lines lines) {
    return lineBreaks(before) == lineBreaks(expanded) ? lines : Lines.OF_TEXT;
  }

  /// A place at which SQL is generated, without a text.
  static WrittenText none(Node change, Changeset changeset) {
    return new WrittenText(changeset.file().shown(), "", change.line(), Lines.OF_TEXT);
  }

  WrittenText withoutReturns() {
    return new WrittenText(file, text.replace("\r", ""), line, lines);
  }

  /// How many lines a text goes on behind its first one.
  static int lineBreaks(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }

  /// The position in the file of one in the text behind an offset.
  Position position(int offset, Position behind) {
    return switch (lines) {
      case OF_FILE ->
          new Position(
              line + lineBreaks(text.substring(0, offset)) + behind.line() - 1, behind.column());
      case OF_TEXT -> new Position(line, 1);
    };
  }

  /// A statement that was generated from the text: it stands where the text does if that is a part
  /// of it, or it one of the text.
  Statement generated(String statement) {
    String body = text.strip().replaceFirst(";$", "").stripTrailing();
    if (lines == Lines.OF_FILE && !body.isEmpty()) {
      int start = text.indexOf(body);
      if (begins(statement, body)) {
        return new Statement(statement, position(start, Position.START));
      }
      int at = body.indexOf(statement);
      if (at >= 0) {
        return new Statement(statement, position(start + at, Position.START));
      }
    }
    return new Statement(statement, new Position(line, 1), Lines.OF_TEXT);
  }

  /// A statement of the text that was changed.
  static Statement changed(Statement statement, String text) {
    if (text.isBlank() || text.equals(statement.text())) {
      return statement;
    }
    return new Statement(
        text,
        statement.position(),
        begins(text, statement.text()) ? statement.lines() : Lines.OF_TEXT);
  }

  /// Whether a part stands in a text, on its first line.
  private static boolean begins(String text, String part) {
    int at = text.indexOf(part);
    return at >= 0 && text.substring(0, at).indexOf('\n') < 0;
  }
}
