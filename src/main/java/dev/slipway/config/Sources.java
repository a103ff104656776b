package dev.slipway.config;

import dev.slipway.config.Given.Origin;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Gathers what the sources of the configuration give, one after another; the later one wins. Keys
/// are .NET's: sections with colons between them, letter case does not count. Sections of others
/// are passed over.
final class Sources {
  static final String CONNECTION_STRINGS = "ConnectionStrings:";

  private static final String FILE_SUFFIX = "_FILE";
  private static final String PROGRAM = "Slipway";
  private static final String SLIPWAY = PROGRAM + ":";

  /// What stands before the name of a variable as a source.
  static final String VARIABLE = "environment variable ";

  /// In the order in which .NET tests them.
  private static final String[] CONNECTION_STRING_PREFIXES = {
    "MYSQLCONNSTR_",
    "SQLAZURECONNSTR_",
    "SQLCONNSTR_",
    "POSTGRESQLCONNSTR_",
    "APIHUBCONNSTR_",
    "DOCDBCONNSTR_",
    "EVENTHUBCONNSTR_",
    "NOTIFICATIONHUBCONNSTR_",
    "REDISCACHECONNSTR_",
    "SERVICEBUSCONNSTR_",
    "CUSTOMCONNSTR_"
  };

  // A TreeMap, as an EnumMap costs each start of the program milliseconds of reflection.
  private final Map<Setting, Given> settings = new TreeMap<>();
  private final NavigableMap<String, Given> connections =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<ConfigurationProblem> problems = new ArrayList<>();
  private final List<CleanMarkGiven> cleanMarks = new ArrayList<>();
  private ResyncNotes resync = ResyncNotes.NONE;
  private Optional<SecretFiles> secrets = Optional.empty();

  Map<Setting, Given> settings() {
    return settings;
  }

  /// By the key within their section.
  NavigableMap<String, Given> connections() {
    return connections;
  }

  /// What a changelog's own file says of its migrations.
  List<CleanMarkGiven> cleanMarks() {
    return cleanMarks;
  }

  /// What a changelog's own file says of the time behind a resync.
  ResyncNotes resync() {
    return resync;
  }

  void resync(ResyncNotes notes) {
    resync = notes;
  }

  /// What the folder of secrets holds, if one was read.
  Optional<SecretFiles> secrets() {
    return secrets;
  }

  void secrets(SecretFiles files) {
    secrets = Optional.of(files);
  }

  List<ConfigurationProblem> problems() {
    return problems;
  }

  void problem(String source, String message, String hint) {
    problems.add(new ConfigurationProblem(source, message, hint));
  }

  /// Whether a key is in a section that is ours.
  static boolean isOurs(String key) {
    return startsWith(key, SLIPWAY) || startsWith(key, CONNECTION_STRINGS);
  }

  /// One value from one source.
  void add(String key, String text, String source, Origin origin) {
    if (startsWith(key, CONNECTION_STRINGS)) {
      String name = key.substring(CONNECTION_STRINGS.length());
      addConnection(new Given(name, text, source, origin));
    } else if (startsWith(key, SLIPWAY)) {
      addSetting(key.substring(SLIPWAY.length()), text, source, origin);
    }
  }

  private void addConnection(Given connection) {
    connections.remove(connection.name()); // So that it is spelled as in the source that wins.
    connections.put(connection.name(), connection);
  }

  /// One value of a setting that is known already. An empty one returns it to its default, also
  /// where an earlier source gave another.
  void add(Setting setting, String text, String source, Origin origin) {
    settings.put(setting, new Given(setting.key(), text, source, origin));
  }

  /// What later sources give.
  void addAll(Sources later) {
    settings.putAll(later.settings);
    for (Given connection : later.connections.values()) {
      addConnection(connection);
    }
    problems.addAll(later.problems);
  }

  private void addSetting(String key, String text, String source, Origin origin) {
    for (Setting setting : Setting.values()) {
      if (setting.key().equalsIgnoreCase(key)) {
        add(setting, text, source, origin);
        return;
      }
    }
    String shown = Shown.isKey(key) ? " \"" + SLIPWAY + key + "\"" : "";
    problem(source, "unknown setting" + shown, nearestKey(key));
  }

  private static String nearestKey(String key) {
    List<String> keys = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      keys.add(setting.key());
    }
    Optional<String> nearest = Nearest.to(key, keys);
    return nearest.isPresent()
        ? "Did you mean \"" + SLIPWAY + nearest.get() + "\"?"
        : "Take it out; the settings are " + String.join(", ", keys) + ".";
  }

  /// All variables of the environment. Those with a prefix of a hosting service come first, and
  /// otherwise the order is that of their names, as .NET leaves it open. Beneath
  /// `ConnectionStrings`, `X_FILE` names the file that holds the value of `X`.
  ///
  /// @param workingDirectory what paths are relative to
  void addEnvironment(Map<String, String> environment, Path workingDirectory) {
    Map<String, String> prefixed = new TreeMap<>();
    Map<String, String> plain = new TreeMap<>();
    Map<String, String> files = new TreeMap<>();
    for (String name : environment.keySet()) {
      @Nullable String connection = prefixedConnection(name);
      if (connection != null) {
        prefixed.put(name, connection);
      } else if (startsWith(name, "ConnectionStrings") && endsWith(name, FILE_SUFFIX)) {
        String key = name.substring(0, name.length() - FILE_SUFFIX.length());
        files.put(name, key.replace("__", ":"));
      } else if (startsWith(name, "Slipway") || startsWith(name, "ConnectionStrings")) {
        plain.put(name, name.replace("__", ":"));
      }
    }
    addVariables(prefixed, environment);
    addVariables(plain, environment);
    refuseNearMisses(plain);
    for (Map.Entry<String, String> file : files.entrySet()) {
      addFile(file.getKey(), file.getValue(), environment, workingDirectory);
    }
  }

  /// Nobody would notice that a variable says nothing that is a setting but for its underscores.
  /// Others begin with the program's name and mean something else.
  private void refuseNearMisses(Map<String, String> keys) {
    for (Map.Entry<String, String> entry : keys.entrySet()) {
      String variable = entry.getKey();
      // Each run passes here, with whatever its environment holds.
      if (variable.regionMatches(true, 0, PROGRAM, 0, PROGRAM.length())
          && !isOurs(entry.getValue())) {
        String plain = Nearest.plain(variable);
        for (Setting setting : Setting.values()) {
          if (plain.equals(Nearest.plain(PROGRAM.concat(setting.key())))) {
            problem(
                VARIABLE.concat(variable),
                "unknown setting \"" + variable + "\"",
                "Did you mean \"Slipway__" + setting.key() + "\"?");
          }
        }
      }
    }
  }

  private void addVariables(Map<String, String> keys, Map<String, String> environment) {
    for (Map.Entry<String, String> entry : keys.entrySet()) {
      String variable = entry.getKey();
      @Nullable String text = environment.get(variable);
      if (text != null) {
        add(entry.getValue(), text, VARIABLE.concat(variable), Origin.VARIABLE);
      }
    }
  }

  private void addFile(
      String variable, String key, Map<String, String> environment, Path workingDirectory) {
    String path = environment.getOrDefault(variable, "");
    if (path.isEmpty() || !startsWith(key, CONNECTION_STRINGS)) {
      return;
    }
    @Nullable Given other = connections.get(key.substring(CONNECTION_STRINGS.length()));
    if (other != null && !other.text().isEmpty()) {
      problem(
          VARIABLE.concat(variable),
          "a value is given twice: here by a file, and by " + other.source(),
          "Take one of them out.");
      return;
    }
    try {
      Path file = workingDirectory.resolve(path);
      ValueFile.read(file, key, "file " + file + " of " + VARIABLE + variable, this);
    } catch (InvalidPathException _) {
      problem(VARIABLE.concat(variable), "the value is no path", "Write the path of a file.");
    }
  }

  private static @Nullable String prefixedConnection(String name) {
    for (String prefix : CONNECTION_STRING_PREFIXES) {
      if (startsWith(name, prefix)) {
        return CONNECTION_STRINGS.concat(name.substring(prefix.length()).replace("__", ":"));
      }
    }
    return null;
  }

  /// Adds the problems with the values of settings, once all sources have had their say.
  void check() {
    for (Map.Entry<Setting, Given> entry : settings.entrySet()) {
      if (!entry.getValue().text().isEmpty()) {
        check(entry.getKey(), entry.getValue());
      }
    }
  }

  private void check(Setting setting, Given given) {
    Optional<String> objection = setting.objection(given.text());
    if (objection.isPresent()) {
      problem(
          given.source(),
          "\"" + SLIPWAY + setting.key() + "\" cannot be " + Shown.value(given.text()),
          objection.get());
    }
  }

  private static boolean endsWith(String text, String suffix) {
    int start = text.length() - suffix.length();
    return start > 0 && text.regionMatches(true, start, suffix, 0, suffix.length());
  }

  private static boolean startsWith(String text, String prefix) {
    return text.regionMatches(true, 0, prefix, 0, prefix.length());
  }
}
