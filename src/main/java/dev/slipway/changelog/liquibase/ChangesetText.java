package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Checksum;
import dev.slipway.migration.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a changeset does, as its author wrote it: its changes and what modifies their SQL, with the
/// properties by their names, and the files that they refer to by their content. Neither the order
/// of attributes nor a path counts, and nothing that decides on whether it runs: an applied
/// changeset may get a comment, a context or a precondition.
final class ChangesetText {
  private final Changeset changeset;
  private final FileFinder finder;
  private final List<ChangelogProblem> problems;
  private final StringBuilder text = new StringBuilder();
  private final Set<Path> files = new LinkedHashSet<>();

  private ChangesetText(Changeset changeset, FileFinder finder, List<ChangelogProblem> problems) {
    this.changeset = changeset;
    this.finder = finder;
    this.problems = problems;
  }

  /// @param checksum of the text
  /// @param files that the changeset refers to
  record Digest(Checksum checksum, Set<Path> files) {}

  static Digest digest(Changeset changeset, FileFinder finder, List<ChangelogProblem> problems) {
    return new ChangesetText(changeset, finder, problems).digest();
  }

  private Digest digest() {
    for (Node child : changeset.node().children()) {
      if (!ChangesetAttribute.isOne(child.name())) {
        write(child);
      }
    }
    byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
    return new Digest(Checksum.ofText(utf8), files);
  }

  private void write(Node node) {
    text.append(node.name()).append(" {\n");
    List<Node> attributes = new ArrayList<>();
    List<Node> elements = new ArrayList<>();
    // A change may be as plain as an attribute, and its place counts.
    boolean ordered = node.is("changes") || node.is("modifySql");
    for (Node child : node.children()) {
      (child.children().isEmpty() && !ordered ? attributes : elements).add(child);
    }
    attributes.sort(Comparator.comparing(Node::name));
    Optional<Node> reference = References.of(node);
    for (Node attribute : attributes) {
      boolean isPath =
          attribute.is("relativeToChangelogFile")
              || reference.filter(attribute::equals).isPresent();
      if (!isPath && !attribute.is("comment")) {
        text.append(attribute.name());
        attribute.values().forEach(this::writeValue);
      }
    }
    reference.ifPresent(attribute -> writeFile(node, attribute));
    node.values().forEach(this::writeValue);
    elements.forEach(this::write);
    text.append("}\n");
  }

  private void writeValue(String value) {
    text.append(" = ").append(value.stripTrailing().replace("\n", "\n  ")).append('\n');
  }

  private void writeFile(Node node, Node attribute) {
    String name = changeset.properties().expand(attribute.text());
    if (name.isBlank()) {
      return;
    }
    Optional<Path> found = References.find(name, node, changeset.file(), finder);
    if (found.isEmpty()) {
      problem(
          attribute,
          "could not find \"%s\"".formatted(name),
          "It is looked for in the folder of the root file, or beside this one with"
              + " relativeToChangelogFile.");
      return;
    }
    files.add(found.get());
    if (!writeContent(found.get())) {
      return;
    }
    for (Path large : References.largeObjects(node, found.get(), changeset.file(), finder)) {
      files.add(large);
      writeContent(large);
    }
  }

  /// Returns whether it can be read.
  private boolean writeContent(Path file) {
    try {
      text.append("content = ").append(Checksum.ofText(Files.readAllBytes(file))).append('\n');
      return true;
    } catch (IOException e) {
      problems.add(ChangelogProblem.unreadable(file, e));
      return false;
    }
  }

  private void problem(Node node, String message, String hint) {
    problems.add(new ChangelogProblem(origin(node), message, hint));
  }

  private Origin origin(Node node) {
    return new Origin(changeset.file().shown(), node.line());
  }
}
