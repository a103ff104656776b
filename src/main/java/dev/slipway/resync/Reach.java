package dev.slipway.resync;

import static java.util.stream.Collectors.joining;

import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.SqlFile;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// How far `DROP … CASCADE` of objects goes, by PostgreSQL's own record of dependencies.
///
/// @param locks how many objects it locks: also their indexes, constraints, row types
/// @param others what it would take along that is none of the schemas', each with its kind
record Reach(long locks, List<String> others) {
  Reach {
    others = List.copyOf(others);
  }

  static Reach of(Session session, List<SchemaObject> objects, List<Identifier> schemas)
      throws SQLException {
    if (objects.isEmpty()) {
      return new Reach(0, List.of());
    }
    List<Row> rows =
        session.query(
            SqlFile.read(Reach.class, "reach.sql"),
            objects.stream().map(SchemaObject::address).collect(joining(",")),
            Contents.joined(schemas));
    List<String> others = new ArrayList<>();
    for (Row row : rows.subList(1, rows.size())) {
      others.add(row.text(1));
    }
    return new Reach(rows.getFirst().number(0), others);
  }
}
