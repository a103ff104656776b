package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import java.io.EOFException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// Why TLS did not come about, or which way to log in was asked for in vain.
///
/// @param reason one line, lower case
/// @param hint with `{}` for the connection string
record LoginRefusal(String reason, String hint) {
  private static final String ALERT = "fatal alert: ";
  private static final String BINDING = "channel binding";

  /// Requiring some ways to log in is what the connection string does; Kerberos is never allowed.
  private static final LoginRefusal OTHER_LOGIN =
      new LoginRefusal(
          "the server asks for a way to log in that is not allowed here",
          "Check Require Auth in {}, and the server's pg_hba.conf. There is no Kerberos login.");
  private static final LoginRefusal KERBEROS =
      new LoginRefusal(
          "the server asks for a Kerberos login, and there is none here",
          "Let the server's pg_hba.conf have scram-sha-256 or cert for this user, not gss or sspi.");
  private static final LoginRefusal NO_BINDING =
      new LoginRefusal(
          "the login cannot be bound to a TLS session, which is required",
          "Let the server use TLS and scram-sha-256, or write Channel Binding=Prefer in {}.");
  private static final LoginRefusal NO_DIRECT_TLS =
      new LoginRefusal(
          "the server does not understand TLS that begins at once",
          "Take SSL Negotiation=Direct out of {}: PostgreSQL 17 and later know it, with ssl = on.");

  /// Empty if it is about something else. pgjdbc tells what it refuses by itself in words only.
  static Optional<LoginRefusal> of(ConnectionString to, SQLException e) {
    if (ServerError.isAnswer(e)) {
      return ofServer(e);
    }
    if (SqlStates.CONNECTION_REJECTED.equals(e.getSQLState())) {
      return byText(to, String.valueOf(e.getMessage()));
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      switch (cause) {
        case ServerCertificateException certificate -> {
          return Optional.of(new LoginRefusal(certificate.reason(), certificate.hint()));
        }
        case DirectTlsException _ -> {
          return Optional.of(NO_DIRECT_TLS);
        }
        default -> {}
      }
    }
    return e.getCause() instanceof SSLException tls ? Optional.of(ofTls(tls)) : Optional.empty();
  }

  private static Optional<LoginRefusal> byText(ConnectionString to, String message) {
    if (message.contains("requireAuth")) {
      return Optional.of(to.requireAuth().isEmpty() ? KERBEROS : OTHER_LOGIN);
    }
    return message.regionMatches(true, 0, BINDING, 0, BINDING.length())
        ? Optional.of(NO_BINDING)
        : Optional.empty();
  }

  private static Optional<LoginRefusal> ofServer(SQLException e) {
    ServerError error = ServerError.of(e);
    if (!error.sqlState().equals(SqlStates.INVALID_AUTHORIZATION)) {
      return Optional.empty();
    }
    String message = error.message();
    // As the methods cert, and trust with clientcert, have it.
    return message.contains("certificate") || message.contains("\"trust\"")
        ? Optional.of(
            new LoginRefusal(
                message,
                "Check SSL Certificate and SSL Key in {}: the server wants one that its authority"
                    + " signed, for this user."))
        : Optional.empty();
  }

  private static LoginRefusal ofTls(SSLException e) {
    String message = String.valueOf(e.getMessage());
    // As in "(certificate_expired) Received fatal alert: certificate_expired".
    int alert = message.indexOf(ALERT);
    String text = alert < 0 ? message : message.substring(alert + ALERT.length());
    if (e.getCause() instanceof EOFException) {
      return new LoginRefusal(
          "the server ended the connection while TLS began", "Look into the server's log.");
    }
    if (text.contains("certificate") || text.contains("unknown_ca")) {
      return new LoginRefusal(
          "the server refuses the client certificate: " + text,
          "Check SSL Certificate and SSL Key in {}, and ssl_ca_file of the server.");
    }
    return new LoginRefusal(
        "no TLS could be agreed upon: " + text,
        "Look into the server's log, and check SSL Mode in {}.");
  }

  /// What came of the second try, which SSL modes Prefer and Allow have: a sentence, or empty.
  static String ofOtherTry(ConnectionString to, HostFailure.Refused first) {
    for (Throwable other : first.cause().getSuppressed()) {
      if (other instanceof SQLException second) {
        String reason = HostFailure.Refused.of(first.host(), to, second).reason();
        if (!reason.equals(first.reason())) {
          return switch (to.sslMode()) {
            case PREFER -> " Without TLS: " + reason + ".";
            case ALLOW -> " With TLS: " + reason + ".";
            case DISABLE, REQUIRE, VERIFY_CA, VERIFY_FULL -> "";
          };
        }
      }
    }
    return "";
  }

  String hint(ConnectionString to) {
    return hint.replace("{}", "ConnectionStrings__" + to.name());
  }
}
