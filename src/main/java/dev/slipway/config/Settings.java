package dev.slipway.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The configuration in force: Slipway's own settings, and connection strings by name. The sources
/// are, the later one winning: `appsettings.json`, `appsettings.{DOTNET_ENVIRONMENT}.json`, the
/// environment, .NET's arguments, options. An empty value returns a setting to its default.
///
/// A connection string is understood when it is asked for, as the environment of an application may
/// hold others, of other products.
public final class Settings {
  private final Map<Setting, Given> given;
  private final NavigableMap<String, Given> connections;
  private final Map<String, String> environment;
  private final Path workingDirectory;

  private Settings(
      Map<Setting, Given> given,
      NavigableMap<String, Given> connections,
      Map<String, String> environment,
      Path workingDirectory) {
    this.given = given;
    this.connections = connections;
    this.environment = environment;
    this.workingDirectory = workingDirectory;
  }

  /// Reads all sources.
  ///
  /// @param configurationArguments those that [ConfigurationArguments#separate] took out
  /// @param options what the command line's own options say
  /// @param workingDirectory where `appsettings.json` is looked for, and what paths are relative to
  /// @throws ConfigurationException with the problems of all sources
  public static Settings load(
      Map<String, String> environment,
      List<String> configurationArguments,
      Map<Setting, String> options,
      Path workingDirectory) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Settings settings =
        load(environment, configurationArguments, options, workingDirectory, problems);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return settings;
  }

  /// Reads all sources, and leaves out what is wrong.
  ///
  /// @param problems receives those of all sources
  public static Settings load(
      Map<String, String> environment,
      List<String> configurationArguments,
      Map<Setting, String> options,
      Path workingDirectory,
      List<ConfigurationProblem> problems) {
    var sources = new Sources();
    addFiles(environment, workingDirectory, sources);
    sources.addEnvironment(environment);
    ConfigurationArguments.read(configurationArguments, sources);
    for (Map.Entry<Setting, String> option : options.entrySet()) {
      sources.add(option.getKey(), option.getValue(), option.getKey().option());
    }
    return new Settings(
        checked(sources, problems),
        sources.connections(),
        Map.copyOf(environment),
        workingDirectory);
  }

  /// Whether a word of the command line is a configuration argument of .NET, which the parser of
  /// options is not to see; [ConfigurationArguments#separate] takes a whole command line apart.
  public static boolean isConfigurationArgument(String argument) {
    return ConfigurationArguments.isOne(argument);
  }

  /// These settings with those of a changelog's `slipway.yaml` beneath them; the file may be
  /// absent.
  ///
  /// @throws ConfigurationException with all that is wrong with the file
  public Settings withChangelogFile(Path slipwayYaml) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Settings settings = withChangelogFile(slipwayYaml, problems);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return settings;
  }

  /// The same without what is wrong with the file.
  ///
  /// @param problems receives it
  public Settings withChangelogFile(Path slipwayYaml, List<ConfigurationProblem> problems) {
    if (!Files.exists(slipwayYaml)) {
      return this;
    }
    var sources = new Sources();
    ChangelogSettingsFile.read(slipwayYaml, sources);
    Map<Setting, Given> merged = checked(sources, problems);
    merged.putAll(given);
    return new Settings(merged, connections, environment, workingDirectory);
  }

  /// The names of all connection strings that were given, sorted; letter case does not count.
  public List<String> connectionNames() {
    List<String> names = new ArrayList<>();
    for (String name : connections.keySet()) {
      if (name.indexOf(':') < 0) {
        names.add(name);
      }
    }
    return names;
  }

  /// One of [#connectionNames]; letter case does not count.
  ///
  /// @throws ConfigurationException with all that is wrong with it
  public ConnectionString connectionString(String name) {
    return connectionStrings(List.of(name)).getFirst();
  }

  /// Several of [#connectionNames], in the order of the names.
  ///
  /// @throws ConfigurationException with all that is wrong with any of them
  public List<ConnectionString> connectionStrings(List<String> names) {
    List<ConnectionString> strings = new ArrayList<>();
    List<ConfigurationProblem> problems = new ArrayList<>();
    for (String name : names) {
      @Nullable Given connection = connections.get(name);
      if (connection == null) {
        throw new IllegalArgumentException("no connection string \"" + name + "\" was given");
      }
      Optional<ConnectionString> read =
          ConnectionStringReader.read(connection, environment, problems);
      if (read.isPresent()) {
        strings.add(read.get());
      }
      addPartProblems(connection, problems);
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return strings;
  }

  /// One of [#connectionNames] as far as it can be understood, to be shown.
  ///
  /// @param problems receives all that is wrong with it
  public ConnectionView connectionView(String name, List<ConfigurationProblem> problems) {
    @Nullable Given connection = connections.get(name);
    if (connection == null) {
      throw new IllegalArgumentException("no connection string \"" + name + "\" was given");
    }
    ConnectionView view = ConnectionStringReader.view(connection, environment, problems);
    addPartProblems(connection, problems);
    return view;
  }

  /// What is in force, to be shown: each setting that was given or has a default.
  public List<EffectiveValue> effectiveValues() {
    List<EffectiveValue> values = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      @Nullable Given value = given.get(setting);
      if (value != null) {
        String shown =
            ConnectionStringReader.holdsSecret(value.text()) ? EffectiveValue.MASK : value.text();
        values.add(new EffectiveValue(setting.key(), shown, value.source()));
      } else if (!setting.byDefault().isEmpty()) {
        values.add(new EffectiveValue(setting.key(), setting.byDefault(), EffectiveValue.DEFAULT));
      }
    }
    return values;
  }

  /// Keys beneath a connection string's own, which would be taken for parts of it.
  private void addPartProblems(Given connection, List<ConfigurationProblem> problems) {
    String prefix = connection.name().concat(":");
    for (Given part : connections.tailMap(prefix).values()) {
      if (!part.name().regionMatches(true, 0, prefix, 0, prefix.length())) {
        break;
      }
      problems.add(
          new ConfigurationProblem(
              part.source(),
              "connection string \"" + connection.name() + "\" has a part beside it",
              "Write the whole connection string as one text."));
    }
  }

  /// The changelog, or the folder with one per database.
  public Path changelog() {
    return workingDirectory.resolve(text(Setting.CHANGELOG));
  }

  public Optional<String> database() {
    return optional(Setting.DATABASE);
  }

  /// The name of a database in which something may be done that would else be refused.
  public Optional<String> confirm() {
    return optional(Setting.CONFIRM);
  }

  public Optional<String> to() {
    return optional(Setting.TO);
  }

  /// The migration behind which a script begins.
  public Optional<String> from() {
    return optional(Setting.FROM);
  }

  public boolean pending() {
    return flag(Setting.PENDING);
  }

  public boolean plain() {
    return flag(Setting.PLAIN);
  }

  /// Where a script is written, as given: a folder ends with a slash. Empty for stdout.
  public Optional<String> outputFile() {
    return optional(Setting.OUTPUT_FILE);
  }

  /// How events are told.
  public Output output() {
    return Output.parse(text(Setting.OUTPUT)).orElseThrow();
  }

  /// A path as whoever runs this means it.
  public Path resolve(String path) {
    return workingDirectory.resolve(path);
  }

  public boolean dryRun() {
    return flag(Setting.DRY_RUN);
  }

  public boolean json() {
    return flag(Setting.JSON);
  }

  public boolean verbose() {
    return flag(Setting.VERBOSE);
  }

  public boolean createSchema() {
    return flag(Setting.CREATE_SCHEMA);
  }

  /// How long to wait for a server that starts.
  public Duration startWait() {
    return duration(Setting.START_WAIT);
  }

  /// How long to wait for another run on the same database.
  public Duration runLockWait() {
    return duration(Setting.RUN_LOCK_WAIT);
  }

  /// PostgreSQL's `lock_timeout` for migrations; zero means no limit.
  public Duration lockTimeout() {
    return duration(Setting.LOCK_TIMEOUT);
  }

  /// The role to work as.
  public Optional<String> role() {
    return optional(Setting.ROLE);
  }

  /// The history table's name; empty means that it is to be found.
  public Optional<String> historyTable() {
    return optional(Setting.HISTORY_TABLE);
  }

  /// The history table's schema; empty means the first of the search path.
  public Optional<String> historySchema() {
    return optional(Setting.HISTORY_SCHEMA);
  }

  /// The contexts in force, as written; empty if none is named.
  public String contexts() {
    return text(Setting.CONTEXTS);
  }

  /// An expression of labels, as written; empty if there is none.
  public String labels() {
    return text(Setting.LABELS);
  }

  /// How ids of another form become migration ids; empty: as they are.
  public String migrationId() {
    return text(Setting.MIGRATION_ID);
  }

  private static void addFiles(
      Map<String, String> environment, Path workingDirectory, Sources sources) {
    addFile(workingDirectory.resolve("appsettings.json"), sources);
    String name = environment.getOrDefault("DOTNET_ENVIRONMENT", "");
    try {
      String suffix = name.isEmpty() ? "Production" : name;
      addFile(workingDirectory.resolve("appsettings.".concat(suffix).concat(".json")), sources);
    } catch (InvalidPathException _) {
      sources.problem(
          "environment variable DOTNET_ENVIRONMENT",
          "the name of the environment cannot be part of a file name",
          "Write a name such as Production.");
    }
  }

  private static void addFile(Path file, Sources sources) {
    if (Files.exists(file)) {
      AppSettingsFile.read(file, sources);
    }
  }

  private static Map<Setting, Given> checked(Sources sources, List<ConfigurationProblem> problems) {
    sources.check();
    problems.addAll(sources.problems());
    Map<Setting, Given> sound = new TreeMap<>(sources.settings());
    if (!problems.isEmpty()) {
      sound
          .entrySet()
          .removeIf(entry -> entry.getKey().objection(entry.getValue().text()).isPresent());
    }
    return sound;
  }

  private String text(Setting setting) {
    @Nullable Given value = given.get(setting);
    return value == null ? setting.byDefault() : value.text();
  }

  private Optional<String> optional(Setting setting) {
    String text = text(setting);
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private boolean flag(Setting setting) {
    return text(setting).strip().equalsIgnoreCase("true");
  }

  private Duration duration(Setting setting) {
    return DurationText.parse(text(setting)).orElseThrow();
  }
}
