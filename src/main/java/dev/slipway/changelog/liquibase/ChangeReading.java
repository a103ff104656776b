package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.util.List;
import java.util.Optional;
import liquibase.Scope;
import liquibase.change.Change;
import liquibase.change.ChangeFactory;
import liquibase.change.core.CreateTableChange;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.exception.SetupException;
import liquibase.parser.core.ParsedNodeException;
import org.jspecify.annotations.Nullable;

/// Has changes read by Liquibase, and refuses what it would not see of them.
final class ChangeReading {
  private final Changeset changeset;
  private final List<ChangelogProblem> problems;
  private final ChangeSet loading;

  ChangeReading(Changeset changeset, List<ChangelogProblem> problems) {
    this.changeset = changeset;
    this.problems = problems;
    this.loading = new ChangeSet(new DatabaseChangeLog(changeset.file().location()));
  }

  /// The change; empty if it cannot be read as it is written, with a problem.
  Optional<Change> read(Node node) {
    Change change = create(node.name());
    if (change == null) {
      problem(
          node,
          "unknown change or attribute \"%s\"".formatted(node.name()),
          "See which there are in docs/liquibase.md; extensions are not loaded.");
      return Optional.empty();
    }
    new TextCheck(changeset.file(), new NodeCheck(problems)).refuse(node);
    change.setChangeSet(loading);
    TrackedNode tracked = TrackedNode.of(node, changeset.properties());
    try {
      change.load(tracked, Scope.getCurrentScope().getResourceAccessor());
      change.finishInitialization();
    } catch (ParsedNodeException | SetupException | RuntimeException e) {
      problem(
          node,
          "could not read the change \"%s\": %s".formatted(node.name(), Reason.of(e)),
          "Mend it.");
      return Optional.empty();
    }
    Optional<Node> ignored = tracked.ignored();
    ignored.ifPresent(part -> refuseIgnored(node, part));
    return ignored.isPresent() ? Optional.empty() : Optional.of(change);
  }

  private static @Nullable Change create(String name) {
    Change change = Scope.getCurrentScope().getSingleton(ChangeFactory.class).create(name);
    return change instanceof CreateTableChange ? new OrderedCreateTableChange() : change;
  }

  /// Refuses a part of a change that no change has.
  void refuseIgnored(Node change, Node part) {
    problem(
        part,
        "unknown attribute \"%s\" of the change \"%s\"".formatted(part.name(), change.name()),
        "Take it out, or mend its spelling: Liquibase would not see it.");
  }

  private void problem(Node node, String message, String hint) {
    problems.add(
        new ChangelogProblem(new Origin(changeset.file().shown(), node.line()), message, hint));
  }
}
