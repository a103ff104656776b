package dev.slipway.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A variable of the environment that was meant to hold a connection string, and holds none, as
/// .NET takes its name for another.
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
      Matcher like = LIKE.matcher(variable.getKey());
      if (like.matches()
          && !Sources.isOurs(variable.getKey().replace("__", ":"))
          && !variable.getValue().isEmpty()) {
        found.put(variable.getKey(), new MisspeltVariable(variable.getKey(), like.group("name")));
      }
    }
    return List.copyOf(found.values());
  }
}
