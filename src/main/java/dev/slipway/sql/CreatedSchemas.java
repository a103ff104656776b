package dev.slipway.sql;

import dev.slipway.sql.Tokens.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The schemas that a statement creates, also within a DO block, where EF makes them.
final class CreatedSchemas {
  private CreatedSchemas() {}

  static List<Identifier> of(String text) {
    var phrase = new Phrase(text);
    if (!phrase.at("DO")) {
      return phrase.skip("CREATE", "SCHEMA") ? schema(phrase) : List.of();
    }
    List<Identifier> created = new ArrayList<>();
    var tokens = new Tokens(text);
    while (tokens.next() != Kind.END) {
      if (tokens.kind() == Kind.STRING) {
        addWithin(body(tokens.string()), created);
      }
    }
    return created;
  }

  static Optional<Identifier> anew(String text) {
    var phrase = new Phrase(text);
    return phrase.skip("CREATE", "SCHEMA") && !phrase.at("IF")
        ? schema(phrase).stream().findFirst()
        : Optional.empty();
  }

  /// What a DO block's string holds, as far as it is in dollar quotes.
  private static String body(String quoted) {
    int tag = quoted.indexOf('$', 1) + 1;
    return quoted.startsWith("$") && quoted.length() >= 2 * tag
        ? quoted.substring(tag, quoted.length() - tag)
        : "";
  }

  private static void addWithin(String body, List<Identifier> created) {
    var phrase = new Phrase(body);
    while (phrase.skipTo("CREATE", "SCHEMA")) {
      created.addAll(schema(phrase));
    }
  }

  private static List<Identifier> schema(Phrase phrase) {
    phrase.skip("IF", "NOT", "EXISTS");
    return phrase.at("AUTHORIZATION")
        ? List.of()
        : phrase.skipName().map(List::of).orElse(List.of());
  }
}
