package dev.slipway.changelog.liquibase;

import dev.slipway.migration.Condition;
import dev.slipway.sql.Lexer;
import dev.slipway.sql.Literal;
import dev.slipway.sql.Script;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The precondition `sqlCheck`: that a query gives a value.
final class SqlCheck {
  /// SHOW gives a value and is no part of a query.
  private static final Pattern SHOW =
      Pattern.compile("SHOW\\s+([A-Za-z_.]+)", Pattern.CASE_INSENSITIVE);

  private static final Set<String> WRITING = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");

  private SqlCheck() {}

  /// An empty result may be expected.
  static Condition condition(Attributes of) {
    of.allowBesideText("expectedResult", "sql");
    if (!of.has("expectedResult")) {
      of.refuse("sqlCheck without expectedResult", "Give it an expectedResult.");
    }
    String expected = of.text("expectedResult");
    String query = of.textOr("sql");
    Script script = Lexer.split(query);
    if (!isOneQuery(script)) {
      of.refuse("a sqlCheck that is not one query", "Write one SELECT that gives one value.");
      return new Condition.Known(false, "");
    }
    return new Condition.Holds(
        gives(asQuery(script.statements().getFirst().text()), expected),
        "the result of \"%s\" is \"%s\"".formatted(query.strip(), expected));
  }

  private static boolean isOneQuery(Script script) {
    return script.problems().isEmpty()
        && script.statements().size() == 1
        && !WRITING.contains(script.statements().getFirst().command());
  }

  /// A statement that gives a value, as one that can stand in parentheses.
  private static String asQuery(String statement) {
    Matcher show = SHOW.matcher(statement);
    return show.matches()
        ? "SELECT pg_catalog.current_setting('%s')".formatted(show.group(1))
        : statement;
  }

  /// Whether a query gives this value, as PostgreSQL sends it to a client, which is what Liquibase
  /// compares: a boolean is `t` or `f`. Several rows or columns are an error, and so is no row. In
  /// an expression nothing raises one but a cast that fails; not of a constant, which PostgreSQL
  /// would cast in any case.
  private static String gives(String query, String expected) {
    return """
        (WITH answer AS MATERIALIZED (%s
        )
        SELECT CASE
          WHEN NOT EXISTS (SELECT FROM answer)
            THEN CAST((SELECT COALESCE(pg_catalog.min(''), 'no row') FROM answer)
              AS pg_catalog.bool)
          ELSE pg_catalog.format('%%s', (SELECT * FROM answer)) = %s
            AND (SELECT * FROM answer) IS DISTINCT FROM NULL
        END)"""
        .formatted(query, new Literal(expected).quoted());
  }
}
