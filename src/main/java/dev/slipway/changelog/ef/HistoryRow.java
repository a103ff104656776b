package dev.slipway.changelog.ef;

import dev.slipway.sql.Identifier;
import dev.slipway.sql.Phrase;
import java.util.List;
import java.util.Optional;

/// The statement that records a migration: `INSERT INTO "__EFMigrationsHistory" ("MigrationId",
/// "ProductVersion") VALUES ('…', '…')`.
///
/// @param history the table's name and its qualifiers, outermost first
record HistoryRow(
    List<Identifier> history,
    Identifier idColumn,
    Identifier versionColumn,
    String id,
    String productVersion) {

  HistoryRow {
    history = List.copyOf(history);
  }

  /// Empty if the text is another statement, or more than this one.
  static Optional<HistoryRow> of(String text) {
    var phrase = new Phrase(text);
    if (!phrase.skip("INSERT", "INTO")) {
      return Optional.empty();
    }
    List<Identifier> history = phrase.skipQualifiedName();
    Optional<Identifier> idColumn = column(phrase, '(');
    Optional<Identifier> versionColumn = column(phrase, ',');
    if (history.isEmpty()
        || idColumn.filter(Guard::isIdColumn).isEmpty()
        || versionColumn.filter(Guard::isVersionColumn).isEmpty()
        || !phrase.skip(')')
        || !phrase.skip("VALUES")) {
      return Optional.empty();
    }
    Optional<String> id = value(phrase, '(');
    Optional<String> version = value(phrase, ',');
    if (id.isEmpty() || version.isEmpty() || !phrase.skip(')')) {
      return Optional.empty();
    }
    skipOnConflict(phrase);
    phrase.skip(';');
    return phrase.atEnd()
        ? Optional.of(
            new HistoryRow(history, idColumn.get(), versionColumn.get(), id.get(), version.get()))
        : Optional.empty();
  }

  /// What people add so that it cannot fail.
  private static void skipOnConflict(Phrase phrase) {
    if (phrase.skip("ON", "CONFLICT")) {
      if (phrase.at('(')) {
        phrase.nextOutsideParentheses();
      }
      phrase.skip("DO", "NOTHING");
    }
  }

  /// Whether it records this migration in the history that its guard asks.
  boolean isOf(Guard guard) {
    return id.equals(guard.id())
        && history.equals(guard.history())
        && idColumn.equals(guard.idColumn());
  }

  /// Whether the text takes the record of a migration out of a history.
  static boolean isDeletion(String text) {
    var phrase = new Phrase(text);
    return phrase.skip("DELETE", "FROM")
        && !phrase.skipQualifiedName().isEmpty()
        && phrase.skip("WHERE")
        && phrase.skipName().filter(Guard::isIdColumn).isPresent();
  }

  private static Optional<Identifier> column(Phrase phrase, char before) {
    return phrase.skip(before) ? phrase.skipName() : Optional.empty();
  }

  private static Optional<String> value(Phrase phrase, char before) {
    return phrase.skip(before) ? phrase.skipString() : Optional.empty();
  }
}
