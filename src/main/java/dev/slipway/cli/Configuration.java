package dev.slipway.cli;

import dev.slipway.changelog.ChangelogFolder;
import dev.slipway.changelog.ChangelogFolder.AmbiguousChangelogException;
import dev.slipway.changelog.ChangelogFolder.MissingChangelogException;
import dev.slipway.config.ConfigurationProblem;
import dev.slipway.config.ConnectionView;
import dev.slipway.config.EffectiveValue;
import dev.slipway.config.Setting;
import dev.slipway.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All that is configured, right or wrong: the settings, each connection string, and the changelog
/// that it gets. No changelog is read but for its settings.
///
/// @param warnings what keeps connection strings from having a changelog, a clause each
/// @param problems all that is wrong
record Configuration(
    Settings settings,
    List<Database> databases,
    List<String> warnings,
    List<ConfigurationProblem> problems) {

  /// A connection string with its changelog.
  ///
  /// @param changelog empty if it has none
  /// @param own the settings, with those of the changelog's own slipway.yaml beneath
  record Database(ConnectionView view, Optional<Path> changelog, Settings own) {
    String name() {
      return view.name();
    }
  }

  /// @param found what is wrong with the settings
  static Configuration read(Settings settings, List<ConfigurationProblem> found) {
    List<ConfigurationProblem> problems = new ArrayList<>(found);
    List<String> warnings = new ArrayList<>();
    List<String> names = names(settings, problems, warnings);
    Optional<ChangelogFolder> folder = folder(settings, warnings);
    List<Database> databases = new ArrayList<>();
    for (String name : names) {
      ConnectionView view = settings.connectionView(name, problems);
      Optional<Path> changelog =
          folder.flatMap(there -> changelog(there, name, names, problems, warnings));
      Settings own = changelog.map(path -> own(settings, path, problems)).orElse(settings);
      databases.add(new Database(view, changelog, own));
    }
    return new Configuration(settings, databases, warnings, problems);
  }

  private static Settings own(
      Settings settings, Path changelog, List<ConfigurationProblem> problems) {
    Path file = LocalChangelogs.settingsFile(changelog);
    return file.toFile().isFile() ? settings.withChangelogFile(file, problems) : settings;
  }

  private static List<String> names(
      Settings settings, List<ConfigurationProblem> problems, List<String> warnings) {
    List<String> names = settings.connectionNames();
    Optional<String> wanted = settings.database();
    if (wanted.isPresent()) {
      List<String> matching = names.stream().filter(wanted.get()::equalsIgnoreCase).toList();
      if (matching.isEmpty()) {
        problems.add(unknown(settings, names));
      }
      return matching;
    }
    if (names.isEmpty()) {
      warnings.add(
          settings.misspeltConnections().stream()
              .findFirst()
              .map(
                  misspelt ->
                      "no connection string is set; rename %s to ConnectionStrings__%s"
                          .formatted(misspelt.variable(), misspelt.name()))
              .orElse("no connection string is set, as by ConnectionStrings__Name=\"Host=…\""));
    }
    return names;
  }

  private static ConfigurationProblem unknown(Settings settings, List<String> names) {
    EffectiveValue wanted =
        settings.effectiveValues().stream()
            .filter(value -> value.key().equals(Setting.DATABASE.key()))
            .findFirst()
            .orElseThrow();
    return new ConfigurationProblem(
        wanted.source(),
        "no connection string \"%s\"".formatted(wanted.value()),
        names.isEmpty()
            ? "Set it: ConnectionStrings__%s=\"Host=…;Database=…;Username=…;Password=…\""
                .formatted(wanted.value())
            : "Write one that there is: %s.".formatted(String.join(", ", names)));
  }

  private static Optional<ChangelogFolder> folder(Settings settings, List<String> warnings) {
    try {
      return Optional.of(ChangelogFolder.at(settings.changelog().normalize()));
    } catch (MissingChangelogException e) {
      warnings.add(e.message());
      return Optional.empty();
    }
  }

  private static Optional<Path> changelog(
      ChangelogFolder folder,
      String name,
      List<String> names,
      List<ConfigurationProblem> problems,
      List<String> warnings) {
    return switch (folder) {
      case ChangelogFolder.PerDatabase perDatabase -> changelog(perDatabase, name, problems);
      case ChangelogFolder.Single(var path, var folders) -> {
        if (names.size() == 1) {
          yield Optional.of(path);
        }
        String warning =
            folders.isEmpty()
                ? "several connection strings and one changelog: name one with --database"
                : "files beside the folders of a changelog per database in " + path;
        if (!warnings.contains(warning)) {
          warnings.add(warning);
        }
        yield Optional.empty();
      }
    };
  }

  private static Optional<Path> changelog(
      ChangelogFolder.PerDatabase folder, String name, List<ConfigurationProblem> problems) {
    try {
      return folder.changelogOf(name);
    } catch (AmbiguousChangelogException e) {
      problems.add(
          new ConfigurationProblem("the changelogs in " + folder.path(), e.message(), e.hint()));
      return Optional.empty();
    }
  }
}
