package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import liquibase.Scope;
import liquibase.database.Database;
import liquibase.parser.core.ParsedNodeException;
import liquibase.sql.visitor.AppendSqlIfNotPresentVisitor;
import liquibase.sql.visitor.SqlVisitor;
import liquibase.sql.visitor.SqlVisitorFactory;
import org.jspecify.annotations.Nullable;

/// What the `modifySql` of a changeset does to each of its statements.
final class SqlModification {
  private static final Set<String> ATTRIBUTES =
      Set.of("dbms", "context", "contextFilter", "labels", "applyToRollback");

  private final Changeset changeset;
  private final Selection selection;
  private final Database database;
  private final List<ChangelogProblem> problems;
  private final NodeCheck check;
  private final List<Step> steps = new ArrayList<>();

  private record Step(Node node, SqlVisitor visitor) {}

  private SqlModification(
      Changeset changeset,
      Selection selection,
      Database database,
      List<ChangelogProblem> problems) {
    this.changeset = changeset;
    this.selection = selection;
    this.database = database;
    this.problems = problems;
    this.check = new NodeCheck(problems);
  }

  static SqlModification of(
      Changeset changeset,
      Selection selection,
      Database database,
      List<ChangelogProblem> problems) {
    var modification = new SqlModification(changeset, selection, database, problems);
    changeset
        .node()
        .all()
        .filter(node -> node.is("modifySql"))
        .filter(modification::isChosen)
        .forEach(modification::addAll);
    return modification;
  }

  private boolean isChosen(Node node) {
    Node attributes = node.attributes(changeset.properties());
    check.allowNoText(changeset.file(), node);
    check.allowTruth(changeset.file(), attributes, "applyToRollback");
    return check.allowExpressions(changeset.file(), attributes) && selection.isChosen(attributes);
  }

  private void addAll(Node node) {
    for (Node child : node.children()) {
      if (!ATTRIBUTES.contains(child.name()) && isChosen(child)) {
        add(child);
      }
    }
  }

  /// Liquibase has one that its factory does not know.
  private static @Nullable SqlVisitor visitor(String name) {
    return name.equals("appendIfNotPresent")
        ? new AppendSqlIfNotPresentVisitor()
        : SqlVisitorFactory.getInstance().create(name);
  }

  private void add(Node node) {
    SqlVisitor visitor = visitor(node.name());
    if (visitor == null) {
      problem(
          node,
          "unknown element \"%s\" of modifySql".formatted(node.name()),
          "It knows append, appendIfNotPresent, prepend, replace and regExpReplace.");
      return;
    }
    TrackedNode tracked = TrackedNode.of(node, changeset.properties());
    try {
      visitor.load(tracked, Scope.getCurrentScope().getResourceAccessor());
    } catch (ParsedNodeException | RuntimeException e) {
      problem(
          node,
          "could not read \"%s\" of modifySql: %s".formatted(node.name(), Reason.of(e)),
          "Mend it.");
      return;
    }
    Optional<Node> ignored = tracked.ignored();
    if (ignored.isPresent()) {
      problem(
          ignored.get(),
          "unknown attribute \"%s\" of %s".formatted(ignored.get().name(), node.name()),
          "Take it out, or mend its spelling: Liquibase would not see it.");
    }
    if (isComplete(node)) {
      steps.add(new Step(node, visitor));
    }
  }

  private boolean isComplete(Node node) {
    return switch (node.name()) {
      case "replace", "regExpReplace" -> check.require(changeset.file(), node, "replace", "with");
      default -> check.require(changeset.file(), node, "value");
    };
  }

  String modify(String statement) {
    String modified = statement;
    for (Step step : steps) {
      modified = modify(modified, step);
    }
    return modified;
  }

  private String modify(String statement, Step step) {
    try {
      return step.visitor.modifySql(statement, database);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      problem(
          step.node,
          "%s of modifySql cannot be done: %s".formatted(step.node.name(), Reason.of(e)),
          "Write replace as a regular expression of Java, and in with a group that it has, as $1.");
      return statement;
    }
  }

  /// Once, however many statements have it.
  private void problem(Node node, String message, String hint) {
    var problem =
        new ChangelogProblem(new Origin(changeset.file().shown(), node.line()), message, hint);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }
}
