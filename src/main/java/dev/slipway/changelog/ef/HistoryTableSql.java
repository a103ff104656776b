package dev.slipway.changelog.ef;

import dev.slipway.sql.Identifier;
import dev.slipway.sql.Phrase;
import java.util.List;
import java.util.Optional;

/// The statement that makes the history: `CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (…)`.
///
/// @param history the table's name and its qualifiers, outermost first
/// @param primaryKey the name of its constraint
record HistoryTableSql(
    List<Identifier> history,
    Identifier idColumn,
    Identifier versionColumn,
    Identifier primaryKey) {

  HistoryTableSql {
    history = List.copyOf(history);
  }

  /// Empty if the text is another statement.
  static Optional<HistoryTableSql> of(String text) {
    var phrase = new Phrase(text);
    if (!phrase.skip("CREATE", "TABLE")) {
      return Optional.empty();
    }
    phrase.skip("IF", "NOT", "EXISTS");
    List<Identifier> history = phrase.skipQualifiedName();
    if (history.isEmpty() || !phrase.skip('(')) {
      return Optional.empty();
    }
    Optional<Identifier> idColumn = phrase.skipName().filter(Guard::isIdColumn);
    skipDefinition(phrase);
    Optional<Identifier> versionColumn = phrase.skipName().filter(Guard::isVersionColumn);
    skipDefinition(phrase);
    Optional<Identifier> primaryKey =
        phrase.skip("CONSTRAINT") ? phrase.skipName() : Optional.empty();
    return idColumn.isPresent() && versionColumn.isPresent()
        ? Optional.of(
            new HistoryTableSql(
                history,
                idColumn.get(),
                versionColumn.get(),
                primaryKey.orElseGet(() -> new Identifier("PK_" + history.getLast()))))
        : Optional.empty();
  }

  /// Passes the rest of a column, and the comma behind it.
  private static void skipDefinition(Phrase phrase) {
    while (!phrase.atEnd() && !phrase.at(',')) {
      phrase.nextOutsideParentheses();
    }
    phrase.skip(',');
  }
}
