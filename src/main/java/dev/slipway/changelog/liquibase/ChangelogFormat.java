package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Utf8;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The syntaxes of changelog files, told by the ends of their names.
enum ChangelogFormat {
  XML,
  YAML,
  JSON,
  SQL;

  private static final String ROOT = "databaseChangeLog";

  /// Empty if a file of this name is none.
  static Optional<ChangelogFormat> of(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    if (name.endsWith(".sql")) {
      return Optional.of(SQL);
    }
    if (name.endsWith(".xml")) {
      return Optional.of(XML);
    }
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return Optional.of(YAML);
    }
    return name.endsWith(".json") ? Optional.of(JSON) : Optional.empty();
  }

  /// Whether a file that lies in an included folder is to be read as a changelog.
  static boolean mayBe(Path path) {
    String name = String.valueOf(path.getFileName());
    return !name.startsWith(".") && of(name).isPresent();
  }

  /// YAML's and JSON's properties hold in all of their file, XML's behind the place where they
  /// stand (`YamlChangeLogParser`).
  static boolean definesPropertiesFirst(Path path) {
    return switch (of(String.valueOf(path.getFileName())).orElse(XML)) {
      case YAML, JSON -> true;
      case XML, SQL -> false;
    };
  }

  /// The `databaseChangeLog` of a file; empty if it has none, with a problem that says why.
  static Optional<Node> read(Path path, List<ChangelogProblem> problems) {
    try {
      return read(path, Files.readAllBytes(path), problems);
    } catch (IOException e) {
      problems.add(UnreadableFile.problem(path, e));
      return Optional.empty();
    }
  }

  static Optional<Node> read(Path path, byte[] content, List<ChangelogProblem> problems) {
    String name = String.valueOf(path.getFileName());
    Optional<ChangelogFormat> format = of(name);
    String shown = path.toString();
    if (format.isEmpty()) {
      problems.add(
          new ChangelogProblem(
              new Origin(shown, 1),
              "\"%s\" is no changelog file".formatted(name),
              "Changelogs end in .xml, .yaml, .yml, .json or .sql."));
      return Optional.empty();
    }
    if (format.get() == XML) {
      return XmlSyntax.read(shown, content, problems)
          .filter(root -> isChangelog(root, shown, problems));
    }
    return Utf8.decode(content, shown, problems)
        .flatMap(text -> read(format.get(), shown, text, problems));
  }

  private static Optional<Node> read(
      ChangelogFormat format, String file, String text, List<ChangelogProblem> problems) {
    return switch (format) {
      case YAML -> changelogOf(YamlSyntax.read(file, text, problems), file, problems);
      case JSON -> changelogOf(JsonSyntax.read(file, text, problems), file, problems);
      case SQL ->
          Optional.of(
              isFormattedSql(text)
                  ? FormattedSqlSyntax.read(file, text, problems)
                  : PlainSql.asChangelog(file, text));
      case XML -> throw new IllegalArgumentException("XML is not read as a text");
    };
  }

  private static boolean isChangelog(Node root, String file, List<ChangelogProblem> problems) {
    if (root.name().equals(ROOT) && root.namespace().isEmpty()) {
      return true;
    }
    problems.add(
        new ChangelogProblem(
            new Origin(file, root.line()),
            "the root element is \"%s\", not databaseChangeLog".formatted(root.name()),
            "Write <databaseChangeLog xmlns=\"%s\">, or move the file out of the changelog."
                .formatted(XmlSyntax.NAMESPACE)));
    return false;
  }

  private static Optional<Node> changelogOf(
      Optional<Node> document, String file, List<ChangelogProblem> problems) {
    if (document.isEmpty()) {
      return document;
    }
    Optional<Node> changelog =
        document.get().children().stream().filter(child -> child.name().equals(ROOT)).findFirst();
    if (changelog.isEmpty()) {
      problems.add(
          new ChangelogProblem(
              new Origin(file, 1),
              "no databaseChangeLog in the file",
              "Begin it with databaseChangeLog, or move the file out of the changelog."));
    } else if (document.get().children().size() > 1) {
      Node other =
          document.get().children().stream()
              .filter(n -> !n.name().equals(ROOT))
              .findFirst()
              .orElseThrow();
      problems.add(
          new ChangelogProblem(
              new Origin(file, other.line()),
              "\"%s\" beside databaseChangeLog".formatted(other.name()),
              "Take it out: Liquibase does not see it."));
    }
    return changelog;
  }

  /// Whether the first line that is not blank says so.
  static boolean isFormattedSql(String text) {
    String start = text.stripLeading();
    int end = 0;
    while (end < start.length() && start.charAt(end) != '\n' && start.charAt(end) != '\r') {
      end++;
    }
    return FormattedSqlSyntax.isHeader(start.substring(0, end));
  }
}
