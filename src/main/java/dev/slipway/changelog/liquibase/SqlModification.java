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

  private final Selection selection;
  private final Database database;
  private final List<SqlVisitor> visitors = new ArrayList<>();

  private SqlModification(Selection selection, Database database) {
    this.selection = selection;
    this.database = database;
  }

  static SqlModification of(
      Changeset changeset,
      Selection selection,
      Database database,
      List<ChangelogProblem> problems) {
    var modification = new SqlModification(selection, database);
    changeset
        .node()
        .all()
        .filter(node -> node.is("modifySql"))
        .filter(node -> selection.isChosen(node, changeset.properties()))
        .forEach(node -> modification.addAll(node, changeset, problems));
    return modification;
  }

  private void addAll(Node node, Changeset changeset, List<ChangelogProblem> problems) {
    for (Node child : node.children()) {
      if (!ATTRIBUTES.contains(child.name()) && selection.isChosen(child, changeset.properties())) {
        add(child, changeset, problems);
      }
    }
  }

  /// Liquibase has one that its factory does not know.
  private static @Nullable SqlVisitor visitor(String name) {
    return name.equals("appendIfNotPresent")
        ? new AppendSqlIfNotPresentVisitor()
        : SqlVisitorFactory.getInstance().create(name);
  }

  private void add(Node node, Changeset changeset, List<ChangelogProblem> problems) {
    SqlVisitor visitor = visitor(node.name());
    var origin = new Origin(changeset.file().shown(), node.line());
    if (visitor == null) {
      problems.add(
          new ChangelogProblem(
              origin,
              "unknown element \"%s\" of modifySql".formatted(node.name()),
              "It knows append, appendIfNotPresent, prepend, replace and regExpReplace."));
      return;
    }
    TrackedNode tracked = TrackedNode.of(node, changeset.properties());
    try {
      visitor.load(tracked, Scope.getCurrentScope().getResourceAccessor());
    } catch (ParsedNodeException | RuntimeException e) {
      problems.add(
          new ChangelogProblem(
              origin,
              "could not read \"%s\" of modifySql: %s".formatted(node.name(), e.getMessage()),
              "Mend it."));
      return;
    }
    Optional<Node> ignored = tracked.ignored();
    if (ignored.isPresent()) {
      problems.add(
          new ChangelogProblem(
              new Origin(changeset.file().shown(), ignored.get().line()),
              "unknown attribute \"%s\" of %s".formatted(ignored.get().name(), node.name()),
              "Take it out, or mend its spelling: Liquibase would not see it."));
    }
    visitors.add(visitor);
  }

  String modify(String statement) {
    String modified = statement;
    for (SqlVisitor visitor : visitors) {
      modified = visitor.modifySql(modified, database);
    }
    return modified;
  }
}
