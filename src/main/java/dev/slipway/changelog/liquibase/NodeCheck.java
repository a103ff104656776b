package dev.slipway.changelog.liquibase;

import dev.slipway.config.Expression;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.util.Arrays;
import java.util.List;

/// Holds nodes against what Liquibase knows, and says what is wrong where.
///
/// @param problems receives it
record NodeCheck(List<ChangelogProblem> problems) {
  private static final List<String> EXPRESSIONS = List.of("context", "contextFilter", "labels");

  /// Refuses children of other names; letter case does not count.
  void allow(ChangelogFile file, Node node, String... names) {
    for (Node child : node.children()) {
      if (Arrays.stream(names).noneMatch(child::is)) {
        refuseUnknown(file, child, node.name(), names);
      }
    }
  }

  /// Refuses a child that a parent does not know.
  ///
  /// @param names that it knows
  void refuseUnknown(ChangelogFile file, Node child, String parent, String... names) {
    refuse(
        file,
        child,
        "unknown attribute \"%s\" of %s".formatted(child.name(), parent),
        "It knows %s.".formatted(String.join(", ", names)));
  }

  /// Refuses a node that lacks one of these; an empty one is there.
  ///
  /// @return whether it has all
  boolean require(ChangelogFile file, Node node, String... names) {
    boolean complete = true;
    for (String name : names) {
      if (node.child(name).filter(child -> !child.values().isEmpty()).isEmpty()) {
        complete = false;
        refuse(
            file,
            node,
            "\"%s\" without \"%s\"".formatted(node.name(), name),
            "Write it: %s=\"…\".".formatted(name));
      }
    }
    return complete;
  }

  /// Refuses a text where only attributes and elements are read.
  void allowNoText(ChangelogFile file, Node node) {
    if (!node.values().isEmpty()) {
      refuse(
          file,
          node,
          "a text inside of %s: \"%.40s\"".formatted(node.name(), node.text()),
          "Take it out, or write it as what it is meant to be.");
    }
  }

  /// Refuses what is neither `true` nor `false`; Liquibase would take it for the latter.
  void allowTruth(ChangelogFile file, Node node, String... names) {
    for (Node child : node.children()) {
      if (Arrays.stream(names).anyMatch(child::is) && !isTruth(child.text())) {
        refuse(
            file,
            child,
            "%s \"%s\" is neither true nor false".formatted(child.name(), child.text()),
            "Write true or false.");
      }
    }
  }

  /// Refuses an expression of contexts or labels that cannot be evaluated.
  ///
  /// @return whether there is none
  boolean allowExpressions(ChangelogFile file, Node node) {
    boolean sound = true;
    for (Node child : node.children()) {
      if (EXPRESSIONS.stream().anyMatch(child::is) && !Expression.isSound(child.text())) {
        sound = false;
        refuse(
            file,
            child,
            "%s \"%s\" is no expression".formatted(child.name(), child.text()),
            Expression.EXPECTATION);
      }
    }
    return sound;
  }

  /// Whether a text is a value of an attribute that is true or false; none is.
  static boolean isTruth(String text) {
    return text.isEmpty() || text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
  }

  void refuse(ChangelogFile file, Node node, String message, String hint) {
    problems.add(new ChangelogProblem(new Origin(file.shown(), node.line()), message, hint));
  }

  /// Where the file that a node names is looked for, for a hint.
  static String whereToLook(Node node) {
    return node.flag("relativeToChangelogFile", false)
        ? "It is looked for beside the file that names it."
        : "It is looked for in the folder of the root file, and in those above it that its path"
            + " names.";
  }
}
