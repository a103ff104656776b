package dev.slipway.cli;

import dev.slipway.changelog.ChangelogFolder;
import dev.slipway.config.Settings;
import java.nio.file.Path;
import java.util.List;

/// The changelogs on disk that a command without a database works on.
final class LocalChangelogs {
  private LocalChangelogs() {}

  /// The paths of those that `--database` leaves; all without it.
  static List<Path> paths(Settings settings) {
    return switch (ChangelogFolder.at(settings.changelog().normalize())) {
      case ChangelogFolder.Single(var path, _) -> List.of(path);
      case ChangelogFolder.PerDatabase folder ->
          settings
              .database()
              .map(name -> List.of(path(folder, name)))
              .orElseGet(() -> folder.names().stream().map(folder.path()::resolve).toList());
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
                        .formatted(folder.path(), String.join(", ", folder.names())),
                    "Name one of them: --database " + folder.names().getFirst()));
  }
}
