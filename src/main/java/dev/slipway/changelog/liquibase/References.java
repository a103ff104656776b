package dev.slipway.changelog.liquibase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The files that changes refer to.
final class References {
  private References() {}

  /// The attribute of a change, or of a column, that names a file; empty if it refers to none.
  static Optional<Node> of(Node node) {
    return switch (node.name().toLowerCase(Locale.ROOT)) {
      case "sqlfile", "createview", "createprocedure" -> node.child("path");
      case "loaddata", "loadupdatedata" -> node.child("file");
      case "column" -> node.child("valueClobFile").or(() -> node.child("valueBlobFile"));
      default -> Optional.empty();
    };
  }

  /// The file beside which a change's own file lies; empty if that is looked up from the root.
  static Optional<Path> relativeTo(Node change, ChangelogFile file) {
    return change.flag("relativeToChangelogFile", false)
        ? Optional.of(file.path())
        : Optional.empty();
  }

  /// The file that the attribute of a change, or of a column, names.
  static Optional<Path> find(String name, Node node, ChangelogFile file, FileFinder finder) {
    return node.is("column")
        ? largeObject(name, file, finder)
        : finder.find(name, relativeTo(node, file)).filter(Files::isRegularFile);
  }

  /// The files whose names stand in the columns of a CSV file that are large objects.
  static Set<Path> largeObjects(Node change, Path csv, ChangelogFile file, FileFinder finder) {
    boolean large =
        change
            .all()
            .filter(node -> node.is("type"))
            .anyMatch(type -> type.text().matches("(?i)blob|clob"));
    Set<Path> files = new LinkedHashSet<>();
    if (large) {
      String separator = change.attribute("separator");
      String cells =
          "[\\r\\n\"" + (separator.length() == 1 ? "\\Q" + separator + "\\E" : ",;\\t") + "]+";
      for (String cell : read(csv).split(cells, -1)) {
        if (!cell.isBlank() && cell.length() < 1000) {
          largeObject(cell, file, finder).ifPresent(files::add);
        }
      }
    }
    return files;
  }

  /// The file that holds a large object. Its name begins beside the changelog file, whatever that
  /// says of other files (`ExecutablePreparedStatementBase.getFileName`); else where others do.
  static Optional<Path> largeObject(String name, ChangelogFile file, FileFinder finder) {
    return finder
        .find(name, Optional.of(file.path()))
        .or(() -> finder.find(name, Optional.empty()))
        .filter(Files::isRegularFile);
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
