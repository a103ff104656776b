package dev.slipway.config;

import java.util.ArrayList;
import java.util.List;

/// A command line, taken apart into .NET's configuration arguments and all others. Of the former
/// there are `--Section:Key=value`, `/Section:Key=value`, `Section:Key=value`, and the first two
/// with the value as a word of its own. The value begins behind the first equals sign.
///
/// @param configuration the configuration arguments, for [Settings#load]
/// @param others the rest, in order
public record ConfigurationArguments(List<String> configuration, List<String> others) {
  public ConfigurationArguments {
    configuration = List.copyOf(configuration);
    others = List.copyOf(others);
  }

  /// Nothing behind a `--` is a configuration argument.
  public static ConfigurationArguments separate(List<String> arguments) {
    List<String> configuration = new ArrayList<>();
    List<String> others = new ArrayList<>();
    boolean open = true;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      open = open && !argument.equals("--");
      if (!open || !isOne(argument)) {
        others.add(argument);
        continue;
      }
      configuration.add(argument);
      if (takesNext(argument) && i + 1 < arguments.size()) {
        configuration.add(arguments.get(++i));
      }
    }
    return new ConfigurationArguments(configuration, others);
  }

  /// Whether it sets a key of a section: with two dashes that of any section, as no option has a
  /// colon in its name; otherwise only one of ours, as other words may be paths.
  static boolean isOne(String argument) {
    String key = key(argument);
    return argument.startsWith("--")
        ? key.indexOf(':') > 0
        : Sources.isOurs(key) && (argument.startsWith("/") || !takesNext(argument));
  }

  /// Adds what the arguments set.
  static void read(List<String> arguments, Sources sources) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      String key = key(argument);
      String source = source(argument, key);
      if (!Sources.isOurs(key)) {
        sources.problem(
            source,
            "the argument sets nothing of ours",
            "Write --ConnectionStrings:NAME=… or --Slipway:SETTING=….");
        i += takesNext(argument) ? 1 : 0;
      } else if (!takesNext(argument)) {
        sources.add(
            key, argument.substring(argument.indexOf('=') + 1), source, Given.Origin.ARGUMENT);
      } else if (i + 1 < arguments.size()) {
        sources.add(key, arguments.get(++i), source, Given.Origin.ARGUMENT);
      } else {
        sources.problem(source, "the argument has no value", "Write " + source + "=VALUE.");
      }
    }
  }

  private static String source(String argument, String key) {
    String dashes = argument.substring(0, argument.indexOf(key));
    return dashes.concat(Sources.isOurs(key) ? key : key.substring(0, key.indexOf(':')));
  }

  private static boolean takesNext(String argument) {
    return argument.indexOf('=') < 0;
  }

  private static String key(String argument) {
    int start = argument.startsWith("--") ? 2 : argument.startsWith("/") ? 1 : 0;
    int equals = argument.indexOf('=');
    return equals < start ? argument.substring(start) : argument.substring(start, equals);
  }
}
