package dev.slipway.changelog.liquibase;

/// Why Liquibase failed, in one line.
final class Reason {
  private Reason() {}

  static String of(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return message.strip().lines().findFirst().orElse("");
  }
}
