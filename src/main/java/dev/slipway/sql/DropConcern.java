package dev.slipway.sql;

import dev.slipway.sql.Concern.Aftermath;
import dev.slipway.sql.Need.Kind;
import dev.slipway.sql.Need.Right;
import java.util.ArrayList;
import java.util.List;

/// The objects of TRUNCATE and DROP, which take several.
final class DropConcern {
  private DropConcern() {}

  static Concern truncated(Phrase phrase) {
    phrase.skip("TABLE");
    List<Need> needs = new ArrayList<>();
    do {
      phrase.skip("ONLY");
      needs.addAll(Concern.objects(Right.TRUNCATE, Kind.RELATION, phrase.skipQualifiedName()));
      phrase.skip('*');
    } while (phrase.skip(','));
    return Concern.needing(needs);
  }

  static Concern dropped(Phrase phrase) {
    String kind = phrase.word();
    phrase.next();
    return switch (kind) {
      case "TABLE", "VIEW" -> dropped(phrase, Kind.RELATION);
      case "MATERIALIZED" -> phrase.skip("VIEW") ? dropped(phrase, Kind.RELATION) : Concern.RUN;
      case "FOREIGN" -> phrase.skip("TABLE") ? dropped(phrase, Kind.RELATION) : cascading(phrase);
      case "SEQUENCE" -> dropped(phrase, Kind.PART);
      case "INDEX" -> {
        phrase.skip("CONCURRENTLY");
        yield dropped(phrase, Kind.PART);
      }
      case "TYPE", "DOMAIN" -> dropped(phrase, Kind.TYPE);
      case "FUNCTION", "PROCEDURE", "ROUTINE" -> dropped(phrase, Kind.ROUTINE);
      case "SCHEMA" -> droppedSchemas(phrase);
      case "TRIGGER", "POLICY", "RULE" -> ofTable(phrase);
      case "EXTENSION" ->
          Concern.after(phrase.skipTo("CASCADE") ? Aftermath.OBJECTS : Aftermath.PATH);
      case "OWNED" -> Concern.RUN;
      default -> cascading(phrase);
    };
  }

  /// What others depend on it, and where names lead behind it, its text does not tell.
  private static Concern cascading(Phrase phrase) {
    return phrase.skipTo("CASCADE") ? Concern.after(Aftermath.OBJECTS) : Concern.NONE;
  }

  private static Concern dropped(Phrase phrase, Kind kind) {
    boolean mayBeMissing = phrase.skip("IF", "EXISTS");
    List<Need> needs = new ArrayList<>();
    List<Identifier> names = new ArrayList<>();
    do {
      List<Identifier> name = phrase.skipQualifiedName();
      if (name.isEmpty()) {
        return Concern.RUN;
      }
      names.add(name.getLast());
      // Another routine may have its name.
      if (kind != Kind.ROUTINE || !mayBeMissing) {
        needs.addAll(Concern.objects(Right.REMOVAL, kind, name));
      }
      if (phrase.at('(')) {
        phrase.nextOutsideParentheses();
      }
    } while (phrase.skip(','));
    return new Concern(needs, names, List.of(), aftermath(phrase));
  }

  private static Aftermath aftermath(Phrase phrase) {
    return phrase.at("CASCADE") ? Aftermath.OBJECTS : Aftermath.NOTHING;
  }

  private static Concern droppedSchemas(Phrase phrase) {
    phrase.skip("IF", "EXISTS");
    List<Need> needs = new ArrayList<>();
    List<Identifier> schemas = new ArrayList<>();
    do {
      List<Identifier> name = phrase.skipQualifiedName();
      needs.addAll(Concern.objects(Right.OWNERSHIP, Kind.SCHEMA, name));
      schemas.addAll(name);
    } while (phrase.skip(','));
    return new Concern(
        needs, List.of(), schemas, phrase.at("CASCADE") ? Aftermath.OBJECTS : Aftermath.PATH);
  }

  /// Where it may be missing, the table is not looked at.
  private static Concern ofTable(Phrase phrase) {
    return phrase.skip("IF", "EXISTS") ? Concern.NONE : AlterConcern.ofTable(phrase);
  }
}
