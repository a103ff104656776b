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
import java.util.regex.Pattern;

/// Compiles a `preConditions` node to a condition in SQL. What each kind asks is what Liquibase
/// asks of PostgreSQL (`liquibase.precondition.core`).
final class PreconditionReader {
  private static final Set<String> CONTAINER =
      Set.of("onfail", "onerror", "onfailmessage", "onerrormessage", "onsqloutput");

  /// Blanks around a list of names are part of the names.
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

  private final ChangelogFile file;
  private final ChangelogProperties.View properties;
  private final Names names;
  private final ExecutedIds executed;
  private final List<ChangelogProblem> problems;

  /// Knows under which id the history records a changeset.
  @FunctionalInterface
  interface ExecutedIds {
    /// @param path of its file, as it is recorded
    /// @return empty if there can be none: that id is another changeset's
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
    this.names = new Names(quoting.isEmpty() ? Quoting.DEFAULT : quoting);
    this.executed = executed;
    this.problems = problems;
  }

  Precondition read(Node node) {
    String output = text(node, "onSqlOutput");
    if (!output.isEmpty() && !output.matches("(?i)IGNORE|TEST|FAIL")) {
      unknownValue(node, "onSqlOutput", output, "IGNORE, TEST or FAIL");
    }
    List<Node> asked =
        node.children().stream()
            .filter(child -> !CONTAINER.contains(child.name().toLowerCase(Locale.ROOT)))
            .toList();
    refuseText(node);
    return new Precondition(
        origin(node),
        new Condition.All(conditions(asked)),
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

  private List<Condition> nested(Node node) {
    refuseText(node);
    return conditions(node.children());
  }

  private List<Condition> conditions(List<Node> nodes) {
    List<Condition> conditions = new ArrayList<>();
    for (Node node : nodes) {
      if (node.is("nestedPreconditions")) {
        conditions.addAll(nested(node));
      } else {
        conditions.add(condition(node));
      }
    }
    return conditions;
  }

  private void refuseText(Node node) {
    if (!node.text().isEmpty()) {
      problem(node, "a text inside of \"%s\"".formatted(node.name()), "Take it out.");
    }
  }

  private Condition condition(Node node) {
    return switch (node.name().toLowerCase(Locale.ROOT)) {
      case "and", "preconditions" -> new Condition.All(nested(node));
      case "or" -> new Condition.Any(nested(node));
      case "not" -> new Condition.Not(new Condition.Any(nested(node)));
      case "dbms" -> dbms(node);
      case "runningas" -> runningAs(node);
      case "tableexists" -> tableExists(node);
      case "viewexists" -> viewExists(node);
      case "sequenceexists" -> sequenceExists(node);
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
      case "onfail", "onerror", "onfailmessage", "onerrormessage", "onsqloutput" ->
          refused(
              node,
              "\"%s\" of a part of a precondition".formatted(node.name()),
              "Give it to the preConditions around it all.");
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
    String type = require(node, "type");
    return new Condition.Known(Selection.isForPostgres(type), "the database is " + type);
  }

  private Condition runningAs(Node node) {
    allow(node, "username");
    String user = require(node, "username");
    return new Condition.Holds(
        "lower(SESSION_USER) = lower(%s)".formatted(literal(user)),
        "the user is \"%s\"".formatted(user));
  }

  private Condition tableExists(Node node) {
    allow(node, "catalogName", "schemaName", "tableName");
    String name = require(node, "tableName");
    return relation(
        "table", name, "relkind IN ('r', 'p', 'f')", isInSchema(node), isRelation(name));
  }

  private Condition viewExists(Node node) {
    allow(node, "catalogName", "schemaName", "viewName");
    String name = require(node, "viewName");
    return relation("view", name, "relkind = 'v'", isInSchema(node), isInAnyCase("relname", name));
  }

  /// Liquibase asks by a query of its own, that knows the schema in its very letters.
  private Condition sequenceExists(Node node) {
    allow(node, "catalogName", "schemaName", "sequenceName");
    String name = require(node, "sequenceName");
    String schema = text(node, "schemaName");
    return relation(
        "sequence",
        name,
        "relkind = 'S'",
        schema.isEmpty()
            ? isInSchema(node)
            : CatalogSql.isInSchema("c.relnamespace", CatalogSql.isNamed("n.nspname", schema)),
        isInAnyCase("relname", name));
  }

  private static Condition relation(
      String what, String name, String kind, String isInSchema, String isNamed) {
    return new Condition.Holds(
        CatalogSql.exists("pg_class AS c", "c." + kind, isInSchema, isNamed),
        "%s \"%s\" exists".formatted(what, name));
  }

  /// Whatever the letter case, and of any relation, as Liquibase's query for PostgreSQL has it.
  private Condition columnExists(Node node) {
    allow(node, "catalogName", "schemaName", "tableName", "columnName");
    String table = require(node, "tableName");
    String column = require(node, "columnName");
    String schema = text(node, "schemaName");
    return new Condition.Holds(
        CatalogSql.exists(
            "pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid",
            "NOT a.attisdropped",
            schema.isEmpty()
                ? isInSchema(node)
                : CatalogSql.isInSchema(
                    "c.relnamespace", CatalogSql.isNamedInAnyCase("n.nspname", schema)),
            isInAnyCase("relname", table),
            CatalogSql.isNamedInAnyCase("a.attname", column)),
        "column \"%s\" of table \"%s\" exists".formatted(column, table));
  }

  /// An index that is named is told by its name; of its columns, none but their number counts, and
  /// only where its table is not named.
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
    String[] names = COMMA.split(columns, -1);
    String parts = "";
    if (!columns.isEmpty() && index.isEmpty()) {
      parts = CatalogSql.areParts(names);
    } else if (!columns.isEmpty() && table.isEmpty()) {
      parts = "i.indnatts = " + names.length;
    }
    return new Condition.Holds(
        CatalogSql.exists(
            "pg_index AS i JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid"
                + " JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid",
            isInSchema(node),
            index.isEmpty() ? "" : isIndex(index),
            table.isEmpty() ? "" : isRelation(table),
            parts),
        "index %s exists".formatted(quoted(index, table, columns)));
  }

  /// Liquibase takes the index's own name for one that a changelog writes, and folds it, too.
  private String isIndex(String name) {
    String folded = names.inCatalog(name);
    String capitals = folded.toUpperCase(Locale.ROOT);
    if (names.quoting().equals(Quoting.RESERVED_WORDS)) {
      return CatalogSql.isNamedInAnyCase("x.relname", folded);
    }
    return names.inCatalog(capitals).equals(folded)
        ? CatalogSql.isNamed("x.relname", folded, capitals)
        : CatalogSql.isNamed("x.relname", folded);
  }

  private Condition primaryKeyExists(Node node) {
    allow(node, "catalogName", "schemaName", "tableName", "primaryKeyName");
    String name = text(node, "primaryKeyName");
    String table = text(node, "tableName");
    if (name.isEmpty() && table.isEmpty()) {
      problem(node, "primaryKeyExists without primaryKeyName and tableName", "Name one of them.");
    }
    return constraint(
        node,
        "primary key " + quoted(name, table, ""),
        "k.contype = 'p'",
        name.isEmpty() ? "" : CatalogSql.isNamedInAnyCase("k.conname", name),
        table);
  }

  private Condition foreignKeyExists(Node node) {
    allow(node, "catalogName", "schemaName", "foreignKeyTableName", "foreignKeyName");
    String name = require(node, "foreignKeyName");
    String table = text(node, "foreignKeyTableName");
    return constraint(
        node,
        "foreign key " + quoted(name, table, ""),
        "k.contype = 'f'",
        CatalogSql.isNamedInAnyCase("k.conname", name),
        table);
  }

  /// By name, Liquibase finds a primary key, too, and does not look at columns.
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
    return constraint(
        node,
        "unique constraint " + quoted(name, table, columns),
        name.isEmpty() ? "k.contype = 'u'" : "k.contype IN ('u', 'p')",
        name.isEmpty()
            ? CatalogSql.areColumns("k.conrelid", "k.conkey", COMMA.split(columns.strip(), -1))
            : CatalogSql.isNamed("k.conname", names.inCatalog(name)),
        table);
  }

  private Condition constraint(Node node, String what, String type, String which, String table) {
    return new Condition.Holds(
        CatalogSql.exists(
            "pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid",
            type,
            isInSchema(node),
            which,
            table.isEmpty() ? "" : isRelation(table)),
        what + " exists");
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
    return (schema.isEmpty() ? "" : names.quoted(schema) + ".")
        + (name.isEmpty() ? "" : names.quoted(name));
  }

  /// An empty result may be expected.
  private Condition sqlCheck(Node node) {
    allow(node, "expectedResult", "sql");
    if (node.child("expectedResult").isEmpty()) {
      problem(node, "sqlCheck without expectedResult", "Give it an expectedResult.");
    }
    String expected = text(node, "expectedResult");
    String query = node.text().isEmpty() ? text(node, "sql") : properties.expand(node.text());
    Script script = Lexer.split(query);
    if (script.statements().size() != 1 || !script.problems().isEmpty()) {
      problem(node, "a sqlCheck that is not one query", "Write one SELECT that gives one value.");
      return new Condition.Known(false, "");
    }
    String sql = Names.asQuery(script.statements().getFirst().text());
    return new Condition.Holds(
        gives(sql, expected), "the result of \"%s\" is \"%s\"".formatted(query.strip(), expected));
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
        .formatted(query, literal(expected));
  }

  /// Of the root file, if it names none, as Liquibase has it.
  private Condition changesetExecuted(Node node) {
    allow(node, "id", "author", "changeLogFile");
    String id = require(node, "id");
    String author = require(node, "author");
    String given = text(node, "changeLogFile");
    String path = given.isEmpty() ? properties.expand(file.outermost().recordedPath()) : given;
    return executed
        .find(id, author, path)
        .<Condition>map(Condition.Recorded::new)
        .orElseGet(
            () ->
                new Condition.Known(
                    false, "changeset \"%s\" of \"%s\" in %s was run".formatted(id, author, path)));
  }

  /// It may be set behind the place that asks: Liquibase looks when it has read all.
  private Condition propertyDefined(Node node) {
    allow(node, "property", "value");
    String name = require(node, "property");
    String value = text(node, "value");
    boolean anyValue = node.child("value").isEmpty();
    ChangelogProperties.View all = properties.inTheEnd();
    String is = all.expand("${" + name + "}");
    return new Condition.Known(
        all.isDefined(name) && (anyValue || value.equals(is)),
        "property \"%s\" is %s".formatted(name, anyValue ? "defined" : "\"" + value + "\""));
  }

  private Condition quotingStrategy(Node node) {
    allow(node, "strategy");
    String strategy = require(node, "strategy");
    return new Condition.Known(
        strategy.equals(names.quoting()), "the quoting strategy is " + strategy);
  }

  /// Whether the relation `c` is in the schema that a node names. Liquibase writes the name of a
  /// schema as it is, but looks for it in lower case; here both are meant.
  private String isInSchema(Node node) {
    String schema = text(node, "schemaName");
    return CatalogSql.isInSchema(
        "c.relnamespace",
        schema.isEmpty()
            ? "n.nspname = current_schema()"
            : CatalogSql.isNamed(
                "n.nspname", names.inCatalog(schema), schema.toLowerCase(Locale.ROOT)));
  }

  private String isRelation(String name) {
    return CatalogSql.isNamed("c.relname", names.inCatalog(name));
  }

  private static String isInAnyCase(String column, String name) {
    return CatalogSql.isNamedInAnyCase("c." + column, name);
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
