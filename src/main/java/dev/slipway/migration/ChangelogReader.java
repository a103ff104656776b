package dev.slipway.migration;

import java.nio.file.Path;

/// One format of changelog file. Formats end here: nothing behind a [Migration] knows of files,
/// Liquibase or Entity Framework.
public interface ChangelogReader {

  /// What a file is in its changelog.
  enum Place {
    /// The one file that there is, or that includes the others.
    ROOT,
    /// One of several side by side.
    MEMBER
  }

  /// Whether this file is of this reader's format.
  boolean reads(String fileName, byte[] content);

  /// Finds the migrations of one file, in its order, without their statements.
  ///
  /// @param file the path as the user would open it
  /// @param into receives them, and everything that keeps the file from being a changelog
  void read(
      Path file, byte[] content, Place place, ChangelogOptions options, ChangelogContents into);
}
