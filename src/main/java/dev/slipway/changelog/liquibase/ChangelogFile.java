package dev.slipway.changelog.liquibase;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One file of a changelog, with what it hands down to its changesets and to the files that it
/// includes.
final class ChangelogFile {
  private final Path path;
  private final String location;
  private final Node root;
  private final Optional<ChangelogFile> parent;
  private final ChangelogProperties.Local properties;
  private final String logicalPath;
  private final List<String> contexts = new ArrayList<>();
  private final List<String> labels = new ArrayList<>();
  private final List<String> removals = new ArrayList<>();
  private final boolean ignored;

  /// @param path as the user would open it
  /// @param location its path from the folder of the root file, with slashes
  /// @param include the node that includes it; the root file has none
  ChangelogFile(
      Path path,
      String location,
      Node root,
      Optional<ChangelogFile> parent,
      Optional<Node> include) {
    this.path = path;
    this.location = location;
    this.root = root;
    this.parent = parent;
    this.properties = new ChangelogProperties.Local(parent.map(outer -> outer.properties));
    parent.ifPresent(outer -> inherit(outer));
    include.ifPresent(
        node -> {
          addIfGiven(contexts, node.attribute("contextFilter", "context"));
          addIfGiven(labels, node.attribute("labels"));
        });
    addIfGiven(contexts, root.attribute("contextFilter", "context"));
    this.ignored =
        parent.map(ChangelogFile::isIgnored).orElse(false)
            || include.map(node -> node.flag("ignore", false)).orElse(false);
    String own = root.attribute("logicalFilePath");
    String inherited =
        parent.map(outer -> outer.logicalPath).filter(given -> !given.isEmpty()).orElse("");
    String included = include.map(node -> node.attribute("logicalFilePath")).orElse("");
    this.logicalPath = own.isEmpty() ? inherited.isEmpty() ? included : inherited : own;
  }

  private void inherit(ChangelogFile outer) {
    contexts.addAll(outer.contexts);
    labels.addAll(outer.labels);
  }

  private static void addIfGiven(List<String> to, String text) {
    if (!text.isBlank()) {
      to.add(text);
    }
  }

  Path path() {
    return path;
  }

  String shown() {
    return path.toString();
  }

  String location() {
    return location;
  }

  Node root() {
    return root;
  }

  ChangelogProperties.Local properties() {
    return properties;
  }

  /// The path under which its changesets are recorded where that is not its own; empty if it is
  /// (`DatabaseChangeLog.getActualLogicalFilePath`).
  String logicalPath() {
    return logicalPath;
  }

  /// The path under which its changesets are recorded.
  String recordedPath() {
    return logicalPath.isEmpty() ? location : logicalPath;
  }

  /// The root file, by way of which it is read.
  ChangelogFile outermost() {
    return parent.map(ChangelogFile::outermost).orElse(this);
  }

  /// The expressions of contexts around its changesets.
  List<String> contexts() {
    return contexts;
  }

  List<String> labels() {
    return labels;
  }

  boolean isIgnored() {
    return ignored;
  }

  /// How names are quoted in the SQL of its changesets; empty for Liquibase's default.
  String quoting() {
    return root.attribute("objectQuotingStrategy");
  }

  /// What the changesets that follow are to lose from the columns of their addColumn.
  List<String> removals() {
    return removals;
  }

  /// Whether it is being read already, by a file around.
  boolean isWithin(Path other) {
    return path.normalize().equals(other.normalize())
        || parent.map(outer -> outer.isWithin(other)).orElse(false);
  }
}
