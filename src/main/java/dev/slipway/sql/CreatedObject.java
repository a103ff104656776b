package dev.slipway.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An object that a statement creates, with its name as the catalog will hold it. Kinds that are
/// seldom looked for (extensions, triggers, policies, constraints) are left out, and so is what is
/// temporary.
///
/// @param schema empty if the search path decides
/// @param name of the object itself; of its table if it is a column
/// @param column empty unless it is a column
public record CreatedObject(
    Kind kind, Optional<Identifier> schema, Identifier name, Optional<Identifier> column) {

  /// What share a name space in PostgreSQL's catalog.
  public enum Kind {
    /// Tables, views, sequences and indexes.
    RELATION,
    /// A column that is added to a table.
    COLUMN,
    TYPE,
    ROUTINE,
    SCHEMA
  }

  private static final Set<String> RELATIONS =
      Set.of("TABLE", "VIEW", "MATERIALIZED VIEW", "SEQUENCE", "FOREIGN TABLE");
  private static final Set<String> TYPES = Set.of("TYPE", "DOMAIN");
  private static final Set<String> ROUTINES = Set.of("FUNCTION", "PROCEDURE", "AGGREGATE");

  /// What stands in ALTER TABLE … ADD where no column does.
  private static final Set<String> CONSTRAINTS =
      Set.of("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE", "NOT");

  /// The object for people, as `relation "app"."orders"`.
  public String text() {
    String qualified = schema.map(s -> s.quoted() + ".").orElse("") + name.quoted();
    return switch (kind) {
      case RELATION -> "relation " + qualified;
      case COLUMN -> "column " + qualified + column.map(c -> "." + c.quoted()).orElse("");
      case TYPE -> "type " + qualified;
      case ROUTINE -> "routine " + qualified;
      case SCHEMA -> "schema " + qualified;
    };
  }

  static List<CreatedObject> of(Phrase phrase) {
    if (phrase.at("ALTER")) {
      return addedColumns(phrase);
    }
    if (!phrase.skip("CREATE")) {
      return List.of();
    }
    phrase.skip("OR", "REPLACE");
    if (phrase.at("TEMP") || phrase.at("TEMPORARY") || phrase.at("GLOBAL") || phrase.at("LOCAL")) {
      return List.of();
    }
    phrase.skip("UNLOGGED");
    phrase.skip("RECURSIVE");
    boolean unique = phrase.skip("UNIQUE");
    if (phrase.skip("INDEX")) {
      return index(phrase);
    }
    return unique ? List.of() : other(phrase);
  }

  private static List<CreatedObject> other(Phrase phrase) {
    String kind = phrase.word();
    phrase.next();
    if (kind.equals("MATERIALIZED") || kind.equals("FOREIGN")) {
      kind = kind + " " + phrase.word();
      phrase.next();
    }
    phrase.skip("IF", "NOT", "EXISTS");
    if (kind.equals("SCHEMA")) {
      return phrase.at("AUTHORIZATION")
          ? List.of()
          : phrase.skipName().map(name -> of(Kind.SCHEMA, List.of(name))).orElse(List.of());
    }
    List<Identifier> name = phrase.skipQualifiedName();
    if (RELATIONS.contains(kind)) {
      return of(Kind.RELATION, name);
    } else if (TYPES.contains(kind)) {
      return of(Kind.TYPE, name);
    }
    return ROUTINES.contains(kind) ? of(Kind.ROUTINE, name) : List.of();
  }

  /// An index lies in the schema of its table.
  private static List<CreatedObject> index(Phrase phrase) {
    phrase.skip("CONCURRENTLY");
    phrase.skip("IF", "NOT", "EXISTS");
    Optional<Identifier> name = phrase.at("ON") ? Optional.empty() : phrase.skipName();
    phrase.skip("ON");
    phrase.skip("ONLY");
    List<Identifier> table = phrase.skipQualifiedName();
    if (name.isEmpty() || table.isEmpty()) {
      return List.of();
    }
    return List.of(new CreatedObject(Kind.RELATION, schema(table), name.get(), Optional.empty()));
  }

  private static List<CreatedObject> addedColumns(Phrase phrase) {
    if (!phrase.skip("ALTER", "TABLE")) {
      return List.of();
    }
    phrase.skip("IF", "EXISTS");
    phrase.skip("ONLY");
    List<Identifier> table = phrase.skipQualifiedName();
    phrase.skip('*');
    if (table.isEmpty()) {
      return List.of();
    }
    List<CreatedObject> added = new ArrayList<>();
    do {
      if (phrase.skip("ADD")) {
        boolean column = phrase.skip("COLUMN");
        phrase.skip("IF", "NOT", "EXISTS");
        if (column || !CONSTRAINTS.contains(phrase.word())) {
          phrase
              .skipName()
              .map(
                  name ->
                      new CreatedObject(
                          Kind.COLUMN, schema(table), table.getLast(), Optional.of(name)))
              .ifPresent(added::add);
        }
      }
    } while (toNextAction(phrase));
    return added;
  }

  private static boolean toNextAction(Phrase phrase) {
    while (!phrase.atEnd()) {
      if (phrase.skip(',')) {
        return true;
      }
      phrase.nextOutsideParentheses();
    }
    return false;
  }

  private static List<CreatedObject> of(Kind kind, List<Identifier> name) {
    return name.isEmpty()
        ? List.of()
        : List.of(new CreatedObject(kind, schema(name), name.getLast(), Optional.empty()));
  }

  private static Optional<Identifier> schema(List<Identifier> name) {
    return name.size() > 1 ? Optional.of(name.get(name.size() - 2)) : Optional.empty();
  }
}
