package dev.slipway.changelog.liquibase;

/// What a node says by its attributes, with the values of properties; and what is said of those
/// that are wrong.
record Attributes(
    Node node, ChangelogFile file, ChangelogProperties.View properties, NodeCheck check) {

  boolean has(String name) {
    return node.child(name).isPresent();
  }

  /// Empty if it is not given.
  String text(String name) {
    return properties.expand(node.attribute(name));
  }

  /// The text inside of the node; an attribute if there is none.
  String textOr(String name) {
    return node.text().isEmpty() ? text(name) : properties.expand(node.text());
  }

  /// Refuses a node that does not give it.
  String require(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      refuse("%s without %s".formatted(node.name(), name), "Give it a %s.".formatted(name));
    }
    return text;
  }

  /// Refuses all others, and a text.
  void allow(String... names) {
    allowBesideText(names);
    check.allowNoText(file, node);
  }

  void allowBesideText(String... names) {
    check.allow(file, node, names);
  }

  void refuseValue(String name, String text, String known) {
    refuse("unknown %s \"%s\"".formatted(name, text), "Write " + known + ".");
  }

  void refuse(String message, String hint) {
    check.refuse(file, node, message, hint);
  }
}
