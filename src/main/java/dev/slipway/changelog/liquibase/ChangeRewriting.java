package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Puts into a change what Liquibase would fetch only when it runs, or take from its machine: the
/// text of a file, the content of a large object, dates in the time zone of the JVM.
final class ChangeRewriting {
  private final Changeset changeset;
  private final FileFinder finder;
  private final List<ChangelogProblem> problems;
  private boolean complete = true;
  private Optional<WrittenText> fromFile = Optional.empty();

  ChangeRewriting(Changeset changeset, FileFinder finder, List<ChangelogProblem> problems) {
    this.changeset = changeset;
    this.finder = finder;
    this.problems = problems;
  }

  /// The change as Liquibase is to see it; empty if a file cannot be read, with a problem.
  Optional<Node> rewrite(Node change) {
    Node rewritten =
        switch (change.name().toLowerCase(Locale.ROOT)) {
          case "createview", "createprocedure" -> withText(change);
          case "loaddata", "loadupdatedata" ->
              withColumns(withFile(change), ChangeRewriting::withDefault);
          case "insert" -> withDates(withColumns(change, column -> decoded(withContent(column))));
          case "update" -> withDates(withColumns(change, this::withContent));
          case "addcolumn" -> withDates(withoutRemovals(change));
          default -> withDates(change);
        };
    return complete ? Optional.of(rewritten) : Optional.empty();
  }

  /// What the SQL of the change is made from: a text of its author's own, or just a place.
  WrittenText written(Node change) {
    return fromFile
        .or(() -> holder(change).map(node -> WrittenText.of(node, changeset)))
        .orElseGet(() -> WrittenText.none(change, changeset));
  }

  private static Optional<Node> holder(Node change) {
    return switch (change.name().toLowerCase(Locale.ROOT)) {
      case "createview" -> Optional.of(change.child("selectQuery").orElse(change));
      case "createprocedure" ->
          Optional.of(
              change.child("procedureText").or(() -> change.child("procedureBody")).orElse(change));
      default -> Optional.empty();
    };
  }

  private Node withText(Node change) {
    if (change.child("path").isEmpty()) {
      return change;
    }
    if (!change.text().isEmpty()) {
      problem(change, "\"%s\" with a path and a text".formatted(change.name()), "Keep one.");
      return change;
    }
    fromFile = ReferredText.read(change, changeset, finder, problems);
    if (fromFile.isEmpty()) {
      complete = false;
      return change;
    }
    Node copy = without(change, "path", "relativeToChangelogFile", "encoding");
    return copy.addValue(fromFile.get().text().strip(), change.line());
  }

  /// Files are found as everywhere else, and named to Liquibase by where they are.
  private Node withFile(Node change) {
    String name = changeset.properties().expand(change.attribute("file"));
    Optional<Path> file =
        finder
            .find(name, References.relativeTo(change, changeset.file()))
            .filter(Files::isRegularFile);
    if (file.isEmpty()) {
      problem(change, "could not find \"%s\"".formatted(name), "Name a file of the changelog.");
      return change;
    }
    Node copy = without(change, "file", "relativeToChangelogFile");
    return copy.add("file", file.get().toAbsolutePath().toString(), change.line());
  }

  /// The date that stands for an empty cell is read as the cells are.
  private static Node withDefault(Node column) {
    String date = column.attribute("defaultValueDate");
    if (date.isEmpty() || !LoadedData.isDate(column.attribute("type"))) {
      return column;
    }
    Node copy = without(column, "defaultValueDate");
    return copy.attribute("defaultValue").isEmpty()
        ? copy.add("defaultValue", date, column.line())
        : copy;
  }

  /// With dates as SQL, wherever they stand in it.
  private Node withDates(Node node) {
    if (node.all().noneMatch(ChangeRewriting::isDate)) {
      return node;
    }
    var copy = new Node(node.namespace(), node.name(), node.line());
    node.values().forEach(value -> copy.addValue(value, node.valueLine()));
    node.children().forEach(child -> copy.add(isDate(child) ? computed(child) : withDates(child)));
    return copy;
  }

  private static boolean isDate(Node node) {
    return node.is("valueDate") || node.is("defaultValueDate");
  }

  private Node computed(Node date) {
    String text = changeset.properties().expand(date.text());
    Optional<String> sql = DateText.sql(text);
    if (sql.isEmpty()) {
      problem(
          date, "%s \"%s\" is no date or time".formatted(date.name(), text), DateText.EXPECTATION);
      return date;
    }
    String name = date.is("valueDate") ? "valueComputed" : "defaultValueComputed";
    return new Node(name, date.line()).addValue(sql.get(), date.line()).verbatim();
  }

  private static Node withColumns(Node node, UnaryOperator<Node> rewrite) {
    var copy = new Node(node.namespace(), node.name(), node.line());
    node.values().forEach(value -> copy.addValue(value, node.valueLine()));
    for (Node child : node.children()) {
      copy.add(child.is("column") ? rewrite.apply(child) : withColumns(child, rewrite));
    }
    return copy;
  }

  /// With the content of the file that it names.
  private Node withContent(Node column) {
    Optional<Node> text = column.child("valueClobFile");
    Optional<Node> bytes = column.child("valueBlobFile");
    if (text.isPresent()) {
      return content(text.get(), column)
          .flatMap(content -> decoded(content, column))
          .map(value -> with(without(column, "valueClobFile", "type", "encoding"), "value", value))
          .orElse(column);
    }
    if (bytes.isPresent()) {
      return content(bytes.get(), column)
          .map(LargeObjects::bytes)
          .map(value -> with(without(column, "valueBlobFile", "type"), "valueComputed", value))
          .orElse(column);
    }
    return column;
  }

  /// Where a type says that a value is a large object, Liquibase would send it as a parameter: of
  /// an insert, not of an update.
  private static Node decoded(Node column) {
    return switch (column.attribute("type").toLowerCase(Locale.ROOT)) {
      case "clob" -> without(column, "type");
      case "blob" -> {
        String value = column.attribute("value");
        Node copy = without(column, "type", "value");
        yield value.isEmpty()
            ? copy
            : copy.add("valueComputed", LargeObjects.base64(value), column.line());
      }
      default -> column;
    };
  }

  private static Node with(Node column, String name, String value) {
    return column.add(new Node(name, column.line()).addValue(value, column.line()).verbatim());
  }

  private Optional<String> decoded(byte[] content, Node column) {
    String encoding = column.attribute("encoding");
    try {
      Charset charset = encoding.isEmpty() ? StandardCharsets.UTF_8 : Charset.forName(encoding);
      return Optional.of(new String(content, charset));
    } catch (IllegalArgumentException e) {
      problem(
          column,
          "unknown encoding \"%s\"".formatted(encoding),
          "Write UTF-8, or the file's real one.");
      return Optional.empty();
    }
  }

  private Optional<byte[]> content(Node reference, Node column) {
    String name = changeset.properties().expand(reference.text());
    Optional<Path> file = References.largeObject(name, changeset.file(), finder);
    if (file.isEmpty()) {
      problem(column, "could not find \"%s\"".formatted(name), "Name a file of the changelog.");
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(file.get()));
    } catch (IOException e) {
      complete = false;
      problems.add(ChangelogProblem.unreadable(file.get(), e));
      return Optional.empty();
    }
  }

  /// Without what a removeChangeSetProperty takes out.
  private Node withoutRemovals(Node node) {
    if (changeset.removals().isEmpty()) {
      return node;
    }
    var copy = new Node(node.namespace(), node.name(), node.line());
    node.values().forEach(value -> copy.addValue(value, node.valueLine()));
    for (Node child : node.children()) {
      if (changeset.removals().stream().noneMatch(child::is)) {
        copy.add(withoutRemovals(child));
      }
    }
    return copy;
  }

  private static Node without(Node node, String... names) {
    var copy = new Node(node.namespace(), node.name(), node.line());
    node.values().forEach(value -> copy.addValue(value, node.valueLine()));
    for (Node child : node.children()) {
      if (List.of(names).stream().noneMatch(child::is)) {
        copy.add(child);
      }
    }
    return copy;
  }

  private void problem(Node node, String message, String hint) {
    complete = false;
    problems.add(new ChangelogProblem(origin(node), message, hint));
  }

  private Origin origin(Node node) {
    return new Origin(changeset.file().shown(), node.line());
  }
}
