package dev.slipway.changelog.liquibase;

import java.util.Set;

/// Refuses texts between the elements of a change where Liquibase reads none.
record TextCheck(ChangelogFile file, NodeCheck check) {
  private static final Set<String> WITH_TEXT = Set.of("createProcedure", "createView", "output");

  /// Whose columns have values, which may be texts.
  private static final Set<String> WITH_VALUES = Set.of("insert", "update", "delete", "addColumn");

  void refuse(Node change) {
    change
        .all()
        .filter(node -> node == change ? !WITH_TEXT.contains(node.name()) : isElement(node))
        .filter(node -> !isValue(node, change))
        .forEach(node -> check.allowNoText(file, node));
  }

  /// Not an attribute, nor an element that could be one, as `where`.
  private static boolean isElement(Node node) {
    return !node.children().isEmpty()
        || node.is("column")
        || node.is("constraints")
        || node.is("param");
  }

  private static boolean isValue(Node node, Node change) {
    return WITH_VALUES.contains(change.name())
        && (node.is("column") || node.is("param"))
        && node.child("value").isEmpty();
  }
}
