package dev.slipway.changelog.liquibase;

import dev.slipway.sql.Literal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Changes that Liquibase does by itself when it runs, as SQL that does the same.
final class RunTimeChanges {
  /// What `InsertOrUpdateGeneratorPostgres` writes.
  private static final Pattern UPDATE_OR_INSERT =
      Pattern.compile(
          "DO\\n\\$\\$\\n(BEGIN\\n.*END;\\n)\\$\\$\\nLANGUAGE plpgsql;?\\s*", Pattern.DOTALL);

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

  /// Whether Liquibase knows the target of an `output`.
  static boolean isTarget(String target) {
    return target.matches("(?i)|STDOUT|STDERR|DEBUG|INFO|WARN|WARNING|SEVERE|FATAL|ERROR");
  }

  private static String raise(String level, String message) {
    return "DO "
        + literal("BEGIN RAISE " + level + " USING MESSAGE = " + literal(message) + "; END");
  }

  /// `dropAllForeignKeyConstraints` asks the database which there are; of a table that is not
  /// there, none.
  ///
  /// @param table as it stands in SQL
  static String dropForeignKeys(String table) {
    String body =
        """
        DECLARE
          statement text;
        BEGIN
          FOR statement IN
            SELECT pg_catalog.format('ALTER TABLE %%s DROP CONSTRAINT %%I', k.conrelid::regclass, k.conname)
            FROM pg_catalog.pg_constraint AS k
            WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid = pg_catalog.to_regclass(%s)
            ORDER BY k.conname
          LOOP
            EXECUTE statement;
          END LOOP;
        END"""
            .formatted(literal(table));
    return "DO " + literal(body);
  }

  /// `dropPrimaryKey` without a name asks the database for it.
  ///
  /// @param table as it stands in SQL
  static String dropPrimaryKey(String table) {
    String body =
        """
        DECLARE
          statement text;
        BEGIN
          SELECT pg_catalog.format('ALTER TABLE %%s DROP CONSTRAINT %%I', k.conrelid::regclass, k.conname)
          INTO statement
          FROM pg_catalog.pg_constraint AS k
          WHERE k.contype = 'p' AND k.conrelid = CAST(%s AS regclass);
          IF statement IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = %s;
          END IF;
          EXECUTE statement;
        END"""
            .formatted(literal(table), literal("table %s has no primary key".formatted(table)));
    return "DO " + literal(body);
  }

  /// `loadUpdateData` as Liquibase writes it, but in quotes that no value of the data can end.
  static String requoted(String block) {
    Matcher matcher = UPDATE_OR_INSERT.matcher(block);
    return matcher.matches() ? "DO LANGUAGE plpgsql " + literal(matcher.group(1)) : block;
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
