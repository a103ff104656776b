package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Condition;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Precondition;
import dev.slipway.migration.Precondition.Otherwise;
import dev.slipway.sql.Lexer;
import dev.slipway.sql.Literal;
import dev.slipway.sql.Script;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Compiles a `preConditions` node to a condition in SQL. What each kind asks is what Liquibase
/// asks of PostgreSQL (`liquibase.precondition.core`).
final class PreconditionReader {
  private static final Set<String> CONTAINER =
      Set.of("onfail", "onerror", "onfailmessage", "onerrormessage", "onsqloutput");

  private final ChangelogFile file;
  private final ChangelogProperties.View properties;
  private final String quoting;
  private final ExecutedIds executed;
  private final List<ChangelogProblem> problems;

  /// Knows under which id the history records a changeset.
  @FunctionalInterface
  interface ExecutedIds {
    /// @param path empty for the file that asks
    Optional<MigrationId> find(String id, String author, String path);
  }

  /// @param quoting the strategy of quoting that is in force
  PreconditionReader(
      ChangelogFile file,
      ChangelogProperties.View properties,
      String quoting,
      ExecutedIds executed,
      List<ChangelogProblem> problems) {
    this.file = file;
    this.properties = properties;
    this.quoting = quoting;
    this.executed = executed;
    this.problems = problems;
  }

  Precondition read(Node node) {
    String output = text(node, "onSqlOutput");
    if (!output.isEmpty() && !output.matches("(?i)IGNORE|TEST|FAIL")) {
      unknownValue(node, "onSqlOutput", output, "IGNORE, TEST or FAIL");
    }
    return new Precondition(
        origin(node),
        all(node),
        otherwise(node, "onFail"),
        otherwise(node, "onError"),
        text(node, "onFailMessage"),
        text(node, "onErrorMessage"));
  }

  private Otherwise otherwise(Node node, String name) {
    String text = text(node, name);
    if (text.isEmpty()) {
      return Otherwise.HALT;
    }
    for (Otherwise value : Otherwise.values()) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    unknownValue(node, name, text, "HALT, CONTINUE, MARK_RAN or WARN");
    return Otherwise.HALT;
  }

  private void unknownValue(Node node, String name, String text, String known) {
    problem(node, "unknown %s \"%s\"".formatted(name, text), "Write " + known + ".");
  }

  private Condition all(Node node) {
    return new Condition.All(conditions(node));
  }

  private List<Condition> conditions(Node node) {
    List<Condition> conditions = new ArrayList<>();
    for (Node child : node.children()) {
      if (child.is("nestedPreconditions")) {
        conditions.addAll(conditions(child));
      } else if (!CONTAINER.contains(child.name().toLowerCase(Locale.ROOT))) {
        conditions.add(condition(child));
      }
    }
    if (!node.text().isEmpty()) {
      problem(node, "a text inside of \"%s\"".formatted(node.name()), "Take it out.");
    }
    return conditions;
  }

  private Condition condition(Node node) {
    return switch (node.name().toLowerCase(Locale.ROOT)) {
      case "and", "preconditions" -> all(node);
      case "or" -> new Condition.Any(conditions(node));
      case "not" -> new Condition.Not(new Condition.Any(conditions(node)));
      case "dbms" -> dbms(node);
      case "runningas" -> runningAs(node);
      case "tableexists" -> relation(node, "table", "tableName", "relkind IN ('r', 'p', 'f')");
      case "viewexists" -> relation(node, "view", "viewName", "relkind = 'v'");
      case "sequenceexists" -> relation(node, "sequence", "sequenceName", "relkind = 'S'");
      case "columnexists" -> columnExists(node);
      case "indexexists" -> indexExists(node);
      case "primarykeyexists" -> primaryKeyExists(node);
      case "foreignkeyconstraintexists" -> foreignKeyExists(node);
      case "uniqueconstraintexists" -> uniqueConstraintExists(node);
      case "rowcount" -> rowCount(node);
      case "tableisempty" -> tableIsEmpty(node);
      case "sqlcheck" -> sqlCheck(node);
      case "changesetexecuted" -> changesetExecuted(node);
      case "changelogpropertydefined" -> propertyDefined(node);
      case "expectedquotingstrategy" -> quotingStrategy(node);
      case "customprecondition" ->
          refused(
              node,
              "customPrecondition runs a Java class, and none is loaded here",
              "Write what it checks as a sqlCheck.");
      default ->
          refused(
              node,
              "unknown precondition \"%s\"".formatted(node.name()),
              "See which there are in docs/liquibase.md; extensions are not loaded.");
    };
  }

  private Condition dbms(Node node) {
    allow(node, "type");
    String type = text(node, "type");
    return new Condition.Known(Selection.isForPostgres(type), "the database is " + type);
  }

  private Condition runningAs(Node node) {
    allow(node, "username");
    String user = require(node, "username");
    return new Condition.Holds(
        "lower(SESSION_USER) = lower(%s)".formatted(literal(user)),
        "the user is \"%s\"".formatted(user));
  }

  private Condition relation(Node node, String what, String attribute, String kind) {
    allow(node, "catalogName", "schemaName", attribute);
    String name = require(node, attribute);
    return new Condition.Holds(
        CatalogSql.exists(
            "pg_class AS c",
            "c." + kind,
            isIn("c.relnamespace", node),
            CatalogSql.isNamed("c.relname", name)),
        "%s \"%s\" exists".formatted(what, name));
  }

  /// Whatever the letter case, and of any relation, as Liquibase's query for PostgreSQL has it.
  private Condition columnExists(Node node) {
    allow(node, "catalogName", "schemaName", "tableName", "columnName");
    String table = require(node, "tableName");
    String column = require(node, "columnName");
    return new Condition.Holds(
        CatalogSql.exists(
            "pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid",
            "a.attnum > 0 AND NOT a.attisdropped",
            isIn("c.relnamespace", node),
            CatalogSql.isNamedInAnyCase("c.relname", table),
            CatalogSql.isNamedInAnyCase("a.attname", column)),
        "column \"%s\" of table \"%s\" exists".formatted(column, table));
  }

  private Condition indexExists(Node node) {
    allow(node, "catalogName", "schemaName", "tableName", "columnNames", "indexName");
    String index = text(node, "indexName");
    String table = text(node, "tableName");
    String columns = text(node, "columnNames");
    if (index.isEmpty() && (table.isEmpty() || columns.isEmpty())) {
      problem(
          node,
          "indexExists without an indexName, or a tableName with columnNames",
          "Name the index.");
    }
    return new Condition.Holds(
        CatalogSql.exists(
            "pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid"
                + " JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid",
            isIn("t.relnamespace", node),
            index.isEmpty() ? "" : CatalogSql.isNamed("c.relname", index),
            table.isEmpty() ? "" : CatalogSql.isNamed("t.relname", table),
            columns.isEmpty() ? "" : CatalogSql.areColumns("i.indrelid", "i.indkey", columns)),
        "index %s exists".formatted(quoted(index, table, columns)));
  }

  private Condition primaryKeyExists(Node node) {
    allow(node, "catalogName", "schemaName", "tableName", "primaryKeyName");
    String name = text(node, "primaryKeyName");
    String table = text(node, "tableName");
    if (name.isEmpty() && table.isEmpty()) {
      problem(node, "primaryKeyExists without primaryKeyName and tableName", "Name one of them.");
    }
    return constraint(node, "p", "primary key", name, table, "");
  }

  private Condition foreignKeyExists(Node node) {
    allow(node, "catalogName", "schemaName", "foreignKeyTableName", "foreignKeyName");
    String name = require(node, "foreignKeyName");
    return constraint(node, "f", "foreign key", name, text(node, "foreignKeyTableName"), "");
  }

  private Condition uniqueConstraintExists(Node node) {
    allow(node, "catalogName", "schemaName", "tableName", "columnNames", "constraintName");
    String name = text(node, "constraintName");
    String table = require(node, "tableName");
    String columns = text(node, "columnNames");
    if (name.isEmpty() && columns.isEmpty()) {
      problem(
          node,
          "uniqueConstraintExists without constraintName and columnNames",
          "Name one of them.");
    }
    return constraint(node, "u", "unique constraint", name, table, columns);
  }

  private Condition constraint(
      Node node, String type, String what, String name, String table, String columns) {
    return new Condition.Holds(
        CatalogSql.exists(
            "pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid",
            "k.contype = '" + type + "'",
            isIn("c.relnamespace", node),
            name.isEmpty() ? "" : CatalogSql.isNamed("k.conname", name),
            table.isEmpty() ? "" : CatalogSql.isNamed("c.relname", table),
            columns.isEmpty() ? "" : CatalogSql.areColumns("k.conrelid", "k.conkey", columns)),
        "%s %s exists".formatted(what, quoted(name, table, columns)));
  }

  private static String quoted(String name, String table, String columns) {
    return (name.isEmpty() ? "" : "\"" + name + "\"")
        + (table.isEmpty() ? "" : (name.isEmpty() ? "" : " ") + "of table \"" + table + "\"")
        + (columns.isEmpty() ? "" : " (" + columns + ")");
  }

  private Condition rowCount(Node node) {
    allow(node, "catalogName", "schemaName", "tableName", "expectedRows");
    String rows = require(node, "expectedRows");
    if (!rows.matches("\\d{1,18}")) {
      unknownValue(node, "expectedRows", rows, "a number of rows");
      rows = "0";
    }
    return new Condition.Holds(
        "(SELECT count(*) FROM %s) = %s".formatted(table(node), rows),
        "table \"%s\" has %s rows".formatted(text(node, "tableName"), rows));
  }

  private Condition tableIsEmpty(Node node) {
    allow(node, "catalogName", "schemaName", "tableName");
    return new Condition.Holds(
        "NOT EXISTS (SELECT 1 FROM %s)".formatted(table(node)),
        "table \"%s\" is empty".formatted(text(node, "tableName")));
  }

  private String table(Node node) {
    String schema = text(node, "schemaName");
    String name = require(node, "tableName");
    return (schema.isEmpty() ? "" : Names.quoted(schema) + ".")
        + (name.isEmpty() ? "" : Names.quoted(name));
  }

  /// Compares as text. JDBC, through which Liquibase reads, gives booleans as `t` and `f`.
  private Condition sqlCheck(Node node) {
    allow(node, "expectedResult", "sql");
    String expected = text(node, "expectedResult");
    String query = node.text().isEmpty() ? text(node, "sql") : properties.expand(node.text());
    Script script = Lexer.split(query);
    if (script.statements().size() != 1 || !script.problems().isEmpty()) {
      problem(node, "a sqlCheck that is not one query", "Write one SELECT that gives one value.");
      return new Condition.Known(false, "");
    }
    String sql = Names.asQuery(script.statements().getFirst().text());
    String results =
        switch (expected) {
          case "t", "true" -> "'t', 'true'";
          case "f", "false" -> "'f', 'false'";
          default -> literal(expected);
        };
    return new Condition.Holds(
        "CAST((%s\n) AS text) IN (%s)".formatted(sql, results),
        "the result of \"%s\" is \"%s\"".formatted(query.strip(), expected));
  }

  private Condition changesetExecuted(Node node) {
    allow(node, "id", "author", "changeLogFile");
    String id = require(node, "id");
    String author = require(node, "author");
    String path = text(node, "changeLogFile");
    Optional<MigrationId> migration = executed.find(id, author, path);
    if (migration.isEmpty()) {
      return refused(
          node,
          "changeset \"%s\" of \"%s\" cannot be the id of a migration".formatted(id, author),
          "Name a changeset of this changelog.");
    }
    return new Condition.Recorded(migration.get());
  }

  private Condition propertyDefined(Node node) {
    allow(node, "property", "value");
    String name = require(node, "property");
    String value = text(node, "value");
    String is = properties.expand("${" + name + "}");
    return new Condition.Known(
        properties.isDefined(name) && (value.isEmpty() || value.equals(is)),
        "property \"%s\" is %s".formatted(name, value.isEmpty() ? "defined" : "\"" + value + "\""));
  }

  private Condition quotingStrategy(Node node) {
    allow(node, "strategy");
    String strategy = require(node, "strategy");
    return new Condition.Known(
        strategy.equals(quoting.isEmpty() ? "LEGACY" : quoting),
        "the quoting strategy is " + strategy);
  }

  private String isIn(String column, Node node) {
    return CatalogSql.isIn(column, text(node, "schemaName"));
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }

  private String text(Node node, String name) {
    return properties.expand(node.attribute(name));
  }

  private String require(Node node, String name) {
    String text = text(node, name);
    if (text.isEmpty()) {
      problem(node, "%s without %s".formatted(node.name(), name), "Give it a %s.".formatted(name));
    }
    return text;
  }

  private void allow(Node node, String... names) {
    for (Node child : node.children()) {
      if (Arrays.stream(names).noneMatch(child::is)) {
        problem(
            child,
            "unknown attribute \"%s\" of %s".formatted(child.name(), node.name()),
            "It knows %s.".formatted(String.join(", ", names)));
      }
    }
  }

  private Condition refused(Node node, String message, String hint) {
    problem(node, message, hint);
    return new Condition.Known(false, "");
  }

  private void problem(Node node, String message, String hint) {
    problems.add(new ChangelogProblem(origin(node), message, hint));
  }

  private Origin origin(Node node) {
    return new Origin(file.shown(), node.line());
  }
}
