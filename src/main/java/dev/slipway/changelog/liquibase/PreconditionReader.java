package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Condition;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Precondition;
import dev.slipway.migration.Precondition.Otherwise;
import java.util.ArrayList;
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
  private final ObjectConditions objects;
  private final ExecutedIds executed;
  private final NodeCheck check;

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
    this.quoting = quoting;
    this.objects = new ObjectConditions(new Names(quoting));
    this.executed = executed;
    this.check = new NodeCheck(problems);
  }

  Precondition read(Node node) {
    Attributes of = attributes(node);
    String output = of.text("onSqlOutput");
    if (!output.isEmpty() && !output.matches("(?i)IGNORE|TEST|FAIL")) {
      of.refuseValue("onSqlOutput", output, "IGNORE, TEST or FAIL");
    }
    check.allowNoText(file, node);
    List<Node> asked =
        node.children().stream()
            .filter(child -> !CONTAINER.contains(child.name().toLowerCase(Locale.ROOT)))
            .toList();
    return new Precondition(
        new Origin(file.shown(), node.line()),
        new Condition.All(conditions(asked)),
        otherwise(of, "onFail"),
        otherwise(of, "onError"),
        of.text("onFailMessage"),
        of.text("onErrorMessage"));
  }

  private Attributes attributes(Node node) {
    return new Attributes(node, file, properties, check);
  }

  private static Otherwise otherwise(Attributes of, String name) {
    String text = of.text(name);
    if (text.isEmpty()) {
      return Otherwise.HALT;
    }
    for (Otherwise value : Otherwise.values()) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    of.refuseValue(name, text, "HALT, CONTINUE, MARK_RAN or WARN");
    return Otherwise.HALT;
  }

  private List<Condition> nested(Node node) {
    check.allowNoText(file, node);
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

  private Condition condition(Node node) {
    Attributes of = attributes(node);
    return switch (node.name().toLowerCase(Locale.ROOT)) {
      case "and", "preconditions" -> new Condition.All(nested(node));
      case "or" -> new Condition.Any(nested(node));
      case "not" -> new Condition.Not(new Condition.Any(nested(node)));
      case "dbms" -> dbms(of);
      case "runningas" -> runningAs(of);
      case "tableexists" -> objects.tableExists(of);
      case "viewexists" -> objects.viewExists(of);
      case "sequenceexists" -> objects.sequenceExists(of);
      case "columnexists" -> objects.columnExists(of);
      case "indexexists" -> objects.indexExists(of);
      case "primarykeyexists" -> objects.primaryKeyExists(of);
      case "foreignkeyconstraintexists" -> objects.foreignKeyExists(of);
      case "uniqueconstraintexists" -> objects.uniqueConstraintExists(of);
      case "rowcount" -> objects.rowCount(of);
      case "tableisempty" -> objects.tableIsEmpty(of);
      case "sqlcheck" -> SqlCheck.condition(of);
      case "changesetexecuted" -> changesetExecuted(of);
      case "changelogpropertydefined" -> propertyDefined(of);
      case "expectedquotingstrategy" -> quotingStrategy(of);
      case "onfail", "onerror", "onfailmessage", "onerrormessage", "onsqloutput" ->
          refused(
              of,
              "\"%s\" of a part of a precondition".formatted(node.name()),
              "Give it to the preConditions around it all.");
      case "customprecondition" ->
          refused(
              of,
              "customPrecondition runs a Java class, and none is loaded here",
              "Write what it checks as a sqlCheck.");
      default ->
          refused(
              of,
              "unknown precondition \"%s\"".formatted(node.name()),
              "See which there are in docs/liquibase.md; extensions are not loaded.");
    };
  }

  private static Condition dbms(Attributes of) {
    of.allow("type");
    String type = of.require("type");
    return new Condition.Known(Selection.isForPostgres(type), "the database is " + type);
  }

  private static Condition runningAs(Attributes of) {
    of.allow("username");
    String user = of.require("username");
    return new Condition.Holds(
        CatalogSql.isNamedInAnyCase("SESSION_USER", user), "the user is \"%s\"".formatted(user));
  }

  /// Of the root file, if it names none, as Liquibase has it.
  private Condition changesetExecuted(Attributes of) {
    of.allow("id", "author", "changeLogFile");
    String id = of.require("id");
    String author = of.require("author");
    String given = of.text("changeLogFile");
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
  private Condition propertyDefined(Attributes of) {
    of.allow("property", "value");
    String name = of.require("property");
    String value = of.text("value");
    boolean anyValue = !of.has("value");
    ChangelogProperties.View all = properties.inTheEnd();
    String is = all.expand("${" + name + "}");
    return new Condition.Known(
        all.isDefined(name) && (anyValue || value.equals(is)),
        "property \"%s\" is %s".formatted(name, anyValue ? "defined" : "\"" + value + "\""));
  }

  private Condition quotingStrategy(Attributes of) {
    of.allow("strategy");
    String strategy = of.require("strategy");
    return new Condition.Known(strategy.equals(quoting), "the quoting strategy is " + strategy);
  }

  private static Condition refused(Attributes of, String message, String hint) {
    of.refuse(message, hint);
    return new Condition.Known(false, "");
  }
}
