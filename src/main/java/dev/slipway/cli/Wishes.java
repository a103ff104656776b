package dev.slipway.cli;

import dev.slipway.config.Output;
import java.util.List;
import java.util.Map;

/// How a failure is to be told, looked for where it was written: the settings may be what failed.
public final class Wishes {
  private Wishes() {}

  static boolean json(Map<String, String> variables, List<String> arguments) {
    return arguments.contains("--json") || isSet("Json", "true", variables, arguments);
  }

  /// How events are told until the settings are known.
  ///
  /// @param variables the environment's
  public static Output output(Map<String, String> variables, List<String> arguments) {
    int option = arguments.indexOf("--output");
    boolean json =
        arguments.contains("--output=json")
            || (option >= 0 && arguments.subList(option, arguments.size()).indexOf("json") == 1)
            || isSet("Output", "json", variables, arguments);
    return json ? Output.JSON : Output.TEXT;
  }

  /// Without streams, as every run asks this before anything else.
  private static boolean isSet(
      String key, String value, Map<String, String> variables, List<String> arguments) {
    String name = "Slipway:".concat(key);
    String argument = "--" + name + "=" + value;
    for (String given : arguments) {
      if (argument.equalsIgnoreCase(given)) {
        return true;
      }
    }
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      if (variable.getValue().strip().equalsIgnoreCase(value)
          && variable.getKey().replace("__", ":").equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
