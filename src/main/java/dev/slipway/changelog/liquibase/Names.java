package dev.slipway.changelog.liquibase;

import dev.slipway.sql.Identifier;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names of objects as Liquibase takes them for PostgreSQL, outside of SQL that it writes.
final class Names {
  /// SHOW gives a value and is no part of a query.
  private static final Pattern SHOW =
      Pattern.compile("SHOW\\s+([A-Za-z_.]+)", Pattern.CASE_INSENSITIVE);

  private Names() {}

  /// The name of the object that a changelog means: one in mixed case is quoted, and keeps it; else
  /// PostgreSQL folds it (`PostgresDatabase.correctObjectName`).
  static String folded(String name) {
    boolean mixed =
        name.chars().anyMatch(Character::isUpperCase)
            && name.chars().anyMatch(Character::isLowerCase);
    boolean kept =
        mixed || name.contains("-") || (!name.isEmpty() && Character.isDigit(name.charAt(0)));
    return kept ? name : name.toLowerCase(Locale.ROOT);
  }

  /// The same as an identifier of SQL.
  static String quoted(String name) {
    return new Identifier(folded(name)).quoted();
  }

  /// A statement that gives a value, as one that can stand in parentheses.
  static String asQuery(String statement) {
    Matcher show = SHOW.matcher(statement);
    return show.matches()
        ? "SELECT pg_catalog.current_setting('%s')".formatted(show.group(1))
        : statement;
  }
}
