package dev.slipway.changelog.ef;

import dev.slipway.sql.Identifier;
import dev.slipway.sql.Phrase;
import java.util.List;
import java.util.Optional;

/// The statement that makes the history: `CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (…)`.
///
/// @param history the table's name and its qualifiers, outermost first
/// @param definition what stands behind the name, parentheses included
record HistoryTableSql(List<Identifier> history, String definition) {
  HistoryTableSql {
    history = List.copyOf(history);
  }

  /// Empty if the text is another statement, or the table has not the columns of a history.
  static Optional<HistoryTableSql> of(String text) {
    var phrase = new Phrase(text);
    if (!phrase.skip("CREATE", "TABLE")) {
      return Optional.empty();
    }
    phrase.skip("IF", "NOT", "EXISTS");
    List<Identifier> history = phrase.skipQualifiedName();
    int definition = phrase.start();
    if (history.isEmpty() || !phrase.skip('(')) {
      return Optional.empty();
    }
    boolean hasId = false;
    boolean hasVersion = false;
    while (!phrase.atEnd() && !phrase.at(')')) {
      Optional<Identifier> column = phrase.skipName();
      hasId |= column.filter(Guard::isIdColumn).isPresent();
      hasVersion |= column.filter(Guard::isVersionColumn).isPresent();
      while (!phrase.atEnd() && !phrase.at(',') && !phrase.at(')')) {
        phrase.nextOutsideParentheses();
      }
      phrase.skip(',');
    }
    return hasId && hasVersion
        ? Optional.of(new HistoryTableSql(history, text.substring(definition)))
        : Optional.empty();
  }
}
