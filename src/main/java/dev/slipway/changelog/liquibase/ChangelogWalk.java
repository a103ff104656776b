package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogContents;
import dev.slipway.migration.ChangelogProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Goes through a root file and all that it includes, in Liquibase's order, and finds the
/// changesets and what is in force where they stand (Liquibase's `DatabaseChangeLog`).
final class ChangelogWalk {
  /// Deeper than any changelog, and far from the end of the stack.
  private static final int DEEPEST = 100;

  private static final String[] CHANGELOG = {
    "logicalFilePath", "context", "contextFilter", "objectQuotingStrategy", "changeLogId"
  };
  private static final String[] INCLUDE = {
    "file",
    "relativeToChangelogFile",
    "errorIfMissing",
    "context",
    "contextFilter",
    "labels",
    "ignore",
    "logicalFilePath"
  };
  private static final String[] INCLUDE_ALL = {
    "path",
    "relativeToChangelogFile",
    "errorIfMissingOrEmpty",
    "context",
    "contextFilter",
    "labels",
    "ignore",
    "logicalFilePath",
    "minDepth",
    "maxDepth",
    "endsWithFilter",
    "filter",
    "resourceFilter",
    "resourceComparator"
  };
  private static final String[] REMOVE_PROPERTY = {"change", "dbms", "remove"};

  private final FileFinder finder;
  private final ChangelogContents contents;
  private final NodeCheck check;
  private final ChangelogProperties properties = new ChangelogProperties();
  private final PropertyDefinitions definitions;
  private final List<Changeset> changesets = new ArrayList<>();
  private final List<Requirement> requirements = new ArrayList<>();
  private int depth;

  /// What a file asks of the database for all of the changelog.
  record Requirement(Node node, ChangelogFile file, ChangelogProperties.View properties) {}

  ChangelogWalk(FileFinder finder, Selection selection, ChangelogContents contents) {
    this.finder = finder;
    this.contents = contents;
    this.check = new NodeCheck(contents.problems());
    this.definitions = new PropertyDefinitions(finder, selection, contents, properties);
  }

  /// The changesets in the order in which they are to be applied.
  List<Changeset> changesets() {
    return changesets;
  }

  List<Requirement> requirements() {
    return requirements;
  }

  void read(ChangelogFile file) {
    check.allowNoText(file, file.root());
    if (!check.allowExpressions(file, file.root())) {
      return;
    }
    if (ChangelogFormat.definesPropertiesFirst(file.path())) {
      file.root().children().stream()
          .filter(child -> child.name().equals("property"))
          .forEach(child -> definitions.define(child, file));
    }
    for (Node child : file.root().children()) {
      readChild(child, file);
    }
  }

  private void readChild(Node child, ChangelogFile file) {
    switch (child.name()) {
      case "changeSet" -> addChangeset(child, file);
      case "include" -> include(attributes(child, file), file);
      case "includeAll" -> includeAll(attributes(child, file), file);
      case "property" -> definitions.define(child, file);
      case "preConditions" ->
          requirements.add(new Requirement(child, file, properties.at(file.properties())));
      case "modifyChangeSets" -> modify(child, file);
      case "removeChangeSetProperty" -> remove(child, file);
      default -> {
        if (Arrays.stream(CHANGELOG).noneMatch(child::is)) {
          check.refuse(
              file,
              child,
              "unknown element \"%s\" in a changelog".formatted(child.name()),
              "Known are changeSet, include, includeAll, property, preConditions.");
        }
      }
    }
  }

  private Node attributes(Node node, ChangelogFile file) {
    return node.attributes(properties.at(file.properties()));
  }

  private void addChangeset(Node node, ChangelogFile file) {
    ChangelogProperties.View view = properties.at(file.properties());
    String id = view.expand(node.child("id").map(Node::identity).orElse(""));
    String author = view.expand(node.child("author").map(Node::identity).orElse(""));
    if (id.isBlank()) {
      check.refuse(file, node, "a changeset without an id", "Give it one.");
      return;
    }
    refuseInstant(node, file);
    check.allowNoText(file, node);
    Node attributes = node.attributes(view);
    check.allowTruth(
        file,
        attributes,
        "runAlways",
        "alwaysRun",
        "runOnChange",
        "runInTransaction",
        "failOnError",
        "ignore");
    String onValidationFail = attributes.attribute("onValidationFail");
    if (!onValidationFail.matches("|HALT|MARK_RAN")) {
      check.refuse(
          file,
          node,
          "unknown onValidationFail \"%s\"".formatted(onValidationFail),
          "Write HALT or MARK_RAN.");
    }
    if (author.isBlank()) {
      check.refuse(file, node, "changeset \"%s\" without an author".formatted(id), "Name one.");
    }
    if (check.allowExpressions(file, attributes)) {
      add(new Changeset(node, id, author, file, view, file.removals()));
    }
  }

  private void refuseInstant(Node node, ChangelogFile file) {
    for (Node child : node.children()) {
      if (child.isInstant() && (child.is("id") || child.is("author"))) {
        check.refuse(
            file,
            child,
            "%s %s is a point in time, which Liquibase records in the words of its time zone"
                .formatted(child.name(), child.text()),
            "Write in quotes what DATABASECHANGELOG holds, or, where nothing is recorded, \"%s\"."
                .formatted(child.text()));
      }
    }
  }

  /// At the end, unless the changeset or those at the end want another place
  /// (`DatabaseChangeLog.addChangeSet`).
  private void add(Changeset changeset) {
    switch (changeset.attribute("runOrder")) {
      case "" -> {
        int at = changesets.size();
        while (at > 0 && changesets.get(at - 1).attribute("runOrder").equals("last")) {
          at--;
        }
        changesets.add(at, changeset);
      }
      case "first" -> {
        int at = 0;
        while (at < changesets.size() && changesets.get(at).attribute("runOrder").equals("first")) {
          at++;
        }
        changesets.add(at, changeset);
      }
      case "last" -> changesets.add(changeset);
      default ->
          check.refuse(
              changeset.file(),
              changeset.node(),
              "unknown runOrder \"%s\"".formatted(changeset.attribute("runOrder")),
              "Write first or last.");
    }
  }

  private void include(Node node, ChangelogFile file) {
    check.allow(file, node, INCLUDE);
    check.allowTruth(file, node, "relativeToChangelogFile", "errorIfMissing", "ignore");
    String name = node.attribute("file");
    if (name.isEmpty()) {
      check.refuse(file, node, "an include without a file", "Name it: file=\"…\".");
      return;
    }
    Optional<Path> found = finder.find(name, References.relativeTo(node, file));
    if (found.isPresent()) {
      read(found.get(), node, file);
    } else if (node.flag("errorIfMissing", true)) {
      check.refuse(
          file, node, "could not find \"%s\"".formatted(name), NodeCheck.whereToLook(node));
    }
  }

  private void read(Path path, Node include, ChangelogFile file) {
    contents.refersTo(path);
    if (!check.allowExpressions(file, include)) {
      return;
    }
    if (file.isWithin(path)) {
      check.refuse(
          file,
          include,
          "\"%s\" includes itself, by way of this file".formatted(path),
          "Take one of the includes out.");
      return;
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      check.refuse(file, include, "\"%s\" is no regular file".formatted(path), "Include a file.");
      return;
    }
    if (depth == DEEPEST) {
      check.refuse(file, include, "includes are nested too deep", "Include it from the root file.");
      return;
    }
    depth++;
    ChangelogFormat.read(path, contents.problems())
        .ifPresent(
            root ->
                read(
                    new ChangelogFile(
                        path,
                        finder.location(path),
                        root,
                        Optional.of(file),
                        Optional.of(include))));
    depth--;
  }

  private void includeAll(Node node, ChangelogFile file) {
    check.allow(file, node, INCLUDE_ALL);
    check.allowTruth(file, node, "relativeToChangelogFile", "errorIfMissingOrEmpty", "ignore");
    for (String loaded : List.of("filter", "resourceFilter", "resourceComparator")) {
      if (!node.attribute(loaded).isEmpty()) {
        check.refuse(
            file,
            node,
            "%s names a Java class, and none is loaded here".formatted(loaded),
            "Name the files by include, or choose them by endsWithFilter.");
      }
    }
    String name = node.attribute("path");
    Optional<Path> folder =
        finder.find(name, References.relativeTo(node, file)).filter(Files::isDirectory);
    if (folder.isPresent()) {
      includeAll(folder.get(), node, file);
    } else if (node.flag("errorIfMissingOrEmpty", true)) {
      check.refuse(
          file,
          node,
          "could not find the folder \"%s\"".formatted(name),
          NodeCheck.whereToLook(node));
    }
  }

  private void includeAll(Path folder, Node node, ChangelogFile file) {
    List<Path> found;
    try {
      found = filesIn(folder, node, file);
    } catch (IOException e) {
      contents.problem(ChangelogProblem.unreadable(folder, e));
      return;
    }
    if (found.isEmpty() && node.flag("errorIfMissingOrEmpty", true)) {
      check.refuse(
          file,
          node,
          "no changelog in the folder \"%s\"".formatted(folder),
          NodeCheck.whereToLook(node));
    }
    found.forEach(path -> read(path, node, file));
  }

  /// Sorted by their paths, as Liquibase does it.
  private List<Path> filesIn(Path folder, Node node, ChangelogFile file) throws IOException {
    String end = node.attribute("endsWithFilter").strip().toLowerCase(Locale.ROOT);
    int least = number(node, file, "minDepth", 0);
    int most = Math.max(1, number(node, file, "maxDepth", Integer.MAX_VALUE));
    try (Stream<Path> files = Files.walk(folder, most, FileVisitOption.FOLLOW_LINKS)) {
      return files
          .filter(path -> !Files.isDirectory(path))
          .filter(path -> folder.relativize(path).getNameCount() >= least)
          .filter(path -> ChangelogFormat.mayBe(folder.relativize(path)))
          .filter(path -> path.toString().toLowerCase(Locale.ROOT).endsWith(end))
          .sorted(Comparator.comparing(path -> path.toString().replace('\\', '/')))
          .toList();
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  private int number(Node node, ChangelogFile file, String name, int byDefault) {
    String text = node.attribute(name);
    if (text.isEmpty()) {
      return byDefault;
    }
    if (!text.matches("\\d{1,9}")) {
      check.refuse(file, node, "%s \"%s\" is no number".formatted(name, text), "Write a number.");
      return byDefault;
    }
    return Integer.parseInt(text);
  }

  private void modify(Node node, ChangelogFile file) {
    for (Node child : node.children()) {
      switch (child.name()) {
        case "include", "includeAll" -> readChild(child, file);
        case "runWith" -> refuseRunWith(child, file);
        case "runWithSpoolFile", "stripComments" -> {
          // Of the program that runWith names; comments are left where they are.
        }
        default ->
            check.refuseUnknown(
                file, child, node.name(), "runWith", "runWithSpoolFile", "stripComments");
      }
    }
  }

  private void refuseRunWith(Node node, ChangelogFile file) {
    if (!node.text().isEmpty() && !node.text().equalsIgnoreCase("jdbc")) {
      check.refuse(
          file,
          node,
          "runWith \"%s\" needs an extension, and none is loaded here".formatted(node.text()),
          "Take it out: the statements are sent by the server's own protocol.");
    }
  }

  private void remove(Node node, ChangelogFile file) {
    check.allow(file, node, REMOVE_PROPERTY);
    if (!node.attribute("change").equals("addColumn")) {
      check.refuse(
          file,
          node,
          "removeChangeSetProperty of \"%s\"".formatted(node.attribute("change")),
          "Liquibase does it for addColumn only.");
    }
    String dbms = node.attribute("dbms");
    if (!dbms.isEmpty() && Selection.isForPostgres(dbms)) {
      file.removals().add(node.attribute("remove"));
    }
  }
}
