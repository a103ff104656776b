package dev.slipway.history;

import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The checks that a transaction puts off to its end, made in its middle. `SET CONSTRAINTS ALL`
/// would count for constraints, too, that are made later in the same transaction.
public final class DeferredConstraints {
  /// All constraints of a name in a schema are meant by it, and one that cannot be deferred would
  /// be an error.
  private static final String DEFERRABLE =
      """
      SELECT pg_catalog.format('%I.%I', n.nspname, k.conname), pg_catalog.bool_or(k.condeferred)
      FROM pg_catalog.pg_constraint AS k
      JOIN pg_catalog.pg_namespace AS n ON n.oid = k.connamespace
      WHERE pg_catalog.has_schema_privilege(n.oid, 'USAGE')
      GROUP BY n.nspname, k.conname
      HAVING pg_catalog.bool_and(k.condeferrable)
      ORDER BY 1""";

  private DeferredConstraints() {}

  /// Makes the checks that are due at the transaction's end, and puts off again those that come.
  public static void checkNow(Session session) throws SQLException {
    List<String> deferrable = new ArrayList<>();
    List<String> deferred = new ArrayList<>();
    for (Row row : session.query(DEFERRABLE)) {
      deferrable.add(row.text(0));
      if (row.isTrue(1)) {
        deferred.add(row.text(0));
      }
    }
    if (!deferrable.isEmpty()) {
      session.execute("SET CONSTRAINTS " + String.join(", ", deferrable) + " IMMEDIATE");
    }
    if (!deferred.isEmpty()) {
      session.execute("SET CONSTRAINTS " + String.join(", ", deferred) + " DEFERRED");
    }
  }
}
