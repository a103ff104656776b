package dev.slipway.migration;

import dev.slipway.migration.Conduct.OnFailure;
import dev.slipway.sql.Concern;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Need;
import dev.slipway.sql.Need.Kind;
import dev.slipway.sql.Need.Right;
import dev.slipway.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The rights without which a run of migrations surely fails, as far as their statements tell. Of
/// what they make, drop, rename or move themselves nothing is said, nor of anything behind a
/// statement that may have done whatever it liked (DO, CALL, functions, membership in roles).
public final class Needs {
  private final Map<Need, Place> places = new LinkedHashMap<>();
  private final Set<Identifier> changed = new HashSet<>();
  private final Set<Identifier> changedSchemas = new HashSet<>();
  private boolean isPathKnown = true;
  private boolean areObjectsKnown = true;
  private boolean isAnythingDropped;
  private boolean isOver;

  /// The first statement that needs something.
  ///
  /// @param command for people
  public record Place(MigrationId migration, Origin origin, String command) {
    @Override
    public String toString() {
      return "%s (%s)".formatted(origin, command);
    }
  }

  /// What is known of one migration, statement by statement.
  private final class Walk {
    private boolean isJudged;
    private boolean isOwnPathKnown = true;

    /// One that may be passed over, or may fail without harm, needs nothing.
    Walk(Migration migration, MigrationSql sql) {
      isJudged = sql.precondition().isEmpty() && migration.conduct().onFailure() == OnFailure.STOP;
    }

    void see(Migration migration, String file, Statement statement) {
      Concern concern = statement.concern();
      for (Need need : concern.needs()) {
        if (isJudged && isSure(need) && !places.containsKey(need)) {
          var origin = new Origin(file, statement.position().line());
          places.put(need, new Place(migration.id(), origin, statement.command()));
        }
        isAnythingDropped = isAnythingDropped || isDrop(need);
      }
      changed.addAll(concern.changed());
      changedSchemas.addAll(concern.changedSchemas());
      switch (concern.aftermath()) {
        case NOTHING -> {}
        case PATH_OF_MIGRATION -> isOwnPathKnown = false;
        case PATH -> isPathKnown = false;
        case OBJECTS -> {
          isPathKnown = false;
          areObjectsKnown = false;
        }
        case MIGRATION -> isJudged = false;
        case RUN -> isOver = true;
      }
    }

    private boolean isSure(Need need) {
      return switch (need) {
        case Need.Creation(var schema) -> isSure(schema);
        case Need.OnObject(_, var kind, _, var name) when kind == Kind.SCHEMA ->
            !changedSchemas.contains(name);
        case Need.OnObject(_, var kind, var schema, var name) ->
            areObjectsKnown
                && isSure(schema)
                && !changed.contains(name)
                && !(kind == Kind.PART && isAnythingDropped);
        case Need.NewSchema(var schema, _) -> !changedSchemas.contains(schema);
        case Need.NewExtension _ -> true;
      };
    }

    private boolean isSure(Optional<Identifier> schema) {
      return schema.isPresent()
          ? !changedSchemas.contains(schema.get()) && !schema.get().value().startsWith("pg_")
          : isPathKnown && isOwnPathKnown;
    }
  }

  /// With a table, what is its part is dropped, too.
  private static boolean isDrop(Need need) {
    return need instanceof Need.OnObject object && object.right() == Right.REMOVAL;
  }

  /// Those of a run that applies nothing.
  public static Needs none() {
    return new Needs();
  }

  /// Adds those of a migration that is applied behind the ones before.
  void add(Migration migration, MigrationSql sql) {
    if (isOver) {
      return;
    }
    var walk = new Walk(migration, sql);
    for (MigrationSql.Source source : sql.sources()) {
      for (Statement statement : source.script().statements()) {
        if (isOver) {
          return;
        }
        walk.see(migration, source.file(), statement);
      }
    }
  }

  /// Each with the first statement that has it, in the order of the statements.
  public Map<Need, Place> places() {
    return places;
  }
}
