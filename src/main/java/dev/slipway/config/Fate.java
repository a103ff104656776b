package dev.slipway.config;

import java.util.List;

/// What becomes of a key of a connection string. Read by methods instead of a `switch` on its
/// cases, which would cost each start of the program milliseconds.
sealed interface Fate {

  /// It has its effect.
  ///
  /// @param reason what it sets
  record Mapped(String reason) implements Fate {}

  /// It is accepted: what it sets does not exist here.
  record Ignored(String reason) implements Fate {}

  /// It is accepted, but has no effect that somebody may expect of it.
  record Warned(String reason) implements Fate {
    @Override
    public boolean isWarned() {
      return true;
    }
  }

  /// It is refused, unless its value is one that asks for nothing.
  ///
  /// @param harmless the values that are accepted all the same; letter case does not count
  record Refused(String reason, List<String> harmless) implements Fate {
    Refused(String reason, String... harmless) {
      this(reason, List.of(harmless));
    }

    @Override
    public boolean isRefused(String value) {
      for (String candidate : harmless) {
        if (candidate.equalsIgnoreCase(value)) {
          return false;
        }
      }
      return true;
    }
  }

  /// Why, or what for: a clause.
  String reason();

  default boolean isWarned() {
    return false;
  }

  default boolean isRefused(String value) {
    return false;
  }

  /// The only values of a refused key that are accepted; empty if there are none, or for other
  /// keys.
  default List<String> harmless() {
    return List.of();
  }
}
