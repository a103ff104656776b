package dev.slipway.cli;

import dev.slipway.changelog.ChangelogFolder;
import dev.slipway.config.ConnectionString;
import dev.slipway.config.MisspeltVariable;
import dev.slipway.config.Nearest;
import dev.slipway.config.SecretFiles;
import dev.slipway.config.Settings;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.ChangelogReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which databases are worked on, and with which changelog: a flat changelog goes to the one
/// database there is, or that is named; a folder of changelogs goes by the names of its folders.
///
/// @param skipped connection strings without a changelog: a .NET environment holds others, too
record Assignments(List<Assignment> all, List<Skipped> skipped) {

  /// A connection string without a changelog.
  ///
  /// @param meant the folder of a near name that has no connection string
  record Skipped(String name, Optional<String> meant) {}

  /// Loads every changelog before any database is touched.
  static Assignments load(Settings settings, List<ChangelogReader> readers) {
    ChangelogFolder folder = ChangelogFolder.at(settings.changelog().normalize());
    List<String> names = settings.connectionNames();
    if (names.isEmpty()) {
      throw AssignmentException.noConnection(settings);
    }
    if (folder instanceof ChangelogFolder.PerDatabase perDatabase) {
      return assign(perDatabase, names, settings, readers);
    }
    String name = only(names, folder.folders(), settings);
    return new Assignments(
        loadAll(List.of(name), List.of(folder.path()), settings, readers), List.of());
  }

  private static String only(List<String> names, List<String> folders, Settings settings) {
    Optional<String> wanted = settings.database();
    if (wanted.isPresent()) {
      return names.stream()
          .filter(wanted.get()::equalsIgnoreCase)
          .findFirst()
          .orElseThrow(() -> AssignmentException.unknownDatabase(wanted.get(), settings));
    }
    if (names.size() > 1) {
      throw folders.isEmpty()
          ? AssignmentException.severalConnections(names)
          : AssignmentException.filesBesideFolders(folders, settings.changelog());
    }
    return names.getFirst();
  }

  private static Assignments assign(
      ChangelogFolder.PerDatabase folder,
      List<String> names,
      Settings settings,
      List<ChangelogReader> readers) {
    Optional<String> wanted = settings.database();
    List<String> matching = new ArrayList<>();
    List<Path> paths = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (String name : names) {
      Optional<Path> path = folder.changelogOf(name);
      if (wanted.isPresent() && !wanted.get().equalsIgnoreCase(name)) {
        continue;
      }
      if (path.isPresent()) {
        matching.add(name);
        paths.add(path.get());
      } else {
        skipped.add(name);
      }
    }
    if (matching.isEmpty()) {
      throw wanted.isPresent() && skipped.isEmpty()
          ? AssignmentException.unknownDatabase(wanted.get(), settings)
          : AssignmentException.noChangelog(skipped, folder, settings);
    }
    return new Assignments(
        loadAll(matching, paths, settings, readers), skipped(skipped, free(folder, names)));
  }

  /// The folders without a connection string.
  private static List<String> free(ChangelogFolder folder, List<String> names) {
    return folder.folders().stream()
        .filter(free -> names.stream().noneMatch(free::equalsIgnoreCase))
        .toList();
  }

  private static List<Skipped> skipped(List<String> names, List<String> free) {
    return names.stream().map(name -> new Skipped(name, Nearest.to(name, free))).toList();
  }

  private static List<Assignment> loadAll(
      List<String> names, List<Path> paths, Settings settings, List<ChangelogReader> readers) {
    List<ConnectionString> connections = settings.connectionStrings(names);
    List<Assignment> assignments = new ArrayList<>();
    List<ChangelogProblem> problems = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Path path = paths.get(i);
      try {
        Settings own = LocalChangelogs.own(settings, path);
        Changelog changelog = LocalChangelogs.load(path, readers, own);
        assignments.add(new Assignment(names.get(i), connections.get(i), changelog, own));
      } catch (ChangelogException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    return assignments;
  }

  /// It cannot be told which database gets which changelog.
  static final class AssignmentException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    private AssignmentException(String message, String detail, String hint) {
      super(FailureKind.CONFIGURATION, message, detail, hint, TargetState.UNCHANGED, null);
    }

    static AssignmentException noConnection(Settings settings) {
      Optional<SecretFiles> secrets = settings.secretFiles();
      return new AssignmentException(
          "no connection string",
          "None was found in the environment, in appsettings.json or on the command line."
              + secrets.map(files -> "\n" + files.text()).orElse(""),
          settings.misspeltConnections().stream()
              .findFirst()
              .map(AssignmentException::hint)
              .orElse(
                  "Set one: ConnectionStrings__Name=\"Host=…;Database=…;Username=…;Password=…\""));
    }

    private static String hint(MisspeltVariable misspelt) {
      return "Rename %s to ConnectionStrings__%s.".formatted(misspelt.variable(), misspelt.name());
    }

    static AssignmentException unknownDatabase(String wanted, Settings settings) {
      List<String> names = settings.connectionNames();
      if (names.isEmpty()) {
        return noConnection(settings);
      }
      return new AssignmentException(
          "no connection string \"%s\"".formatted(wanted),
          "There are: %s.".formatted(String.join(", ", names)),
          Nearest.to(wanted, names)
              .map(name -> "Did you mean --database %s? Else set it: ".formatted(name))
              .orElse("Set it: ")
              .concat(
                  "ConnectionStrings__%s=\"Host=…;Database=…;Username=…;Password=…\""
                      .formatted(wanted)));
    }

    static AssignmentException severalConnections(List<String> names) {
      return new AssignmentException(
          "several connection strings and one changelog",
          "There are: %s.".formatted(String.join(", ", names)),
          "Name the database that it is for: --database %s".formatted(names.getFirst()));
    }

    static AssignmentException filesBesideFolders(List<String> folders, Path changelog) {
      return new AssignmentException(
          "files beside the folders of a changelog per database",
          "In %s there are the folders %s, and files that belong to none."
              .formatted(changelog.normalize(), String.join(", ", folders)),
          "Move the files out, or into the folder of their database.");
    }

    static AssignmentException noChangelog(
        List<String> names, ChangelogFolder.PerDatabase folder, Settings settings) {
      return new AssignmentException(
          "no connection string matches a changelog",
          "Connection strings: %s. Changelogs in %s: %s."
              .formatted(
                  String.join(", ", names), folder.path(), String.join(", ", folder.folders())),
          settings.misspeltConnections().stream()
              .filter(misspelt -> folder.changelogOf(misspelt.name()).isPresent())
              .findFirst()
              .map(AssignmentException::hint)
              .orElseGet(() -> hint(names, folder.folders())));
    }

    /// What is proposed must not be the folder of another product.
    private static String hint(List<String> names, List<String> folders) {
      for (String name : names) {
        Optional<String> nearest = Nearest.to(name, folders);
        if (nearest.isPresent()) {
          return "Did you mean ConnectionStrings__%s, in place of ConnectionStrings__%s?"
              .formatted(nearest.get(), name);
        }
      }
      return "Name the connection string like the folder of its changelog, one of: %s."
          .formatted(String.join(", ", folders));
    }
  }
}
