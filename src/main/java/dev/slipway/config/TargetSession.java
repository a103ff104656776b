package dev.slipway.config;

/// Which of several hosts will do, as Npgsql's `Target Session Attributes` has it. A host is a
/// standby if it is in recovery, read-only if it is that or its `default_transaction_read_only` is
/// on.
public enum TargetSession {
  ANY("any"),
  PRIMARY("primary"),
  STANDBY("standby"),
  /// A primary, else any.
  PREFER_PRIMARY("prefer-primary"),
  /// A standby, else any.
  PREFER_STANDBY("prefer-standby"),
  READ_WRITE("read-write"),
  READ_ONLY("read-only");

  private final String text;

  TargetSession(String text) {
    this.text = text;
  }

  /// As Npgsql writes it.
  public String text() {
    return text;
  }

  static TargetSession of(String text) {
    for (TargetSession target : values()) {
      if (target.text.equals(text)) {
        return target;
      }
    }
    throw new IllegalArgumentException(text);
  }
}
