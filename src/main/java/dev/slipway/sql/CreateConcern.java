package dev.slipway.sql;

import dev.slipway.sql.Concern.Aftermath;
import dev.slipway.sql.Need.Kind;
import dev.slipway.sql.Need.Right;
import dev.slipway.sql.Need.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What CREATE has to do with the objects that are there.
final class CreateConcern {
  private CreateConcern() {}

  static Concern concern(Phrase phrase) {
    Replacing replacing = phrase.skip("OR", "REPLACE") ? Replacing.MAYBE : Replacing.NEVER;
    Place place = Place.SCHEMA;
    while (phrase.skip("TEMP")
        || phrase.skip("TEMPORARY")
        || phrase.skip("GLOBAL")
        || phrase.skip("LOCAL")) {
      place = Place.SESSION;
    }
    phrase.skip("UNLOGGED");
    phrase.skip("RECURSIVE");
    phrase.skip("CONSTRAINT");
    phrase.skip("UNIQUE");
    String kind = phrase.word();
    phrase.next();
    return switch (kind) {
      case "TABLE" -> table(phrase, place);
      case "VIEW" -> view(phrase, place, replacing);
      case "SEQUENCE" -> {
        phrase.skip("IF", "NOT", "EXISTS");
        yield made(phrase.skipQualifiedName(), place);
      }
      case "MATERIALIZED" -> phrase.skip("VIEW") ? materializedView(phrase) : Concern.RUN;
      case "FOREIGN" -> phrase.skip("TABLE") ? table(phrase, place) : Concern.NONE;
      case "INDEX" -> index(phrase);
      case "TYPE", "DOMAIN", "FUNCTION", "PROCEDURE", "AGGREGATE" ->
          made(phrase.skipQualifiedName(), place);
      case "SCHEMA" -> schema(phrase);
      case "EXTENSION" -> extension(phrase);
      case "TRIGGER" -> trigger(phrase);
      case "POLICY" -> AlterConcern.ofTable(phrase);
      case "RULE" -> rule(phrase);
      default -> Concern.NONE;
    };
  }

  /// Where it is made.
  private enum Place {
    SCHEMA,
    /// It is temporary.
    SESSION
  }

  /// Whether it may take the place of another.
  private enum Replacing {
    NEVER,
    MAYBE
  }

  private static Concern made(List<Identifier> name, Place place) {
    if (name.isEmpty()) {
      return Concern.RUN;
    }
    List<Need> needs =
        place == Place.SESSION ? List.of() : List.of(new Need.Creation(Concern.schema(name)));
    return new Concern(needs, List.of(name.getLast()), List.of(), Aftermath.NOTHING);
  }

  /// That of the concern, and these.
  private static Concern and(Concern concern, List<Need> more) {
    List<Need> needs = new ArrayList<>(concern.needs());
    needs.addAll(more);
    return new Concern(needs, concern.changed(), concern.changedSchemas(), concern.aftermath());
  }

  /// With IF NOT EXISTS, rights are asked for before the table is looked for, but not by CREATE
  /// TABLE AS.
  private static Concern table(Phrase phrase, Place place) {
    boolean mayBeThere = phrase.skip("IF", "NOT", "EXISTS");
    List<Identifier> name = phrase.skipQualifiedName();
    if (phrase.skip("PARTITION", "OF") && !mayBeThere) {
      return and(
          made(name, place),
          Concern.objects(Right.OWNERSHIP, Kind.RELATION, phrase.skipQualifiedName()));
    }
    return made(name, mayBeThere && phrase.skipTo("AS") ? Place.SESSION : place);
  }

  private static Concern view(Phrase phrase, Place place, Replacing replacing) {
    List<Identifier> name = phrase.skipQualifiedName();
    Concern made = made(name, place);
    return place == Place.SCHEMA && replacing == Replacing.MAYBE
        ? and(made, Concern.objects(Right.OWNERSHIP, Kind.RELATION, name))
        : made;
  }

  private static Concern materializedView(Phrase phrase) {
    Place place = phrase.skip("IF", "NOT", "EXISTS") ? Place.SESSION : Place.SCHEMA;
    return made(phrase.skipQualifiedName(), place);
  }

  private static Concern index(Phrase phrase) {
    phrase.skip("CONCURRENTLY");
    phrase.skip("IF", "NOT", "EXISTS");
    Optional<Identifier> name = phrase.at("ON") ? Optional.empty() : phrase.skipName();
    if (!phrase.skip("ON")) {
      return Concern.RUN;
    }
    phrase.skip("ONLY");
    List<Identifier> table = phrase.skipQualifiedName();
    return new Concern(
        Concern.objects(Right.OWNERSHIP_AND_CREATION, Kind.RELATION, table),
        name.stream().toList(),
        List.of(),
        Aftermath.NOTHING);
  }

  /// The right is asked for before the schema is looked for.
  private static Concern schema(Phrase phrase) {
    phrase.skip("IF", "NOT", "EXISTS");
    phrase.skip("AUTHORIZATION");
    Optional<Identifier> name = phrase.skipName();
    if (name.isEmpty()) {
      return Concern.RUN;
    }
    return new Concern(
        List.of(new Need.NewSchema(name.get(), Scope.ALWAYS)),
        List.of(),
        List.of(name.get()),
        Aftermath.PATH);
  }

  private static Concern extension(Phrase phrase) {
    Scope scope = phrase.skip("IF", "NOT", "EXISTS") ? Scope.IF_MISSING : Scope.ALWAYS;
    Optional<Identifier> name = phrase.skipName();
    return name.isEmpty()
        ? Concern.RUN
        : Concern.needing(List.of(new Need.NewExtension(name.get(), scope, phrase.skipRest())));
  }

  /// Not only the owner can have the right to make one.
  private static Concern trigger(Phrase phrase) {
    phrase.skipName();
    return phrase.skipTo("ON")
        ? Concern.needing(Concern.objects(Right.TRIGGER, Kind.RELATION, phrase.skipQualifiedName()))
        : Concern.NONE;
  }

  private static Concern rule(Phrase phrase) {
    phrase.skipName();
    return phrase.skipTo("TO")
        ? Concern.needing(
            Concern.objects(Right.OWNERSHIP, Kind.RELATION, phrase.skipQualifiedName()))
        : Concern.NONE;
  }
}
