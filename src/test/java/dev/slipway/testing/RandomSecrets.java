package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Passwords that can be told from all else, and strings around them.
public final class RandomSecrets {
  /// What no message holds.
  private static final List<String> PIECES = List.of("qzxj", "vkwq", "xjqk");

  /// What a password may hold between them.
  private static final List<String> SEPARATORS =
      List.of(";", "=", "'", "\"", " ", "\\", ";a=", "\0", ",", "%", "&", "ü", "@", "/", ":", "?");

  private static final List<String> KEYS =
      List.of(
          "Password=", "password =", "PWD= ", "Psw=", "Password='", "PASSWORD=\"", "Password==");

  private static final List<String> SECRET_KEYS_OF_TLS = List.of("SSL Password=", "SslPassword=");

  private static final List<String> TOKENS =
      List.of(
          "Host",
          "Port",
          "Database",
          "Username",
          "Search Path",
          "Timeout",
          "SSL Mode",
          "Options",
          "Pooling",
          "Require Auth",
          "Passfile",
          "Client Encoding",
          "Unknown",
          "Hst",
          "h",
          "h1,h2",
          "5432",
          "/tmp",
          "@a",
          "[::1]:5",
          "true",
          "Require",
          "9",
          "=",
          "=",
          "=",
          "=",
          "==",
          ";",
          ";",
          ";",
          ";",
          "'",
          "\"",
          "\"\"",
          "''",
          " ",
          "\t",
          "\n",
          "\0",
          "\u0007",
          "\\",
          ",",
          ":",
          "é",
          "\uD83D\uDE00",
          "\uD83D",
          "\u00A0",
          "redis:6379",
          "a b",
          "%41",
          "%");

  private RandomSecrets() {}

  public static String secret(Random random) {
    var secret = new StringBuilder();
    for (String piece : PIECES) {
      secret.append(piece);
      if (random.nextInt(4) == 0) {
        secret.append(oneOf(SEPARATORS, random));
      }
    }
    return secret.toString();
  }

  /// A connection string, or what somebody may take for one.
  public static String connectionString(String secret, Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> "postgres://u:" + secret + "@h/d" + tokens(random);
      case 1 -> "postgresql://u@h/d?password=" + encoded(secret) + tokens(random);
      case 2 -> "jdbc:postgresql://h/d?user=u&password=" + encoded(secret) + tokens(random);
      case 3 -> "Host=h;SSL Key=k;" + oneOf(SECRET_KEYS_OF_TLS, random) + secret + tokens(random);
      case 4 -> "postgres://h/d" + oneOf(KEYS, random) + secret;
      case 5 -> "postgres://" + oneOf(KEYS, random) + secret + tokens(random);
      case 6 -> tokens(random) + oneOf(KEYS, random) + secret + tokens(random);
      default -> "Host=h;" + oneOf(KEYS, random) + secret + tokens(random);
    };
  }

  /// No password is shown, neither plain, nor as a part of a URL, nor in base64.
  public static void assertHidden(List<String> secrets, String output, long seed) {
    assertThat(output.toLowerCase(Locale.ROOT)).as("seed %d", seed).doesNotContain(PIECES);
    for (String secret : secrets) {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      assertThat(output)
          .as("seed %d", seed)
          .doesNotContain(encoded(secret))
          .doesNotContain(Base64.getEncoder().withoutPadding().encodeToString(bytes))
          .doesNotContain(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
  }

  private static String encoded(String secret) {
    return URLEncoder.encode(secret, StandardCharsets.UTF_8);
  }

  /// Up to nine words; often none, so that sound strings are among the random ones.
  public static String tokens(Random random) {
    var text = new StringBuilder();
    for (int count = Math.max(0, random.nextInt(16) - 6); count > 0; count--) {
      text.append(oneOf(TOKENS, random));
    }
    return text.toString();
  }

  private static String oneOf(List<String> candidates, Random random) {
    return candidates.get(random.nextInt(candidates.size()));
  }
}
