package dev.slipway.config;

/// How a connection is encrypted, and what is asked of the server's certificate.
public enum SslMode {
  /// Never with TLS.
  DISABLE("Disable"),
  /// Without TLS, and with it if the server insists.
  ALLOW("Allow"),
  /// With TLS, and without it if that fails; the certificate is not looked at.
  PREFER("Prefer"),
  /// Only with TLS; the certificate is not looked at.
  REQUIRE("Require"),
  /// Only with TLS and a certificate that a trusted authority signed.
  VERIFY_CA("VerifyCA"),
  /// As [#VERIFY_CA], and the certificate must be for the host that was asked for.
  VERIFY_FULL("VerifyFull");

  private final String text;

  SslMode(String text) {
    this.text = text;
  }

  /// As Npgsql writes it.
  public String text() {
    return text;
  }

  static SslMode of(String text) {
    for (SslMode mode : values()) {
      if (mode.text.equals(text)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(text);
  }
}
