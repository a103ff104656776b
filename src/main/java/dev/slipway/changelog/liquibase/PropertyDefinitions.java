package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogContents;
import dev.slipway.migration.ChangelogProblem;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/// Reads the `property` nodes of a changelog.
final class PropertyDefinitions {
  private static final String[] PROPERTY = {
    "name",
    "value",
    "file",
    "relativeToChangelogFile",
    "errorIfMissing",
    "context",
    "contextFilter",
    "labels",
    "dbms",
    "global"
  };

  private final FileFinder finder;
  private final Selection selection;
  private final ChangelogContents contents;
  private final NodeCheck check;
  private final ChangelogProperties properties;

  PropertyDefinitions(
      FileFinder finder,
      Selection selection,
      ChangelogContents contents,
      ChangelogProperties properties) {
    this.finder = finder;
    this.selection = selection;
    this.contents = contents;
    this.check = new NodeCheck(contents.problems());
    this.properties = properties;
  }

  /// Sets what a `property` node says, if it is for this database.
  void define(Node property, ChangelogFile file) {
    Node node = property.attributes(properties.at(file.properties()));
    check.allow(file, property, PROPERTY);
    check.allowTruth(file, node, "relativeToChangelogFile", "errorIfMissing", "global");
    if (!check.allowExpressions(file, node)) {
      return;
    }
    boolean isForThis = selection.isChosen(node);
    String fromFile = node.attribute("file");
    if (!fromFile.isEmpty()) {
      defineFrom(fromFile, node, file, isForThis);
    } else if (node.attribute("name").isEmpty()) {
      check.refuse(file, node, "a property without a name", "Name it: name=\"…\" value=\"…\".");
    } else if (isForThis) {
      set(node.attribute("name"), node.attribute("value"), node, file);
    }
  }

  private void set(String name, String value, Node node, ChangelogFile file) {
    if (node.flag("global", true)) {
      properties.set(name, value);
    } else {
      properties.set(name, value, file.properties());
    }
  }

  private void defineFrom(String name, Node node, ChangelogFile file, boolean isForThis) {
    Optional<Path> found =
        finder.find(name, References.relativeTo(node, file)).filter(Files::isRegularFile);
    if (found.isEmpty()) {
      if (node.flag("errorIfMissing", true)) {
        check.refuse(
            file, node, "could not find \"%s\"".formatted(name), NodeCheck.whereToLook(node));
      }
      return;
    }
    contents.refersTo(found.get());
    var read = new Properties();
    try (Reader reader = Files.newBufferedReader(found.get())) {
      read.load(reader);
    } catch (CharacterCodingException | IllegalArgumentException e) {
      check.refuse(
          file,
          node,
          "could not read \"%s\": %s".formatted(name, e.getMessage()),
          "Write a name and a value on each line, in UTF-8.");
    } catch (IOException e) {
      contents.problem(ChangelogProblem.unreadable(found.get(), e));
    }
    if (isForThis) {
      read.stringPropertyNames().stream()
          .sorted()
          .forEach(key -> set(key, read.getProperty(key), node, file));
    }
  }
}
