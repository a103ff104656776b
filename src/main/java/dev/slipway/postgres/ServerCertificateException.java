package dev.slipway.postgres;

import java.security.cert.CertificateException;

/// The server's certificate is not what the SSL mode asks for.
final class ServerCertificateException extends CertificateException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String hint;

  private ServerCertificateException(String reason, String hint, Throwable cause) {
    super(reason, cause);
    this.reason = reason;
    this.hint = hint;
  }

  static ServerCertificateException untrusted(CertificateException cause) {
    return new ServerCertificateException(
        "the server's certificate was not signed by a trusted authority, or is not valid now",
        "Name the file of its authority: Root Certificate=/path/root.crt in {}.",
        cause);
  }

  static ServerCertificateException wrongName(String host, CertificateNames names) {
    return new ServerCertificateException(
        "the server's certificate is for %s, not for %s".formatted(names.text(), host),
        "Connect to a host that it is for, or do without that check: SSL Mode=VerifyCA in {}.",
        new CertificateException("no such name"));
  }

  /// One line, lower case.
  String reason() {
    return reason;
  }

  /// What to do, with `{}` for the connection string.
  String hint() {
    return hint;
  }
}
