package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.io.IOException;
import java.nio.file.Path;

/// A file of a changelog that is there and cannot be read.
final class UnreadableFile {
  private UnreadableFile() {}

  static ChangelogProblem problem(Path file, IOException e) {
    return problem(new Origin(file.toString(), 1), file, e);
  }

  /// @param origin what refers to it
  static ChangelogProblem problem(Origin origin, Path file, IOException e) {
    return new ChangelogProblem(
        origin,
        "could not read \"%s\": %s".formatted(file, e.getMessage()),
        "Let the user that runs slipway read it: chmod a+r " + file);
  }
}
