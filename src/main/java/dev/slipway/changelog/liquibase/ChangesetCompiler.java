package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.MigrationSql;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Precondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compiles changesets to SQL, one at a time, when they are pending.
final class ChangesetCompiler {
  private final FileFinder finder;
  private final Selection selection;
  private final PreconditionReader.ExecutedIds executed;

  ChangesetCompiler(
      FileFinder finder, Selection selection, PreconditionReader.ExecutedIds executed) {
    this.finder = finder;
    this.selection = selection;
    this.executed = executed;
  }

  /// @throws ChangelogException listing everything in it that cannot be compiled
  MigrationSql compile(Changeset changeset) {
    List<ChangelogProblem> problems = new ArrayList<>();
    Optional<Precondition> precondition = precondition(changeset, problems);
    List<MigrationSql.Source> sources = ChangeSql.of(changeset, finder, selection, problems);
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    return new MigrationSql(sources, precondition, LeftOut.remarks(changeset));
  }

  private Optional<Precondition> precondition(
      Changeset changeset, List<ChangelogProblem> problems) {
    List<Node> nodes =
        changeset.node().children().stream().filter(node -> node.is("preConditions")).toList();
    if (nodes.size() > 1) {
      problems.add(
          new ChangelogProblem(
              new Origin(changeset.file().shown(), nodes.get(1).line()),
              "preConditions twice in one changeset",
              "Put all into the first: all of them must hold."));
    }
    return nodes.stream()
        .findFirst()
        .map(
            node ->
                precondition(
                    node,
                    changeset.file(),
                    changeset.properties(),
                    Quoting.of(changeset),
                    problems));
  }

  Precondition precondition(
      Node node,
      ChangelogFile file,
      ChangelogProperties.View properties,
      String quoting,
      List<ChangelogProblem> problems) {
    return new PreconditionReader(file, properties, quoting, executed, problems).read(node);
  }
}
