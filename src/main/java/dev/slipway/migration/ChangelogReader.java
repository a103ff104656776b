package dev.slipway.migration;

import java.nio.file.Path;
import java.util.List;

/// One format of changelog file. Formats end here: nothing behind a [Migration] knows of files,
/// Liquibase or Entity Framework.
public interface ChangelogReader {

  /// Whether this file is of this reader's format.
  boolean reads(String fileName, byte[] content);

  /// The migrations of one file, in its order, without their statements.
  ///
  /// @param file the path as the user would open it
  /// @param problems receives everything that keeps the file from being a changelog
  List<Migration> read(Path file, byte[] content, List<ChangelogProblem> problems);
}
