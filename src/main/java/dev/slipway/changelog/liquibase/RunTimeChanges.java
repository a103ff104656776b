package dev.slipway.changelog.liquibase;

import dev.slipway.sql.Literal;
import java.util.Locale;

/// Changes that Liquibase does by itself when it runs, as SQL that does the same.
final class RunTimeChanges {
  private RunTimeChanges() {}

  /// `stop` ends the run at this place.
  static String stop(Node change, ChangelogProperties.View properties) {
    String given =
        properties.expand(change.text().isEmpty() ? change.attribute("message") : change.text());
    String message = given.isEmpty() ? "Stop command in changelog file" : given;
    return raise("EXCEPTION", message);
  }

  /// `output` says something to whoever watches the run.
  static String output(Node change, ChangelogProperties.View properties) {
    String message =
        properties.expand(change.text().isEmpty() ? change.attribute("message") : change.text());
    String level =
        switch (properties.expand(change.attribute("target")).toUpperCase(Locale.ROOT)) {
          case "DEBUG" -> "DEBUG";
          case "INFO" -> "NOTICE";
          default -> "WARNING";
        };
    return raise(level, message);
  }

  private static String raise(String level, String message) {
    return "DO "
        + literal("BEGIN RAISE " + level + " USING MESSAGE = " + literal(message) + "; END");
  }

  /// `dropAllForeignKeyConstraints` asks the database which there are.
  static String dropForeignKeys(Node change, ChangelogProperties.View properties) {
    String schema = properties.expand(change.attribute("baseTableSchemaName"));
    String table = properties.expand(change.attribute("baseTableName"));
    String body =
        """
        DECLARE
          statement text;
        BEGIN
          FOR statement IN
            SELECT pg_catalog.format('ALTER TABLE %%s DROP CONSTRAINT %%I', k.conrelid::regclass, k.conname)
            FROM pg_catalog.pg_constraint AS k
            JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
            JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE k.contype = 'f' AND k.conparentid = 0 AND c.relname = %s AND n.nspname = %s
            ORDER BY k.conname
          LOOP
            EXECUTE statement;
          END LOOP;
        END"""
            .formatted(
                literal(Names.folded(table)),
                schema.isEmpty() ? "pg_catalog.current_schema()" : literal(Names.folded(schema)));
    return "DO " + literal(body);
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
