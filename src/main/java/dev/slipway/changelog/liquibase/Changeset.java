package dev.slipway.changelog.liquibase;

import dev.slipway.migration.Origin;
import java.util.List;

/// A changeset as it was found, not yet understood.
///
/// @param id as Liquibase records it
/// @param properties what its place in the changelog sees
/// @param removals what the columns of its addColumn lose
record Changeset(
    Node node,
    String id,
    String author,
    ChangelogFile file,
    ChangelogProperties.View properties,
    List<String> removals) {

  Changeset {
    removals = List.copyOf(removals);
  }

  Origin origin() {
    return new Origin(file.shown(), node.line());
  }

  /// The value of an attribute, with properties; empty if it is not given.
  String attribute(String... names) {
    return properties.expand(node.attribute(names));
  }

  boolean flag(String name, boolean byDefault) {
    String text = attribute(name);
    return text.isEmpty() ? byDefault : Boolean.parseBoolean(text);
  }

  /// The paths under which Liquibase may have recorded its file, the likeliest first.
  List<String> paths() {
    String own = attribute("logicalFilePath");
    String logical = own.isEmpty() ? properties.expand(file.logicalPath()) : own;
    return logical.isEmpty() ? List.of(file.location()) : List.of(logical, file.location());
  }
}
