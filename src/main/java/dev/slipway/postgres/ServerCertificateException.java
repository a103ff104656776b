package dev.slipway.postgres;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

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
    return isAboutTime(cause)
        ? new ServerCertificateException(
            "the server's certificate is not valid at this time",
            "Let the server have a new one, and check the clock here.",
            cause)
        : new ServerCertificateException(
            "the server's certificate was not signed by a trusted authority",
            "Name the file of its authority: Root Certificate=/path/root.crt in {}.",
            cause);
  }

  private static boolean isAboutTime(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return true;
      }
    }
    return false;
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
