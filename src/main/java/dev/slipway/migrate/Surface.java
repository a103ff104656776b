package dev.slipway.migrate;

import dev.slipway.history.HistoryTable;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.MadeSchemas;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/// The schemas that a changelog is concerned with, and what of it lies in them: that of its
/// history, that in which it makes what it does not name a schema for, and those that it makes.
/// History, journal, and what belongs to extensions do not count.
///
/// @param schemas those that are there
public record Surface(Target target, List<Identifier> schemas) {
  private static final String RELATIONS =
      """
      FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f')
      WHERE NOT (n.nspname = $1 AND c.relname IN ($2, $3))
        AND NOT EXISTS
          (SELECT FROM pg_catalog.pg_depend AS d
           WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
             AND d.deptype = 'e')
        AND n.nspname IN (""";

  public Surface {
    schemas = List.copyOf(schemas);
  }

  /// Looks which of them are there.
  public static Surface of(Target target, Changelog changelog) throws SQLException {
    Session session = target.session();
    Set<Identifier> wanted = new LinkedHashSet<>();
    wanted.add(target.historyTable().schema());
    Row here = session.query("SELECT pg_catalog.current_schema()").getFirst();
    if (!here.isNull(0) && MadeSchemas.fillsSearchPath(changelog)) {
      wanted.add(new Identifier(here.text(0)));
    }
    wanted.addAll(MadeSchemas.of(changelog));
    List<Identifier> there = new ArrayList<>();
    for (Identifier schema : wanted) {
      if (!session
          .query("SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1", schema.value())
          .isEmpty()) {
        there.add(schema);
      }
    }
    return new Surface(target, there);
  }

  /// The names of the tables, with their schemas, in order.
  List<String> tables() throws SQLException {
    List<String> tables = new ArrayList<>();
    for (Row row :
        select("SELECT DISTINCT n.nspname, c.relname", "AND c.relkind IN ('r', 'p', 'f')")) {
      tables.add(row.text(0) + "." + row.text(1));
    }
    return tables;
  }

  /// A row for each view, and for each column of each table: schema, name, the kind of relation,
  /// the column's name.
  List<Row> columns() throws SQLException {
    return select(
        "SELECT n.nspname, c.relname, c.relkind, a.attname",
        "AND c.relkind IN ('r', 'p', 'f', 'v', 'm')");
  }

  private List<Row> select(String columns, String kinds) throws SQLException {
    if (schemas.isEmpty()) {
      return List.of();
    }
    HistoryTable history = target.historyTable();
    return target
        .session()
        .query(
            columns + "\n" + RELATIONS + list() + ")\n" + kinds + "\nORDER BY 1, 2",
            history.schema().value(),
            history.table().value(),
            HistoryTable.JOURNAL.value());
  }

  private String list() {
    var list = new StringJoiner(", ");
    for (Identifier schema : schemas) {
      list.add(new Literal(schema.value()).quoted());
    }
    return list.toString();
  }
}
