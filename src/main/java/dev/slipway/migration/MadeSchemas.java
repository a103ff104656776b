package dev.slipway.migration;

import dev.slipway.sql.CreatedObject;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The schemas that a changelog makes, and whether it makes tables in one that it does not name, as
/// far as the text of its statements tells.
public final class MadeSchemas {
  private MadeSchemas() {}

  /// In the order in which they are made.
  public static List<Identifier> of(Changelog changelog) {
    Set<Identifier> made = new LinkedHashSet<>();
    for (Migration migration : changelog.migrations()) {
      for (Statement statement : statements(migration)) {
        made.addAll(statement.createdSchemas());
      }
    }
    return new ArrayList<>(made);
  }

  /// Those of them that must not be there when it makes them.
  public static List<Identifier> anew(Changelog changelog) {
    Set<Identifier> anew = new LinkedHashSet<>();
    for (Migration migration : changelog.migrations()) {
      for (Statement statement : statements(migration)) {
        statement.schemaCreatedAnew().ifPresent(anew::add);
      }
    }
    return new ArrayList<>(anew);
  }

  /// Whether it makes relations where the search path leads.
  public static boolean fillsSearchPath(Changelog changelog) {
    for (Migration migration : changelog.migrations()) {
      for (Statement statement : statements(migration)) {
        for (CreatedObject object : statement.created()) {
          if (object.kind() == CreatedObject.Kind.RELATION && object.schema().isEmpty()) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// One that cannot be compiled makes nothing.
  private static List<Statement> statements(Migration migration) {
    try {
      return CompiledMigration.of(migration).statements();
    } catch (ChangelogException _) {
      return List.of();
    }
  }
}
