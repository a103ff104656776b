package dev.slipway.migrate;

import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.CreatedObject;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/// Looks objects up in the catalog. A name without a schema is looked for where it would be
/// created: in the first schema of the search path.
final class CatalogObjects {
  private static final String IS_THERE =
      """
      ) AS o (number, kind, schema, name, part)
      JOIN pg_catalog.pg_namespace AS n
        ON n.nspname = CASE WHEN o.kind = 'schema' THEN o.name
                            ELSE coalesce(o.schema, current_schema()) END
      WHERE CASE o.kind
        WHEN 'relation' THEN EXISTS
          (SELECT FROM pg_catalog.pg_class AS c
           WHERE c.relnamespace = n.oid AND c.relname = o.name)
        WHEN 'column' THEN EXISTS
          (SELECT FROM pg_catalog.pg_class AS c
           JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
           WHERE c.relnamespace = n.oid AND c.relname = o.name
             AND a.attname = o.part AND a.attnum > 0 AND NOT a.attisdropped)
        WHEN 'type' THEN EXISTS
          (SELECT FROM pg_catalog.pg_type AS t
           WHERE t.typnamespace = n.oid AND t.typname = o.name)
        WHEN 'routine' THEN EXISTS
          (SELECT FROM pg_catalog.pg_proc AS p
           WHERE p.pronamespace = n.oid AND p.proname = o.name)
        ELSE true
      END
      ORDER BY o.number""";

  private CatalogObjects() {}

  /// Those that are there, in the same order.
  static List<CreatedObject> existing(Session session, List<CreatedObject> objects)
      throws SQLException {
    List<CreatedObject> existing = new ArrayList<>();
    if (objects.isEmpty()) {
      return existing;
    }
    var values = new StringJoiner(",\n");
    for (int i = 0; i < objects.size(); i++) {
      values.add(value(i, objects.get(i)));
    }
    for (Row row : session.query("SELECT o.number FROM (VALUES " + values + IS_THERE)) {
      existing.add(objects.get((int) row.number(0)));
    }
    return existing;
  }

  private static String value(int number, CreatedObject object) {
    return "(%d, '%s', %s, %s, %s)"
        .formatted(
            number,
            object.kind().name().toLowerCase(Locale.ROOT),
            literal(object.schema()),
            literal(Optional.of(object.name())),
            literal(object.column()));
  }

  private static String literal(Optional<Identifier> name) {
    return name.map(identifier -> new Literal(identifier.value()).quoted())
        .orElse("NULL::pg_catalog.text");
  }
}
