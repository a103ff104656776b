package dev.slipway.changelog.ef;

import dev.slipway.sql.Ascii;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Phrase;
import java.util.List;
import java.util.Optional;

/// How a block of EF's idempotent scripts begins: it looks for a migration's row in the history
/// (`NpgsqlHistoryRepository.GetBeginIfNotExistsScript` and `GetBeginIfExistsScript`).
///
/// @param history the table's name and its qualifiers, outermost first
/// @param end behind THEN
record Guard(
    Direction direction, List<Identifier> history, Identifier idColumn, String id, int end) {
  private static final String ID_COLUMN = "migrationid";

  enum Direction {
    /// Applies what is not recorded.
    UP,
    /// Takes back what is.
    DOWN
  }

  Guard {
    history = List.copyOf(history);
  }

  /// Reads the guard from `BEGIN` on; empty if there is none. The phrase is then anywhere.
  static Optional<Guard> read(Phrase phrase) {
    if (!phrase.skip("BEGIN") || !phrase.skip("IF")) {
      return Optional.empty();
    }
    Direction direction = phrase.skip("NOT") ? Direction.UP : Direction.DOWN;
    if (!phrase.skip("EXISTS") || !phrase.skip('(') || !phrase.skip("SELECT")) {
      return Optional.empty();
    }
    phrase.next();
    if (!phrase.skip("FROM")) {
      return Optional.empty();
    }
    List<Identifier> history = phrase.skipQualifiedName();
    if (history.isEmpty() || !phrase.skip("WHERE")) {
      return Optional.empty();
    }
    Optional<Identifier> column = phrase.skipName();
    if (column.isEmpty() || !isIdColumn(column.get()) || !phrase.skip('=')) {
      return Optional.empty();
    }
    Optional<String> id = phrase.skipString();
    if (id.isEmpty() || !phrase.skip(')') || !phrase.at("THEN")) {
      return Optional.empty();
    }
    return Optional.of(new Guard(direction, history, column.get(), id.get(), phrase.end()));
  }

  /// Whether a column of this name is the history's key, whatever convention named it.
  static boolean isIdColumn(Identifier column) {
    return normalized(column).equals(ID_COLUMN);
  }

  static boolean isVersionColumn(Identifier column) {
    return normalized(column).equals("productversion");
  }

  private static String normalized(Identifier column) {
    return Ascii.lower(column.value().replace("_", ""));
  }
}
