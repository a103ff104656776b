package dev.slipway.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the program runs, as far as connection strings refer to it.
///
/// @param home the user's folder; null if there is none
record Machine(@Nullable Path home, Localhost localhost) {
  static Machine of(Map<String, String> environment) {
    return new Machine(home(environment), Localhost.of(environment));
  }

  private static @Nullable Path home(Map<String, String> environment) {
    @Nullable String home = environment.get("HOME");
    try {
      return home == null || home.isEmpty() ? null : Path.of(home);
    } catch (InvalidPathException _) {
      return null; // Then there is no such folder.
    }
  }
}
