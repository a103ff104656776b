package dev.slipway.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Folders that builds make and replace.
final class Folders {
  /// A second after the epoch, as Jib dates files and as the JVM compares them with its AOT cache.
  static final long MODIFIED_MILLISECONDS = 1000;

  private Folders() {}

  /// Deletes the folder with all that is in it, if it is there.
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /// The regular files below a folder, in the order of their paths.
  static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /// Copies a file, which then has the time that files in the image have.
  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.resolveSibling("."));
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    date(to);
  }

  /// Gives a file the time that files in the image have.
  static void date(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(MODIFIED_MILLISECONDS));
  }
}
