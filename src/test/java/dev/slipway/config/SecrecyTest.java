package dev.slipway.config;

import dev.slipway.testing.RandomSecrets;
import dev.slipway.testing.Randomness;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever somebody writes, a password shows up nowhere, and nothing crashes.
class SecrecyTest {
  private static final int ROUNDS = 20_000 * Randomness.factor();

  private static final List<String> ARGUMENTS =
      List.of("--ConnectionStrings:X", "/Slipway:To", "--Slipway:Too", "--a:b");

  @Test
  void random_strings_never_crash_and_never_leak() {
    long seed = Randomness.seed();
    for (int round = 0; round < ROUNDS; round++, seed++) {
      Random random = Randomness.of(seed);
      String secret = RandomSecrets.secret(random);
      String text = RandomSecrets.connectionString(secret, random);

      RandomSecrets.assertHidden(List.of(secret), shown(text), seed);
    }
  }

  @Test
  void random_arguments_never_crash_and_never_leak() {
    long seed = Randomness.seed();
    for (int round = 0; round < ROUNDS; round++, seed++) {
      Random random = Randomness.of(seed);
      String secret = RandomSecrets.secret(random);
      String text = "Password=" + secret + RandomSecrets.tokens(random);
      String argument = ARGUMENTS.get(random.nextInt(ARGUMENTS.size()));
      List<String> arguments =
          random.nextBoolean() ? List.of(argument + "=" + text) : List.of(argument, text);

      RandomSecrets.assertHidden(List.of(secret), shown(arguments), seed);
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
}
