package dev.slipway.testing;

import dev.slipway.sql.Lexer;
import dev.slipway.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A place in what a client sends to a server: a statement, recognised by its text.
///
/// @param anchor what must have been sent before the statement counts; that may be the statement
/// @param statement what is looked for from there on
/// @param side where the fail point lies, seen from the statement
public record FailPoint(Pattern anchor, Pattern statement, Side side) {

  /// Before it or behind it.
  public enum Side {
    BEFORE,
    AFTER
  }

  /// A statement within a text of several.
  ///
  /// @param begin of the first character in the text
  /// @param end behind the last character
  record Place(int begin, int end, boolean first, boolean last) {}

  /// The statements of a text that a client sends as a whole, each with its place.
  static List<Place> places(String text) {
    List<Statement> statements = Lexer.split(text).statements();
    List<Place> places = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < statements.size(); i++) {
      String statement = statements.get(i).text();
      int begin = text.indexOf(statement, from);
      from = begin + statement.length();
      places.add(new Place(begin, from, i == 0, i == statements.size() - 1));
    }
    return places;
  }
}
