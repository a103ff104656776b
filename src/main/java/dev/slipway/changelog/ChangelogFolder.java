package dev.slipway.changelog;

import dev.slipway.config.Nearest;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What `--changelog` names: one changelog, or a folder with one changelog per database.
public sealed interface ChangelogFolder {

  Path path();

  /// The names of the folders inside.
  List<String> folders();

  /// One changelog, for the one database there is.
  ///
  /// @param folders those inside, which no changelog has: a sign that each was meant to be one
  record Single(Path path, List<String> folders) implements ChangelogFolder {
    public Single {
      folders = List.copyOf(folders);
    }
  }

  /// A folder for each database, named like its connection string.
  record PerDatabase(Path path, List<String> folders) implements ChangelogFolder {
    public PerDatabase {
      folders = List.copyOf(folders);
    }

    /// The changelog of the database with this name, in any letter case.
    ///
    /// @throws AmbiguousChangelogException if two folders differ by letter case only
    public Optional<Path> changelogOf(String database) {
      List<String> matching = folders.stream().filter(database::equalsIgnoreCase).toList();
      if (matching.size() > 1) {
        throw new AmbiguousChangelogException(path, matching);
      }
      return matching.stream().findFirst().map(path::resolve);
    }
  }

  /// @throws MissingChangelogException if there is nothing at this path
  static ChangelogFolder at(Path path) {
    File file = path.toFile();
    if (!file.exists()) {
      throw new MissingChangelogException(path);
    }
    String[] names = file.list();
    if (names == null) {
      return new Single(path, List.of());
    }
    Arrays.sort(names);
    List<String> folders = new ArrayList<>();
    boolean files = false;
    for (String name : names) {
      if (!isIgnored(name)) {
        // A changelog of thousands of files is the common case: only what may be a folder is asked.
        boolean isFile = name.endsWith(".sql") || !new File(file, name).isDirectory();
        files = files || isFile;
        if (!isFile) {
          folders.add(name);
        }
      }
    }
    return files || folders.isEmpty() ? new Single(path, folders) : new PerDatabase(path, folders);
  }

  /// Whether a file of this name is the one that includes all others of its folder.
  static boolean isRoot(String name) {
    return switch (name) {
      case "changelog.xml", "changelog.yaml", "changelog.yml", "changelog.json", "changelog.sql" ->
          true;
      default -> false;
    };
  }

  /// Whether a file of this name lies in a changelog without being a part of it: settings, notes,
  /// and what version control and editors leave.
  static boolean isIgnored(String name) {
    return name.startsWith(".")
        || name.startsWith("README")
        || name.equals("slipway.yaml")
        || name.equals("expected.yaml");
  }

  final class MissingChangelogException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    MissingChangelogException(Path path) {
      super(
          FailureKind.CONFIGURATION,
          "no changelog at \"%s\"".formatted(path),
          "The path is %s.".formatted(path.toAbsolutePath().normalize()),
          near(path)
              .map(other -> "Did you mean --changelog %s?".formatted(other))
              .orElse(
                  "Name the folder that holds the migrations: --changelog PATH, or"
                      + " Slipway__Changelog=PATH"),
          TargetState.UNCHANGED,
          null);
    }

    /// The path with the nearest folders there are in place of those that there are not.
    private static Optional<Path> near(Path path) {
      for (Path wrong = path; wrong != null; wrong = wrong.getParent()) {
        Optional<Path> near = beside(wrong);
        if (near.isPresent()) {
          Path whole = near.get().resolve(wrong.relativize(path));
          return whole.toFile().exists() ? Optional.of(whole) : near(whole);
        }
      }
      return Optional.empty();
    }

    /// The nearest folder beside what is missing; none if what is around it is missing, too.
    private static Optional<Path> beside(Path missing) {
      Path around = missing.toAbsolutePath().getParent();
      File[] folders = around == null ? null : around.toFile().listFiles(File::isDirectory);
      return missing.toFile().exists() || folders == null
          ? Optional.empty()
          : Nearest.to(
                  String.valueOf(missing.getFileName()),
                  Stream.of(folders).map(File::getName).sorted().toList())
              .map(missing::resolveSibling);
    }
  }

  final class AmbiguousChangelogException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    AmbiguousChangelogException(Path path, List<String> names) {
      super(
          FailureKind.CONFIGURATION,
          "two changelogs for one database: " + String.join(", ", names),
          "In %s; the letter case of a folder's name does not count.".formatted(path),
          "Merge them, or rename one.",
          TargetState.UNCHANGED,
          null);
    }
  }
}
