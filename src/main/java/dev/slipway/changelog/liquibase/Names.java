package dev.slipway.changelog.liquibase;

import dev.slipway.sql.Identifier;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Names of objects as Liquibase takes them for PostgreSQL, outside of SQL that it writes.
///
/// @param quoting the strategy of quoting that is in force
record Names(String quoting) {
  /// The words that Liquibase quotes (`PostgresDatabase`).
  private static final Set<String> RESERVED =
      Set.of(
          """
          ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC AUTHORIZATION BINARY BOTH CASE
          CAST CHECK COLLATE COLLATION COLUMN CONCURRENTLY CONSTRAINT CREATE CROSS
          CURRENT_CATALOG CURRENT_DATE CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME
          CURRENT_TIMESTAMP CURRENT_USER DEFAULT DEFERRABLE DESC DISTINCT DO ELSE END EXCEPT
          FALSE FETCH FOR FOREIGN FREEZE FROM FULL GRANT GROUP HAVING ILIKE IN INITIALLY INNER
          INTERSECT INTO IS ISNULL JOIN LATERAL LEADING LEFT LIKE LIMIT LOCALTIME LOCALTIMESTAMP
          NATURAL NOT NOTNULL NULL OFFSET ON ONLY OR ORDER OUTER OVERLAPS PLACING PRIMARY
          REFERENCES RETURNING RIGHT SELECT SESSION_USER SIMILAR SOME SYMMETRIC TABLE
          TABLESAMPLE THEN TO TRAILING TRUE UNION UNIQUE USER USING VARIADIC VERBOSE WHEN WHERE
          WINDOW WITH
          """
              .strip()
              .split("\\s+", -1));

  private static final Pattern UPPER_CASE = Pattern.compile("[A-Z]");
  private static final Pattern LOWER_CASE = Pattern.compile("[a-z]");
  private static final Pattern OTHER_THAN_WORD = Pattern.compile("\\W");

  /// The name of the object that a changelog means, as the catalog has it
  /// (`PostgresDatabase.correctObjectName`).
  String inCatalog(String name) {
    return switch (quoting) {
      case Quoting.ALL -> name;
      case Quoting.RESERVED_WORDS -> name.toLowerCase(Locale.ROOT);
      default -> isKept(name) ? name : name.toLowerCase(Locale.ROOT);
    };
  }

  /// The same object as an identifier of SQL, where Liquibase writes a name as it is or in quotes
  /// (`AbstractJdbcDatabase.mustQuoteObjectName`).
  String quoted(String name) {
    return new Identifier(isQuoted(name) ? name : name.toLowerCase(Locale.ROOT)).quoted();
  }

  private boolean isQuoted(String name) {
    return quoting.equals(Quoting.ALL) || isKept(name) || OTHER_THAN_WORD.matcher(name).find();
  }

  private boolean isKept(String name) {
    return (quoting.equals(Quoting.DEFAULT) && isMixed(name))
        || name.contains("-")
        || (!name.isEmpty() && Character.isDigit(name.charAt(0)))
        || RESERVED.contains(name.toUpperCase(Locale.ROOT));
  }

  private static boolean isMixed(String name) {
    return UPPER_CASE.matcher(name).find() && LOWER_CASE.matcher(name).find();
  }
}
