package dev.slipway.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A table that a statement creates, with the columns that it names.
///
/// @param schema empty if the search path decides
public record CreatedTable(Optional<Identifier> schema, Identifier name, List<Identifier> columns) {
  /// What stands in CREATE TABLE where no column does. LIKE brings columns that are named nowhere.
  private static final Set<String> CONSTRAINTS =
      Set.of("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE");

  public CreatedTable {
    columns = List.copyOf(columns);
  }

  /// Empty also where the columns are not all named: AS, LIKE, INHERITS, OF, PARTITION OF.
  static Optional<CreatedTable> of(Phrase phrase) {
    if (!phrase.skip("CREATE")) {
      return Optional.empty();
    }
    phrase.skip("UNLOGGED");
    if (!phrase.skip("TABLE")) {
      return Optional.empty();
    }
    phrase.skip("IF", "NOT", "EXISTS");
    List<Identifier> name = phrase.skipQualifiedName();
    if (name.isEmpty() || !phrase.skip('(')) {
      return Optional.empty();
    }
    List<Identifier> columns = new ArrayList<>();
    do {
      if (phrase.at("LIKE")) {
        return Optional.empty();
      }
      if (!CONSTRAINTS.contains(phrase.word())) {
        phrase.skipName().ifPresent(columns::add);
      }
    } while (toNextElement(phrase));
    phrase.skip(')');
    if (phrase.skipTo("INHERITS")) {
      return Optional.empty();
    }
    Optional<Identifier> schema =
        name.size() > 1 ? Optional.of(name.get(name.size() - 2)) : Optional.empty();
    return Optional.of(new CreatedTable(schema, name.getLast(), columns));
  }

  private static boolean toNextElement(Phrase phrase) {
    while (!phrase.atEnd() && !phrase.at(')')) {
      if (phrase.skip(',')) {
        return true;
      }
      phrase.nextOutsideParentheses();
    }
    return false;
  }
}
