package dev.slipway.sql;

import dev.slipway.sql.Need.Kind;
import dev.slipway.sql.Need.Right;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a statement has to do with the objects that are there before it. When in doubt it says
/// nothing: whoever stops a run by it must be sure.
///
/// @param changed names of objects that may be others behind it: made, dropped, renamed, moved
/// @param changedSchemas the same for schemas
public record Concern(
    List<Need> needs,
    List<Identifier> changed,
    List<Identifier> changedSchemas,
    Aftermath aftermath) {

  /// What nobody can tell of the statements behind it.
  public enum Aftermath {
    NOTHING,
    /// Where names without a schema lead, up to the end of the migration.
    PATH_OF_MIGRATION,
    /// The same up to the end of the run.
    PATH,
    /// That, and which objects are there at all: others went with what was dropped.
    OBJECTS,
    /// With which rights they run, up to the end of the migration.
    MIGRATION,
    /// Anything: it may have run any code.
    RUN
  }

  static final Concern NONE = after(Aftermath.NOTHING);
  private static final Concern PATH_OF_MIGRATION = after(Aftermath.PATH_OF_MIGRATION);
  private static final Concern MIGRATION = after(Aftermath.MIGRATION);
  static final Concern RUN = after(Aftermath.RUN);

  /// Commands that neither run code of others nor change who may do what.
  private static final Set<String> HARMLESS =
      Set.of(
          "ANALYZE",
          "CHECKPOINT",
          "CLUSTER",
          "COPY",
          "DEALLOCATE",
          "LISTEN",
          "LOCK",
          "MERGE",
          "NOTIFY",
          "PREPARE",
          "REFRESH",
          "REINDEX",
          "RELEASE",
          "REVOKE",
          "SAVEPOINT",
          "SHOW",
          "UNLISTEN",
          "VACUUM");

  public Concern {
    needs = List.copyOf(needs);
    changed = List.copyOf(changed);
    changedSchemas = List.copyOf(changedSchemas);
  }

  static Concern after(Aftermath aftermath) {
    return new Concern(List.of(), List.of(), List.of(), aftermath);
  }

  static Concern needing(List<Need> needs) {
    return needs.isEmpty() ? NONE : new Concern(needs, List.of(), List.of(), Aftermath.NOTHING);
  }

  static Concern of(String text) {
    var phrase = new Phrase(text);
    String verb = phrase.word();
    phrase.next();
    return switch (verb) {
      case "INSERT" -> phrase.skip("INTO") ? on(Right.INSERT, phrase) : NONE;
      case "UPDATE" -> on(Right.UPDATE, phrase);
      case "DELETE" -> phrase.skip("FROM") ? on(Right.DELETE, phrase) : NONE;
      case "TRUNCATE" -> DropConcern.truncated(phrase);
      case "CREATE" -> CreateConcern.concern(phrase);
      case "ALTER" -> AlterConcern.concern(phrase);
      case "DROP" -> DropConcern.dropped(phrase);
      case "COMMENT" -> AlterConcern.comment(phrase);
      case "SET" -> setting(phrase);
      case "RESET" -> reset(phrase);
      case "DISCARD" -> MIGRATION;
      case "SELECT" -> selected(phrase);
      case "DO" -> BlockConcern.concern(phrase);
      case "GRANT" -> granted(phrase);
      default -> HARMLESS.contains(verb) ? NONE : RUN;
    };
  }

  private static Concern on(Right right, Phrase phrase) {
    phrase.skip("ONLY");
    return needing(objects(right, Kind.RELATION, phrase.skipQualifiedName()));
  }

  /// None if the name is none.
  static List<Need> objects(Right right, Kind kind, List<Identifier> name) {
    return name.isEmpty()
        ? List.of()
        : List.of(new Need.OnObject(right, kind, schema(name), name.getLast()));
  }

  static Optional<Identifier> schema(List<Identifier> name) {
    return name.size() > 1 ? Optional.of(name.get(name.size() - 2)) : Optional.empty();
  }

  private static Concern setting(Phrase phrase) {
    boolean session = phrase.skip("SESSION");
    if (session && (phrase.at("AUTHORIZATION") || phrase.at("CHARACTERISTICS"))) {
      return MIGRATION;
    }
    phrase.skip("LOCAL");
    return switch (phrase.word()) {
      case "", "ROLE", "SESSION", "SESSION_AUTHORIZATION" -> MIGRATION;
      case "SEARCH_PATH", "SCHEMA" -> PATH_OF_MIGRATION;
      default -> NONE;
    };
  }

  private static Concern reset(Phrase phrase) {
    return switch (phrase.word()) {
      case "", "ROLE", "SESSION", "SESSION_AUTHORIZATION" -> MIGRATION;
      case "SEARCH_PATH", "ALL" -> PATH_OF_MIGRATION;
      default -> NONE;
    };
  }

  /// The two functions that pg_dump calls.
  private static Concern selected(Phrase phrase) {
    if (phrase.skip("PG_CATALOG")) {
      phrase.skip('.');
    }
    if (phrase.skip("SETVAL")) {
      return NONE;
    }
    if (!phrase.skip("SET_CONFIG") || !phrase.skip('(')) {
      return RUN;
    }
    String setting = Ascii.lower(phrase.skipString().orElse(""));
    return switch (setting) {
      case "", "role", "session_authorization" -> MIGRATION;
      case "search_path" -> PATH_OF_MIGRATION;
      default -> NONE;
    };
  }

  /// A privilege can be passed on only by whoever has it, or owns the object. A role can be granted
  /// by who may do more than that.
  private static Concern granted(Phrase phrase) {
    return phrase.skipTo("ON") ? NONE : RUN;
  }
}
