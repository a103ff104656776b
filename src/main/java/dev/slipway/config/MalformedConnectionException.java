package dev.slipway.config;

/// A connection string, or a part of one, that cannot be read.
final class MalformedConnectionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String hint;

  /// @param message what stands behind the name of the connection string, without a secret
  MalformedConnectionException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  String hint() {
    return hint;
  }
}
