package dev.slipway.resync;

import static java.util.stream.Collectors.joining;

import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.SqlFile;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The schemas that are emptied.
///
/// @param all those that are there
/// @param remade of these, those that the changelog makes whether they are there or not, by CREATE
///     SCHEMA: they have to go, else it could not be applied
public record WipedSchemas(List<Identifier> all, List<Identifier> remade) {
  public WipedSchemas {
    all = List.copyOf(all);
    remade = List.copyOf(remade);
  }

  /// What removes those that are made again. By then they are empty.
  List<String> drops() {
    return remade.stream().map(schema -> "DROP SCHEMA IF EXISTS " + schema.quoted()).toList();
  }

  /// What keeps them from being removed: their owner, or an extension in them. A line for each.
  List<String> obstacles(Session session) throws SQLException {
    if (remade.isEmpty()) {
      return List.of();
    }
    List<String> obstacles = new ArrayList<>();
    String sql = SqlFile.read(WipedSchemas.class, "remade.sql");
    for (Row row : session.query(sql, Contents.joined(remade))) {
      obstacles.add(row.text(0));
    }
    return obstacles;
  }

  /// Their names, for people.
  static String text(List<Identifier> schemas) {
    return schemas.stream().map(Identifier::quoted).collect(joining(", "));
  }
}
