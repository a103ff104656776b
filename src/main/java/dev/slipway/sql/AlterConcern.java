package dev.slipway.sql;

import dev.slipway.sql.Concern.Aftermath;
import dev.slipway.sql.Need.Kind;
import dev.slipway.sql.Need.Right;
import java.util.ArrayList;
import java.util.List;

/// What ALTER and COMMENT have to do with the objects that are there.
final class AlterConcern {
  private AlterConcern() {}

  static Concern concern(Phrase phrase) {
    String kind = phrase.word();
    phrase.next();
    return switch (kind) {
      case "TABLE", "VIEW" -> altered(phrase, Kind.RELATION);
      case "MATERIALIZED" -> phrase.skip("VIEW") ? altered(phrase, Kind.RELATION) : Concern.RUN;
      case "FOREIGN" -> phrase.skip("TABLE") ? altered(phrase, Kind.RELATION) : Concern.NONE;
      case "SEQUENCE", "INDEX" -> altered(phrase, Kind.PART);
      case "TYPE", "DOMAIN" -> altered(phrase, Kind.TYPE);
      case "FUNCTION", "PROCEDURE", "ROUTINE" -> altered(phrase, Kind.ROUTINE);
      case "TRIGGER", "POLICY", "RULE" -> ofTable(phrase);
      case "SCHEMA" -> alteredSchema(phrase);
      case "USER" -> phrase.at("MAPPING") ? Concern.NONE : Concern.RUN;
      case "ROLE", "GROUP", "DATABASE", "EXTENSION" -> Concern.RUN;
      default -> Concern.NONE;
    };
  }

  private static Concern altered(Phrase phrase, Kind kind) {
    boolean mayBeMissing = phrase.skip("IF", "EXISTS");
    // ALTER TABLE ALL IN TABLESPACE.
    if (phrase.at("ALL")) {
      return Concern.NONE;
    }
    phrase.skip("ONLY");
    List<Identifier> name = phrase.skipQualifiedName();
    if (name.isEmpty()) {
      return Concern.NONE;
    }
    phrase.skip('*');
    if (phrase.at('(')) {
      phrase.nextOutsideParentheses();
    }
    if (phrase.skip("RENAME", "TO")) {
      return renamed(phrase, kind, name);
    }
    List<Need> needs = new ArrayList<>(Concern.objects(Right.OWNERSHIP, kind, name));
    if (!phrase.skip("SET", "SCHEMA")) {
      return phrase.skipTo("CASCADE")
          ? new Concern(needs, List.of(), List.of(), Aftermath.OBJECTS)
          : Concern.needing(needs);
    }
    if (!mayBeMissing) {
      phrase.skipName().map(Need.Creation::in).ifPresent(needs::add);
    }
    return new Concern(needs, List.of(name.getLast()), List.of(), Aftermath.NOTHING);
  }

  private static Concern renamed(Phrase phrase, Kind kind, List<Identifier> name) {
    Right right =
        kind == Kind.RELATION || kind == Kind.PART ? Right.OWNERSHIP_AND_CREATION : Right.OWNERSHIP;
    List<Identifier> names = new ArrayList<>();
    names.add(name.getLast());
    phrase.skipName().ifPresent(names::add);
    return new Concern(Concern.objects(right, kind, name), names, List.of(), Aftermath.NOTHING);
  }

  private static Concern alteredSchema(Phrase phrase) {
    List<Identifier> schema = phrase.skipQualifiedName();
    List<Need> needs = Concern.objects(Right.OWNERSHIP, Kind.SCHEMA, schema);
    return new Concern(needs, List.of(), schema, Aftermath.RUN);
  }

  /// What hangs on a table and is its owner's.
  ///
  /// @param phrase at its name, behind which `ON` and the table stand
  static Concern ofTable(Phrase phrase) {
    phrase.skipName();
    return phrase.skip("ON")
        ? Concern.needing(
            Concern.objects(Right.OWNERSHIP, Kind.RELATION, phrase.skipQualifiedName()))
        : Concern.NONE;
  }

  static Concern comment(Phrase phrase) {
    phrase.skip("ON");
    String kind = phrase.word();
    phrase.next();
    return switch (kind) {
      case "TABLE", "VIEW" -> owned(phrase, Kind.RELATION);
      case "MATERIALIZED", "FOREIGN" -> {
        boolean relation = phrase.skip("VIEW") || phrase.skip("TABLE");
        yield relation ? owned(phrase, Kind.RELATION) : Concern.NONE;
      }
      case "SEQUENCE", "INDEX" -> owned(phrase, Kind.PART);
      case "TYPE", "DOMAIN" -> owned(phrase, Kind.TYPE);
      case "FUNCTION", "PROCEDURE", "ROUTINE" -> owned(phrase, Kind.ROUTINE);
      case "SCHEMA" -> owned(phrase, Kind.SCHEMA);
      case "TRIGGER", "POLICY", "RULE" -> ofTable(phrase);
      case "COLUMN" -> {
        List<Identifier> name = phrase.skipQualifiedName();
        yield name.size() < 2
            ? Concern.NONE
            : Concern.needing(
                Concern.objects(Right.OWNERSHIP, Kind.RELATION, name.subList(0, name.size() - 1)));
      }
      default -> Concern.NONE;
    };
  }

  private static Concern owned(Phrase phrase, Kind kind) {
    return Concern.needing(Concern.objects(Right.OWNERSHIP, kind, phrase.skipQualifiedName()));
  }
}
