package dev.slipway.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A variable of the environment, or a file of the folder of secrets, that was meant to hold a
/// connection string, and holds none, as .NET takes its name for another.
///
/// @param variable as it is spelled
/// @param name the connection string's
public record MisspeltVariable(String variable, String name) {
  /// With an underscore too few, without the plural, or with other signs in between.
  private static final Pattern LIKE =
      Pattern.compile(
          "connection[_-]?strings?+[_.:-]+(?!file$)(?<name>\\p{Alnum}\\w*)",
          Pattern.CASE_INSENSITIVE);

  /// Those of an environment, sorted.
  static List<MisspeltVariable> of(Map<String, String> environment) {
    Map<String, MisspeltVariable> found = new TreeMap<>();
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      Optional<MisspeltVariable> like = like(variable.getKey());
      if (like.isPresent() && !variable.getValue().isEmpty()) {
        found.put(variable.getKey(), like.get());
      }
    }
    return List.copyOf(found.values());
  }

  /// One by its name, if it is like that of a connection string.
  static Optional<MisspeltVariable> like(String variable) {
    Matcher like = LIKE.matcher(variable);
    return like.matches() && !Sources.isOurs(variable.replace("__", ":"))
        ? Optional.of(new MisspeltVariable(variable, like.group("name")))
        : Optional.empty();
  }
}
