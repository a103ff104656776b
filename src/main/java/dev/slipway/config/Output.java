package dev.slipway.config;

import java.util.Locale;
import java.util.Optional;

/// How events are told.
public enum Output {
  /// Lines for people.
  TEXT,
  /// Lines of JSON for log collectors, one per event.
  JSON;

  static final String FORMS = "text or json";

  /// The one that the text names, in any letter case; empty if there is none.
  public static Optional<Output> parse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "text" -> Optional.of(TEXT);
      case "json" -> Optional.of(JSON);
      default -> Optional.empty();
    };
  }
}
