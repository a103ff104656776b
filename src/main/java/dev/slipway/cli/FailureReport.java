package dev.slipway.cli;

import dev.slipway.failure.SlipwayException;
import java.util.List;
import java.util.Map;

/// A failure that concerns no database in particular, as text or as JSON.
public final class FailureReport {
  private FailureReport() {}

  /// @param variables the environment's
  /// @return the failure's exit code
  public static int print(
      Console console,
      Map<String, String> variables,
      List<String> arguments,
      SlipwayException failure) {
    if (Wishes.json(variables, arguments)) {
      Json.printFailure(console, failure);
    } else {
      FailureText.print(console, "", failure);
    }
    return ExitCodes.of(failure.kind());
  }
}
