package dev.slipway.changelog.liquibase;

import dev.slipway.sql.Literal;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Questions to PostgreSQL's catalogs, as expressions of SQL. Names are those of the catalogs.
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

  /// Whether the relation `c` is in a schema for which something holds.
  ///
  /// @param condition on `n.nspname`
  static String isInSchema(String condition) {
    return "c.relnamespace IN (SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE %s)"
        .formatted(condition);
  }

  /// Whether a column holds one of these names.
  static String isNamed(String column, String... names) {
    return Arrays.stream(names)
        .distinct()
        .map(CatalogSql::literal)
        .collect(Collectors.joining(", ", column + " IN (", ")"));
  }

  static String isNamedInAnyCase(String column, String name) {
    return "lower(%s) = lower(%s)".formatted(column, literal(name));
  }

  /// Whether the columns of a constraint are the named ones, in that order and in any letter case.
  static String areColumns(String relation, String numbers, String... names) {
    return """
        %s = ARRAY(SELECT lower(a.attname) \
        FROM unnest(%s) WITH ORDINALITY AS part(number, position) \
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = %s AND a.attnum = part.number \
        ORDER BY part.position)"""
        .formatted(lowerCase(names), numbers, relation);
  }

  /// Whether the parts of the index `i` are the named columns, or expressions as PostgreSQL writes
  /// them, in that order and in any letter case; those that it merely includes among them. One that
  /// descends is told apart.
  static String areParts(String... names) {
    return """
        %s = ARRAY(SELECT lower(btrim(pg_catalog.pg_get_indexdef(i.indexrelid, number, false), \
        '"')) || CASE i.indoption[number - 1] & 1 WHEN 1 THEN ' desc' ELSE '' END \
        FROM pg_catalog.generate_series(1, i.indnatts) AS number ORDER BY number)"""
        .formatted(lowerCase(names));
  }

  private static String lowerCase(String... names) {
    return Arrays.stream(names)
        .map(name -> literal(name.toLowerCase(Locale.ROOT)))
        .collect(Collectors.joining(", ", "ARRAY[", "]::text[]"));
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
