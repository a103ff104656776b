package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever somebody writes, a password shows up nowhere, and nothing crashes.
class SecrecyTest {
  private static final int ROUNDS = 20_000 * Integer.getInteger("slipway.test.factor", 1);

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
          "postgres://",
          "redis:6379",
          "a b");

  private static final List<String> PASSWORD_KEYS =
      List.of(
          "Password=", "password =", "PWD= ", "Psw=", "Password='", "PASSWORD=\"", "Password==");

  /// Made of pieces that no message holds, with all that a password may hold between them.
  private static final List<String> PIECES = List.of("qzxj", "vkwq", "xjqk");

  @Test
  void random_strings_never_crash_and_never_leak() {
    long seed = seed();
    var random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String secret = secret(random);
      String start = random.nextBoolean() ? "Host=h;" : tokens(random);
      String text = start + oneOf(PASSWORD_KEYS, random) + secret + tokens(random);

      String shown = shown(text).toLowerCase(Locale.ROOT);

      assertThat(shown).as("seed %d: %s", seed, text).doesNotContain(PIECES);
    }
  }

  @Test
  void random_arguments_never_crash_and_never_leak() {
    long seed = seed();
    var random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String text = "Password=" + secret(random) + tokens(random);
      String argument =
          oneOf(List.of("--ConnectionStrings:X", "/Slipway:To", "--Slipway:Too", "--a:b"), random);
      List<String> arguments =
          random.nextBoolean() ? List.of(argument + "=" + text) : List.of(argument, text);

      String shown = shown(arguments).toLowerCase(Locale.ROOT);

      assertThat(shown).as("seed %d: %s", seed, arguments).doesNotContain(PIECES);
    }
  }

  private static String shown(String text) {
    try {
      ConnectionString string = ConnectionString.parse("Gateway", text);
      return string + " " + string.warnings() + " " + string.password();
    } catch (ConfigurationException e) {
      return everything(e);
    }
  }

  private static String shown(List<String> arguments) {
    try {
      var separated = ConfigurationArguments.separate(arguments);
      Settings settings =
          Settings.load(Map.of(), separated.configuration(), Map.of(), Path.of("none"));
      return settings.connectionStrings(settings.connectionNames()).toString();
    } catch (ConfigurationException e) {
      return everything(e);
    }
  }

  private static String everything(ConfigurationException e) {
    var trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    return trace + e.detail() + e.hint() + e.problems();
  }

  private static String secret(Random random) {
    var secret = new StringBuilder();
    for (String piece : PIECES) {
      secret.append(piece);
      if (random.nextInt(4) == 0) {
        secret.append(oneOf(List.of(";", "=", "'", "\"", " ", "\\", ";a=", "\0", ","), random));
      }
    }
    return secret.toString();
  }

  /// Up to eleven of [#TOKENS]; often none, so that sound strings are among the random ones.
  private static String tokens(Random random) {
    var text = new StringBuilder();
    for (int count = Math.max(0, random.nextInt(16) - 4); count > 0; count--) {
      text.append(oneOf(TOKENS, random));
    }
    return text.toString();
  }

  private static String oneOf(List<String> candidates, Random random) {
    return candidates.get(random.nextInt(candidates.size()));
  }

  private static long seed() {
    String seed = System.getProperty("slipway.test.seed", "");
    return seed.isEmpty() ? new Random().nextLong() : Long.parseLong(seed);
  }
}
