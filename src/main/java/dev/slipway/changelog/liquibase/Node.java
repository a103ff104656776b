package dev.slipway.changelog.liquibase;

import dev.slipway.sql.Statement.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A piece of a changelog file, whatever its syntax: an XML element or attribute, a key of YAML or
/// JSON with its value, a line of formatted SQL. It has children, or values, or both.
final class Node {
  private final String name;
  private final String namespace;
  private final int line;
  private final List<Node> children = new ArrayList<>();
  private final List<String> values = new ArrayList<>();
  private @Nullable String identity;
  private boolean verbatim;
  private boolean instant;
  private Lines lines = Lines.OF_FILE;
  private int valueLine;

  /// @param namespace of an XML element of a prefix of its own; empty for all else
  /// @param line from 1
  Node(String namespace, String name, int line) {
    this.namespace = namespace;
    this.name = name;
    this.line = line;
    this.valueLine = line;
  }

  Node(String name, int line) {
    this("", name, line);
  }

  String name() {
    return name;
  }

  String namespace() {
    return namespace;
  }

  int line() {
    return line;
  }

  List<Node> children() {
    return children;
  }

  List<String> values() {
    return values;
  }

  /// The line on which its first value begins.
  int valueLine() {
    return valueLine;
  }

  Node add(Node child) {
    children.add(child);
    return this;
  }

  /// Adds an attribute.
  Node add(String name, String value, int line) {
    return add(new Node(name, line).addValue(value, line));
  }

  Node addValue(String value, int line) {
    if (values.isEmpty()) {
      valueLine = line;
    }
    values.add(value);
    return this;
  }

  /// The line breaks in its values are none of its file.
  Node onOneLine() {
    lines = Lines.OF_TEXT;
    return this;
  }

  Lines lines() {
    return lines;
  }

  /// Adds what stands for it, by way of an alias.
  void addAll(Node anchored) {
    anchored.values.forEach(value -> addValue(value, anchored.valueLine));
    children.addAll(anchored.children);
    identity = anchored.identity;
    instant = anchored.instant;
    lines = anchored.lines;
  }

  /// Its values name no properties: they are the content of a file.
  Node verbatim() {
    verbatim = true;
    return this;
  }

  boolean isVerbatim() {
    return verbatim;
  }

  /// What Liquibase takes a number for that stands where a text is meant, as in `id: 1.10`.
  Node readAs(String identity) {
    this.identity = identity;
    return this;
  }

  /// Liquibase takes it for a point in time.
  Node readAsInstant() {
    instant = true;
    return this;
  }

  /// Whether the text that Liquibase would record depends on the time zone in which it runs.
  boolean isInstant() {
    return instant;
  }

  /// Its first value, as Liquibase would record it.
  String identity() {
    return identity == null ? text() : identity;
  }

  /// Its first value; empty if there is none.
  String text() {
    return values.isEmpty() ? "" : values.getFirst();
  }

  /// Letter case of names does not count for Liquibase (`ParsedNode.nodeMatches`).
  boolean is(String wanted) {
    return name.equalsIgnoreCase(wanted);
  }

  Optional<Node> child(String wanted) {
    for (Node child : children) {
      if (child.is(wanted)) {
        return Optional.of(child);
      }
    }
    return Optional.empty();
  }

  /// The value of the first child of that name that has one; empty if there is none.
  String attribute(String... names) {
    for (String wanted : names) {
      for (Node child : children) {
        if (child.is(wanted) && !child.text().isEmpty()) {
          return child.text();
        }
      }
    }
    return "";
  }

  boolean flag(String wanted, boolean byDefault) {
    String text = attribute(wanted);
    return text.isEmpty() ? byDefault : Boolean.parseBoolean(text);
  }

  /// It with its attributes only, their values with properties.
  Node attributes(ChangelogProperties.View properties) {
    var copy = new Node(namespace, name, line);
    for (Node child : children) {
      if (child.children.isEmpty()) {
        var attribute = new Node(child.namespace, child.name, child.line);
        child.values.forEach(
            value -> attribute.addValue(properties.expand(value), child.valueLine));
        copy.add(attribute);
      }
    }
    return copy;
  }

  /// It and all below it.
  Stream<Node> all() {
    return Stream.concat(Stream.of(this), children.stream().flatMap(Node::all));
  }
}
