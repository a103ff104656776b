package dev.slipway.changelog.liquibase;

import dev.slipway.sql.Literal;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Questions to PostgreSQL's catalogs, as expressions of SQL.
final class CatalogSql {
  private CatalogSql() {}

  /// Whether there is a row; conditions that are empty ask nothing.
  static String exists(String from, String... conditions) {
    return Arrays.stream(conditions)
        .filter(condition -> !condition.isEmpty())
        .collect(
            Collectors.joining(
                " AND ", "EXISTS (SELECT 1 FROM pg_catalog." + from + " WHERE ", ")"));
  }

  /// Whether a column of object identifiers is that of a schema; of the current one if it is empty.
  static String isIn(String column, String schema) {
    return column
        + " = (SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE "
        + (schema.isEmpty() ? "n.nspname = current_schema()" : isNamed("n.nspname", schema))
        + ")";
  }

  /// Whether a column holds the name of an object as a changelog writes it.
  static String isNamed(String column, String name) {
    return "%s = %s".formatted(column, literal(Names.folded(name)));
  }

  static String isNamedInAnyCase(String column, String name) {
    return "lower(%s) = lower(%s)".formatted(column, literal(name));
  }

  /// Whether the columns with these numbers are the named ones, in that order.
  static String areColumns(String relation, String numbers, String names) {
    String wanted =
        Arrays.stream(names.split(","))
            .map(name -> literal(Names.folded(name.strip())))
            .collect(Collectors.joining(", "));
    return """
        ARRAY[%s]::text[] = ARRAY(SELECT a.attname::text \
        FROM unnest(%s::int2[]) WITH ORDINALITY AS part(number, position) \
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = %s AND a.attnum = part.number \
        ORDER BY part.position)"""
        .formatted(wanted, numbers, relation);
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
