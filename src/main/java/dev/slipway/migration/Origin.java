package dev.slipway.migration;

import java.nio.file.Path;

/// Where a migration was written.
///
/// @param file the path as the user would open it
/// @param line the line on which it begins, from 1; 0 where a folder is meant
public record Origin(String file, int line) {
  /// A folder, or a file from its beginning.
  public static Origin of(Path path) {
    return new Origin(path.toString(), path.toFile().isDirectory() ? 0 : 1);
  }

  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line;
  }
}
