package dev.slipway.changelog.liquibase;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import liquibase.ContextExpression;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Labels;

/// Which parts of a changelog are for this database: by contexts, labels, and the kind of database.
final class Selection {
  /// Liquibase's name of the only kind of database that there is here.
  static final String DATABASE = "postgresql";

  /// In front of a context: it must be named, even where none is.
  private static final char REQUIRED = '@';

  private final String contexts;
  private final String labels;

  /// @param contexts those in force, separated by commas; empty for all
  /// @param labels an expression; empty for all
  Selection(String contexts, String labels) {
    this.contexts = contexts;
    this.labels = labels;
  }

  /// Whether a list such as `postgresql, h2` or `!oracle` means PostgreSQL; an empty one does
  /// (`DatabaseList.definitionMatches`).
  static boolean isForPostgres(String dbms) {
    if (dbms.isBlank()) {
      return true;
    }
    List<String> names =
        Arrays.stream(dbms.toLowerCase(Locale.ROOT).split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    if (names.isEmpty() || names.contains("all")) {
      return true;
    }
    if (names.contains("none") || names.contains("!" + DATABASE)) {
      return false;
    }
    return names.contains(DATABASE) || names.stream().allMatch(name -> name.startsWith("!"));
  }

  /// Whether something is chosen by its own `dbms`, contexts and labels.
  boolean isChosen(Node node) {
    return isForPostgres(node.attribute("dbms"))
        && hasContext(node.attribute("contextFilter", "context"), List.of())
        && hasLabels(node.attribute("labels"), List.of());
  }

  /// Whether the contexts of a changeset are in force: its own, and those of each file and include
  /// around it. Those given may be expressions, too (`ContextChangeSetFilter`).
  boolean hasContext(String own, List<String> around) {
    if (own.isBlank() && around.isEmpty() && contexts.indexOf(REQUIRED) < 0) {
      return true;
    }
    var given = new Contexts(contexts);
    boolean ownMatches =
        new ContextExpression(own).matches(given)
            || new ContextExpression(given.getContexts()).matches(new Contexts(full(own, around)));
    return ownMatches
        && around.stream().allMatch(context -> new ContextExpression(context).matches(given));
  }

  private static String full(String own, List<String> around) {
    return Stream.concat(around.stream(), Stream.of(own))
        .filter(context -> !context.isBlank())
        .map(context -> context.matches(".*[,\\s].*") ? "(" + context + ")" : context)
        .collect(Collectors.joining(" AND "));
  }

  /// Whether the expression of labels selects a changeset with these, its own and those of each
  /// include around it (`LabelChangeSetFilter`).
  boolean hasLabels(String own, List<String> around) {
    if (labels.isBlank()) {
      return true;
    }
    String all =
        Stream.concat(around.stream(), Stream.of(own))
            .filter(label -> !label.isBlank())
            .collect(Collectors.joining(","));
    return new LabelExpression(labels).matches(new Labels(all));
  }
}
