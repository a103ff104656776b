package dev.slipway.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The configuration in force: Slipway's own settings, and connection strings by name. [Invocation]
/// has the sources; an empty value returns a setting to its default.
///
/// A connection string is understood when it is asked for, as the environment of an application may
/// hold others, of other products.
public final class Settings {
  private static final String WIPE_DATABASE = "WIPE_DATABASE";

  private final Map<Setting, Given> given;
  private final Connections connections;
  private final Invocation invocation;
  private final List<CleanMarkGiven> cleanMarks;
  private final ResyncNotes resync;

  private Settings(
      Map<Setting, Given> given,
      Connections connections,
      Invocation invocation,
      List<CleanMarkGiven> cleanMarks,
      ResyncNotes resync) {
    this.given = given;
    this.connections = connections;
    this.invocation = invocation;
    this.cleanMarks = List.copyOf(cleanMarks);
    this.resync = resync;
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
    return load(
        new Invocation(environment, configurationArguments, options, workingDirectory), problems);
  }

  private static Settings load(Invocation invocation, List<ConfigurationProblem> problems) {
    Sources sources = invocation.read();
    checkWipe(invocation.environment().getOrDefault(WIPE_DATABASE, ""), sources);
    return new Settings(
        checked(sources, problems),
        new Connections(sources.connections(), invocation.environment()),
        invocation,
        List.of(),
        ResyncNotes.NONE);
  }

  private static void checkWipe(String text, Sources sources) {
    if (!text.isBlank() && !isTrue(text) && !text.strip().equalsIgnoreCase("false")) {
      sources.problem(
          Sources.VARIABLE.concat(WIPE_DATABASE),
          "\"" + text + "\" is neither true nor false",
          "Write true, with Slipway__Confirm=DATABASE-NAME, or take it out.");
    }
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
    for (Map.Entry<Setting, Given> entry : given.entrySet()) {
      if (!entry.getValue().text().isEmpty()) {
        merged.put(entry.getKey(), entry.getValue());
      }
    }
    return new Settings(merged, connections, invocation, sources.cleanMarks(), sources.resync());
  }

  /// The names of all connection strings that were given, sorted; letter case does not count.
  public List<String> connectionNames() {
    return connections.names();
  }

  /// Variables of the environment that were probably meant to be connection strings, and files of
  /// the folder of secrets.
  public List<MisspeltVariable> misspeltConnections() {
    List<MisspeltVariable> misspelt =
        new ArrayList<>(MisspeltVariable.of(invocation.environment()));
    secretFiles().ifPresent(files -> misspelt.addAll(files.misspelt()));
    return misspelt;
  }

  /// What the folder of secrets holds, if one is read.
  public Optional<SecretFiles> secretFiles() {
    return invocation.read().secrets();
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
      Optional<ConnectionString> read = connections.read(name, problems);
      if (read.isPresent()) {
        strings.add(
            connections.comesFromFile(name) ? read.get().rereadBy(() -> reread(name)) : read.get());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return strings;
  }

  /// The connection string as its files are now.
  private ConnectionString reread(String name) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Settings now = load(invocation, problems);
    if (!now.connections.has(name)) {
      problems.add(
          new ConfigurationProblem(
              connections.source(name),
              "connection string \"" + name + "\" is not there any more",
              "Put it back, then run slipway again."));
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return now.connectionString(name);
  }

  /// One of [#connectionNames] as far as it can be understood, to be shown.
  ///
  /// @param problems receives all that is wrong with it
  public ConnectionView connectionView(String name, List<ConfigurationProblem> problems) {
    return connections.view(name, problems);
  }

  /// What is in force, to be shown: each setting that was given or has a default.
  public List<EffectiveValue> effectiveValues() {
    List<EffectiveValue> values = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      @Nullable Given value = given.get(setting);
      if (value != null && !value.text().isEmpty()) {
        String shown =
            ConnectionStringReader.holdsSecret(value.text()) ? EffectiveValue.MASK : value.text();
        values.add(new EffectiveValue(setting.key(), shown, value.source()));
      } else if (!setting.byDefault().isEmpty()) {
        values.add(new EffectiveValue(setting.key(), setting.byDefault(), EffectiveValue.DEFAULT));
      }
    }
    return values;
  }

  /// The changelog, or the folder with one per database.
  public Path changelog() {
    return invocation.workingDirectory().resolve(text(Setting.CHANGELOG));
  }

  public Optional<String> database() {
    return optional(Setting.DATABASE);
  }

  /// The name of a database in which something may be done that would else be refused.
  public Optional<String> confirm() {
    return optional(Setting.CONFIRM);
  }

  /// Whether the sessions of other clients are ended where they would stand in the way.
  public boolean terminate() {
    return flag(Setting.TERMINATE);
  }

  /// Whether the environment says `WIPE_DATABASE=true`: a habit of containers from before there was
  /// Slipway.
  public boolean wipesDatabase() {
    return isTrue(invocation.environment().getOrDefault(WIPE_DATABASE, ""));
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
    return invocation.workingDirectory().resolve(path);
  }

  /// Whether nothing is to be changed.
  public boolean dryRun() {
    return !text(Setting.DRY_RUN).strip().equalsIgnoreCase("false");
  }

  /// Whether a dry run applies what is due, and rolls it back.
  public boolean dryRunExecutes() {
    return text(Setting.DRY_RUN).strip().equalsIgnoreCase(Setting.EXECUTE);
  }

  public boolean json() {
    return flag(Setting.JSON);
  }

  public boolean verbose() {
    return flag(Setting.VERBOSE);
  }

  /// Whether the first failure is the last: what was not begun then stays as it is.
  public boolean stopOnError() {
    return flag(Setting.STOP_ON_ERROR);
  }

  /// How many databases are worked on side by side, at least 1.
  public int parallel() {
    return Integer.parseInt(text(Setting.PARALLEL).strip());
  }

  public boolean createSchema() {
    return flag(Setting.CREATE_SCHEMA);
  }

  public boolean createDatabase() {
    return flag(Setting.CREATE_DATABASE);
  }

  /// How long to wait for a server that starts.
  public Duration startWait() {
    return duration(Setting.START_WAIT);
  }

  /// How long to wait for another run on the same database.
  public Duration runLockWait() {
    return duration(Setting.RUN_LOCK_WAIT);
  }

  /// How long to wait until a database holds all that its changelog holds.
  public Duration timeout() {
    return duration(Setting.TIMEOUT);
  }

  /// How long to try again a migration that could not get its locks.
  public Duration lockWait() {
    return duration(Setting.LOCK_WAIT);
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

  /// Whether ids that a changelog does not have are others', who share its history.
  public boolean sharedHistory() {
    return flag(Setting.SHARED_HISTORY);
  }

  /// What the changelog's author says of migrations that need a clean database.
  public List<CleanMarkGiven> cleanMarks() {
    return cleanMarks;
  }

  /// What the changelog's author says of the time behind a resync.
  public ResyncNotes resync() {
    return resync;
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

  /// Where a setting that was given comes from: `--to`, `environment variable Slipway__To`.
  public String source(Setting setting) {
    return Objects.requireNonNull(given.get(setting)).source();
  }

  /// These settings, where one of them was given by an argument in place of its option.
  ///
  /// @param source as it is told
  public Settings givenBy(Setting setting, String source) {
    Map<Setting, Given> moved = new TreeMap<>(given);
    moved.computeIfPresent(
        setting, (_, was) -> new Given(was.name(), was.text(), source, was.origin()));
    return new Settings(moved, connections, invocation, cleanMarks, resync);
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
    return value == null || value.text().isEmpty() ? setting.byDefault() : value.text();
  }

  private Optional<String> optional(Setting setting) {
    String text = text(setting);
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private boolean flag(Setting setting) {
    return isTrue(text(setting));
  }

  private static boolean isTrue(String text) {
    return text.strip().equalsIgnoreCase("true");
  }

  private Duration duration(Setting setting) {
    return DurationText.parse(text(setting)).orElseThrow();
  }
}
