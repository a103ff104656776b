package dev.slipway.changelog.liquibase;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Finds the files that a changelog refers to.
///
/// Liquibase looks a path up in its search path. Here that is the folder of the root file, and
/// those above it that the path itself names: where `app/db/root.xml` includes `db/orders.xml`,
/// that is `app/db/orders.xml`.
final class FileFinder {
  private static final String CLASSPATH = "classpath:";

  private final Path folder;

  /// @param rootFile as the user would open it
  FileFinder(Path rootFile) {
    this.folder = folderOf(rootFile);
  }

  private static Path folderOf(Path file) {
    return file.resolveSibling("");
  }

  /// @param relativeTo the file whose folder the path begins in; empty for the search path
  /// @return the file or folder, as the user would open it; empty if there is none
  Optional<Path> find(String path, Optional<Path> relativeTo) {
    String clean = clean(path);
    if (clean.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (relativeTo.isPresent()) {
        return existing(folderOf(relativeTo.get()).resolve(clean));
      }
      Optional<Path> found = existing(folder.resolve(clean));
      return found.isPresent() ? found : findAbove(Path.of(clean));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  private Optional<Path> findAbove(Path path) {
    Path absolute = folder.toAbsolutePath().normalize();
    for (int up = 1; up <= absolute.getNameCount(); up++) {
      Path name = absolute.getName(absolute.getNameCount() - up);
      if (name.equals(path.getName(0))) {
        Path root = folder.resolve("../".repeat(up));
        Optional<Path> found = existing(root.resolve(path));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> existing(Path path) {
    Path normalized = path.normalize();
    return Files.notExists(normalized) ? Optional.empty() : Optional.of(normalized);
  }

  /// The path of a file from the folder of the root file, as Liquibase would record it.
  String location(Path file) {
    Path from = folder.toAbsolutePath().normalize();
    return from.relativize(file.toAbsolutePath().normalize()).toString().replace('\\', '/');
  }

  private static String clean(String path) {
    String clean = path.strip().replace('\\', '/');
    if (clean.startsWith(CLASSPATH)) {
      clean = clean.substring(CLASSPATH.length());
    }
    return clean.replaceFirst("^/+", "");
  }
}
