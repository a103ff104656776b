package dev.slipway.cli;

import dev.slipway.changelog.ChangelogFolder;
import dev.slipway.changelog.ChangelogLoader;
import dev.slipway.config.CleanMarkGiven;
import dev.slipway.config.Nearest;
import dev.slipway.config.Settings;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ChangelogReader;
import dev.slipway.migration.CleanMark;
import dev.slipway.migration.HistoryUse;
import dev.slipway.migration.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The changelogs on disk, with their settings.
final class LocalChangelogs {
  private LocalChangelogs() {}

  /// A changelog, as its own settings want it.
  static Changelog load(Path path, List<ChangelogReader> readers, Settings own) {
    Changelog changelog =
        ChangelogLoader.load(
            path,
            readers,
            new ChangelogOptions(
                own.contexts(),
                own.labels(),
                own.migrationId(),
                own.sharedHistory() ? HistoryUse.SHARED : HistoryUse.OWN,
                cleanMarks(own),
                own.resync().after()));
    Histories.refuseContradiction(own, changelog);
    return changelog;
  }

  private static List<CleanMark> cleanMarks(Settings own) {
    List<CleanMark> marks = new ArrayList<>();
    for (CleanMarkGiven given : own.cleanMarks()) {
      marks.add(new CleanMark(given.text(), new Origin(given.file(), given.line())));
    }
    return marks;
  }

  /// The settings with those of the changelog's own slipway.yaml beneath.
  static Settings own(Settings settings, Path changelog) {
    Path file = settingsFile(changelog);
    return file.toFile().isFile() ? settings.withChangelogFile(file) : settings;
  }

  /// Where a changelog's own settings are, if it has any.
  static Path settingsFile(Path changelog) {
    Path folder = changelog.toFile().isDirectory() ? changelog : changelog.resolveSibling("");
    return folder.resolve("slipway.yaml");
  }

  /// Whether each lies in a folder with the name of its database.
  static boolean areNamed(Settings settings) {
    return switch (ChangelogFolder.at(settings.changelog().normalize())) {
      case ChangelogFolder.Single _ -> false;
      case ChangelogFolder.PerDatabase _ -> true;
    };
  }

  /// The paths of those that `--database` leaves; all without it.
  static List<Path> paths(Settings settings) {
    return switch (ChangelogFolder.at(settings.changelog().normalize())) {
      case ChangelogFolder.Single(var path, _) -> List.of(path);
      case ChangelogFolder.PerDatabase folder ->
          settings
              .database()
              .map(name -> List.of(path(folder, name)))
              .orElseGet(() -> folder.folders().stream().map(folder.path()::resolve).toList());
    };
  }

  private static Path path(ChangelogFolder.PerDatabase folder, String name) {
    return folder
        .changelogOf(name)
        .orElseThrow(
            () ->
                new UsageException(
                    "no changelog for database \"%s\"".formatted(name),
                    "In %s there are: %s."
                        .formatted(folder.path(), String.join(", ", folder.folders())),
                    Nearest.to(name, folder.folders())
                        .map(nearest -> "Did you mean --database %s?".formatted(nearest))
                        .orElse("Name one of them with --database.")));
  }
}
