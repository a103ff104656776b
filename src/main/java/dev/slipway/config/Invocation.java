package dev.slipway.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the program was started with, from which all sources of the configuration follow. They are
/// read in this order, the later one winning: `appsettings.json`,
/// `appsettings.{DOTNET_ENVIRONMENT}.json`, the file that `CustomJsonConfigurationFilePath` names,
/// the folder of secrets, the environment, .NET's arguments, options.
///
/// @param configurationArguments those that [ConfigurationArguments#separate] took out
/// @param options what the command line's own options say
/// @param workingDirectory where `appsettings.json` is looked for, and what paths are relative to
record Invocation(
    Map<String, String> environment,
    List<String> configurationArguments,
    Map<Setting, String> options,
    Path workingDirectory) {
  private static final String CUSTOM_FILE = "CustomJsonConfigurationFilePath";

  Invocation {
    environment = Map.copyOf(environment);
    configurationArguments = List.copyOf(configurationArguments);
    options = Map.copyOf(options);
  }

  /// Reads them all, as they are now.
  Sources read() {
    var later = new Sources();
    later.addEnvironment(environment, workingDirectory);
    ConfigurationArguments.read(configurationArguments, later);
    for (Map.Entry<Setting, String> option : options.entrySet()) {
      later.add(
          option.getKey(), option.getValue(), option.getKey().option(), Given.Origin.ARGUMENT);
    }
    var sources = new Sources();
    addAppSettings(sources);
    addCustomFile(sources);
    addSecrets(later, sources);
    sources.addAll(later);
    if (sources.connections().isEmpty()) {
      DatabaseVariables.add(environment, sources);
    }
    return sources;
  }

  private void addAppSettings(Sources sources) {
    addIfThere(workingDirectory.resolve("appsettings.json"), sources);
    String name = environment.getOrDefault("DOTNET_ENVIRONMENT", "");
    try {
      String suffix = name.isEmpty() ? "Production" : name;
      addIfThere(workingDirectory.resolve("appsettings.".concat(suffix).concat(".json")), sources);
    } catch (InvalidPathException _) {
      sources.problem(
          Sources.VARIABLE.concat("DOTNET_ENVIRONMENT"),
          "the name of the environment cannot be part of a file name",
          "Write a name such as Production.");
    }
  }

  private static void addIfThere(Path file, Sources sources) {
    if (Files.exists(file)) {
      AppSettingsFile.read(file, sources);
    }
  }

  /// One that is named has to be there, as .NET wants it.
  private void addCustomFile(Sources sources) {
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (variable.getKey().equalsIgnoreCase(CUSTOM_FILE) && !variable.getValue().isEmpty()) {
        @Nullable Path file = path(variable.getValue());
        if (file == null || !Files.exists(file)) {
          sources.problem(
              Sources.VARIABLE.concat(variable.getKey()),
              "there is no such file",
              "Write the path of a JSON file like appsettings.json, or take the variable out.");
        } else {
          AppSettingsFile.read(file, sources);
        }
      }
    }
  }

  /// @param later the sources behind this one, which may say where it is
  private void addSecrets(Sources later, Sources sources) {
    @Nullable Given named = later.settings().get(Setting.SECRETS_PATH);
    if (named == null) {
      named = sources.settings().get(Setting.SECRETS_PATH);
    }
    if (named == null || named.text().isEmpty()) {
      if (Files.isDirectory(KeyPerFileFolder.USUAL)) {
        KeyPerFileFolder.read(KeyPerFileFolder.USUAL, sources);
      }
      return;
    }
    @Nullable Path folder = path(named.text());
    if (folder != null) { // Else the check of all settings says so.
      KeyPerFileFolder.read(folder, sources);
    }
  }

  private @Nullable Path path(String text) {
    try {
      return workingDirectory.resolve(text);
    } catch (InvalidPathException _) {
      return null;
    }
  }
}
