package dev.slipway.cli;

import dev.slipway.migration.ChangelogReader;
import java.util.List;

/// What commands get from the program: where to print, which formats there are, what signals do.
///
/// @param version this program's
public record Environment(
    Console console, List<ChangelogReader> readers, Interruption interruption, String version) {
  public Environment {
    readers = List.copyOf(readers);
  }
}
