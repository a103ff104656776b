package dev.slipway.cli;

import dev.slipway.failure.SlipwayException;
import java.util.List;
import java.util.Map;

/// A failure that concerns no database in particular, as text or as JSON. The settings may be what
/// failed, so the wish for JSON is looked for where it was written.
public final class FailureReport {
  private FailureReport() {}

  /// @param variables the environment's
  /// @return the failure's exit code
  public static int print(
      Console console,
      Map<String, String> variables,
      List<String> arguments,
      SlipwayException failure) {
    if (isJsonWanted(variables, arguments)) {
      Json.printFailure(console, failure);
    } else {
      FailureText.print(console, "", failure);
    }
    return ExitCodes.of(failure.kind());
  }

  private static boolean isJsonWanted(Map<String, String> variables, List<String> arguments) {
    return arguments.contains("--json")
        || arguments.stream().anyMatch("--Slipway:Json=true"::equalsIgnoreCase)
        || variables.entrySet().stream().anyMatch(FailureReport::isJson);
  }

  private static boolean isJson(Map.Entry<String, String> variable) {
    return variable.getKey().replace("__", ":").equalsIgnoreCase("Slipway:Json")
        && variable.getValue().strip().equalsIgnoreCase("true");
  }
}
