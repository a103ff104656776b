package dev.slipway.changelog.ef;

import dev.slipway.sql.Ascii;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Phrase;
import dev.slipway.sql.Statement;
import java.util.Optional;

/// What a statement that was added by hand does to the session, and so to all that follow.
final class SessionStatement {
  private SessionStatement() {}

  /// A search path from now on.
  ///
  /// @param first the schema that it names first; empty for the one that was in force at first
  record Path(Optional<Identifier> first) {}

  static boolean isOne(Statement statement) {
    return switch (statement.command()) {
      case "SET" -> !isForTransaction(statement);
      case "RESET" -> true;
      case "SELECT" -> Ascii.lower(statement.text()).contains("set_config");
      default -> false;
    };
  }

  /// Whether it holds to the end of its transaction only.
  static boolean isForTransaction(Statement statement) {
    var phrase = new Phrase(statement.text());
    return phrase.skip("SET") && (phrase.at("LOCAL") || phrase.at("TRANSACTION"));
  }

  /// Whether it can be run with each migration: people write what stands before the first block so
  /// that the script can be run again.
  static boolean isRepeatable(Statement statement) {
    String text = Ascii.lower(statement.text());
    return isOne(statement)
        || text.contains("if not exists")
        || text.contains("or replace")
        || switch (statement.command()) {
          case "DO", "GRANT", "REVOKE" -> true;
          default -> false;
        };
  }

  /// The search path that the statement sets; empty if it sets none.
  static Optional<Path> searchPath(Statement statement) {
    var phrase = new Phrase(statement.text());
    if (phrase.skip("RESET")) {
      return phrase.at("SEARCH_PATH") || phrase.at("ALL")
          ? Optional.of(new Path(Optional.empty()))
          : Optional.empty();
    } else if (phrase.skip("SELECT")) {
      return configured(phrase);
    } else if (!phrase.skip("SET")) {
      return Optional.empty();
    }
    phrase.skip("SESSION");
    if (phrase.skip("SCHEMA")) {
      return Optional.of(new Path(phrase.skipString().map(Identifier::new)));
    } else if (!phrase.skip("SEARCH_PATH") || !(phrase.skip('=') || phrase.skip("TO"))) {
      return Optional.empty();
    }
    return Optional.of(new Path(phrase.at("DEFAULT") ? Optional.empty() : first(phrase)));
  }

  /// `set_config('search_path', 'a, b', false)`
  private static Optional<Path> configured(Phrase phrase) {
    if (phrase.skip("PG_CATALOG")) {
      phrase.skip('.');
    }
    if (!phrase.skip("SET_CONFIG")
        || !phrase.skip('(')
        || phrase.skipString().filter("search_path"::equalsIgnoreCase).isEmpty()
        || !phrase.skip(',')) {
      return Optional.empty();
    }
    return phrase
        .skipString()
        .filter(_ -> phrase.skip(',') && phrase.at("FALSE"))
        .map(value -> new Path(first(new Phrase(value))));
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
