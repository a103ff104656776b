package dev.slipway.postgres;

import java.util.Optional;

/// `Require Auth` of Npgsql as pgjdbc's property `requireAuth` has it, without Kerberos: pgjdbc
/// would look for a login configuration of the Java platform that is not there.
final class LoginMethods {
  private static final String NO_KERBEROS = "!gss,!sspi";

  private LoginMethods() {}

  /// @param required some names, or all of them with `!`; empty: all are allowed
  static String allowed(Optional<String> required) {
    if (required.isEmpty()) {
      return NO_KERBEROS;
    }
    String names = required.get();
    boolean forbidden = names.indexOf('!') >= 0;
    String translated = forbidden ? NO_KERBEROS : "";
    for (String name : names.split(",", -1)) {
      String method = translated(name.strip());
      boolean isKnown = ("," + translated + ",").contains("," + method + ",");
      if (!isKnown && !isKerberos(method)) {
        translated = translated.isEmpty() ? method : translated + "," + method;
      }
    }
    // Kerberos alone is allowed: nothing that a server can ask for is.
    return translated.isEmpty() ? "!gss,!sspi,!password,!md5,!scram-sha-256,!none" : translated;
  }

  private static String translated(String name) {
    if (name.startsWith("!")) {
      return "!" + translated(name.substring(1));
    }
    return switch (name) {
      case "Password" -> "password";
      case "MD5" -> "md5";
      case "GSS" -> "gss";
      case "SSPI" -> "sspi";
      case "ScramSHA256" -> "scram-sha-256";
      default -> "none";
    };
  }

  private static boolean isKerberos(String method) {
    return method.equals("gss") || method.equals("sspi");
  }
}
