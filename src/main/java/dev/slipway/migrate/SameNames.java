package dev.slipway.migrate;

import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.postgres.Row;
import dev.slipway.sql.CreatedObject;
import dev.slipway.sql.CreatedTable;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether a database holds what a changelog makes, as far as names tell: all that its statements
/// create is there, and beside that there is no table, no column and no view. Types of columns,
/// defaults and constraints are not looked at. In doubt it does not.
final class SameNames {
  private final Surface surface;
  private final Identifier schemaByDefault;
  private final Set<CreatedObject> created = new LinkedHashSet<>();
  private final Map<Relation, Set<String>> columns = new HashMap<>();
  private final Set<Relation> relations = new HashSet<>();

  private record Relation(String schema, String name) {}

  private SameNames(Surface surface, Identifier schemaByDefault) {
    this.surface = surface;
    this.schemaByDefault = schemaByDefault;
  }

  static boolean hold(Surface surface, Changelog changelog) throws SQLException {
    Row here = surface.target().session().query("SELECT current_schema()").getFirst();
    if (here.isNull(0)) {
      return false;
    }
    var names = new SameNames(surface, new Identifier(here.text(0)));
    try {
      for (Migration migration : changelog.migrations()) {
        CompiledMigration.of(migration).statements().forEach(names::add);
      }
    } catch (ChangelogException _) {
      return false;
    }
    return names.hold();
  }

  private void add(Statement statement) {
    for (CreatedObject object : statement.created()) {
      created.add(object);
      switch (object.kind()) {
        case RELATION -> relations.add(relation(object.schema(), object.name()));
        case COLUMN -> addColumn(object);
        case TYPE, ROUTINE, SCHEMA -> {}
      }
    }
    Optional<CreatedTable> table = statement.createdTable();
    if (table.isPresent()) {
      Set<String> named = new HashSet<>();
      table.get().columns().forEach(column -> named.add(column.value()));
      columns.put(relation(table.get().schema(), table.get().name()), named);
    }
  }

  private void addColumn(CreatedObject object) {
    Set<String> known = columns.get(relation(object.schema(), object.name()));
    if (known != null) {
      object.column().ifPresent(column -> known.add(column.value()));
    }
  }

  private Relation relation(Optional<Identifier> schema, Identifier name) {
    return new Relation(schema.orElse(schemaByDefault).value(), name.value());
  }

  private boolean hold() throws SQLException {
    if (columns.isEmpty()) {
      return false;
    }
    Map<Relation, Set<String>> there = new HashMap<>();
    for (Row row : surface.columns()) {
      var relation = new Relation(row.text(0), row.text(1));
      boolean isView = row.text(2).equals("v") || row.text(2).equals("m");
      if (isView && !relations.contains(relation)) {
        return false;
      }
      if (!isView) {
        Set<String> named = there.computeIfAbsent(relation, _ -> new HashSet<>());
        if (!row.isNull(3)) {
          named.add(row.text(3));
        }
      }
    }
    List<CreatedObject> all = new ArrayList<>(created);
    return there.equals(columns)
        && CatalogObjects.existing(surface.target().session(), all).size() == all.size();
  }
}
