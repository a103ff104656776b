package dev.slipway.changelog.ef;

import dev.slipway.sql.Ascii;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Phrase;
import dev.slipway.sql.Statement;
import java.util.Optional;

/// Statements that change the session, and so concern all that follow.
final class SessionStatement {
  private SessionStatement() {}

  static boolean isOne(Statement statement) {
    return switch (statement.command()) {
      case "SET", "RESET" -> true;
      case "SELECT" -> Ascii.lower(statement.text()).contains("set_config");
      default -> false;
    };
  }

  /// The first schema of a `SET search_path`; empty if the statement is none, or names none.
  static Optional<Identifier> searchPath(Statement statement) {
    var phrase = new Phrase(statement.text());
    if (!phrase.skip("SET")) {
      return Optional.empty();
    }
    phrase.skip("SESSION");
    if (!phrase.skip("SEARCH_PATH") || !(phrase.skip('=') || phrase.skip("TO"))) {
      return Optional.empty();
    }
    return phrase.at("DEFAULT") ? Optional.empty() : first(phrase);
  }

  private static Optional<Identifier> first(Phrase phrase) {
    Optional<Identifier> name =
        phrase
            .skipString()
            .filter(text -> !text.isEmpty())
            .map(Identifier::new)
            .or(phrase::skipName);
    return name.isPresent() && name.get().value().equals("$user") && phrase.skip(',')
        ? first(phrase)
        : name;
  }
}
