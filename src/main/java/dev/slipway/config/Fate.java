package dev.slipway.config;

import java.util.List;

/// What becomes of a key of a connection string.
sealed interface Fate {

  /// It has its effect.
  ///
  /// @param meaning what it sets
  record Mapped(String meaning) implements Fate {}

  /// It is accepted: what it sets does not exist here.
  record Ignored(String reason) implements Fate {}

  /// It is accepted, but has no effect that somebody may expect of it.
  record Warned(String reason) implements Fate {}

  /// It is refused, unless its value is one that asks for nothing.
  ///
  /// @param harmless the values that are accepted all the same; letter case does not count
  record Refused(String reason, List<String> harmless) implements Fate {
    public Refused(String reason, String... harmless) {
      this(reason, List.of(harmless));
    }

    boolean allows(String value) {
      for (String candidate : harmless) {
        if (candidate.equalsIgnoreCase(value)) {
          return true;
        }
      }
      return false;
    }
  }

  Fate UTF8_ONLY = new Refused("text travels as UTF-8 only", "UTF8", "UTF-8", "unicode");
  Fate CLIENT_CERTIFICATES = new Refused("there is no login by client certificate");
  Fate POOL = new Ignored("there is no connection pool");
  Fate BUFFERS = new Ignored("buffers are sized by the driver");
  Fate PREPARING = new Ignored("migrations are not prepared");
  Fate DOT_NET_TYPES = new Ignored("it is about types of .NET");
  Fate KEEPALIVE_TIMES = new Warned("keepalive packets are sent at the operating system's times");
  Fate REMOVED = new Warned("newer versions of Npgsql refuse it");
}
