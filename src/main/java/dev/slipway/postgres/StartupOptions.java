package dev.slipway.postgres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `Options` of a connection string sets, taken apart as the server does with the parameter
/// `options` of its start-up packet (`pg_split_opts` and `process_postgres_switches` in its
/// sources).
final class StartupOptions {
  private StartupOptions() {}

  /// @return the settings by name, in order; empty if something else is said than settings
  static Optional<Map<String, String>> settings(String options) {
    Map<String, String> settings = new LinkedHashMap<>();
    List<String> words = words(options);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String assignment;
      if (word.equals("-c") && i + 1 < words.size()) {
        i++;
        assignment = words.get(i);
      } else if (word.startsWith("-c") || word.startsWith("--")) {
        assignment = word.substring(2);
      } else {
        return Optional.empty();
      }
      int equals = assignment.indexOf('=');
      if (equals <= 0) {
        return Optional.empty();
      }
      settings.put(
          assignment.substring(0, equals).replace('-', '_'), assignment.substring(equals + 1));
    }
    return Optional.of(settings);
  }

  /// Separated by white space, which a backslash makes a part of one, as it does itself.
  private static List<String> words(String options) {
    List<String> words = new ArrayList<>();
    var word = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < options.length(); i++) {
      char c = options.charAt(i);
      boolean escaped = c == '\\' && i + 1 < options.length();
      if (!escaped && Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
        continue;
      }
      if (escaped) {
        i++;
      }
      word.append(options.charAt(i));
      inWord = true;
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
