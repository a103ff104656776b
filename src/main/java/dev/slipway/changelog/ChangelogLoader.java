package dev.slipway.changelog;

import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.ChangelogReader;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Origin;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Loads a changelog, a folder or one file, through the readers of its formats. Everything that is
/// wrong with it is found before a database is touched, and told at once.
public final class ChangelogLoader {
  private final List<ChangelogReader> readers;
  private final List<ChangelogProblem> problems = new ArrayList<>();

  private ChangelogLoader(List<ChangelogReader> readers) {
    this.readers = readers;
  }

  /// @param path as the user named it: messages show it so
  /// @throws ChangelogException listing all problems
  public static Changelog load(Path path, List<ChangelogReader> readers) {
    return new ChangelogLoader(readers).load(path);
  }

  private Changelog load(Path path) {
    List<Migration> migrations = new ArrayList<>();
    if (path.toFile().isDirectory()) {
      loadFolder(path, migrations);
    } else {
      loadFile(path, migrations);
    }
    if (migrations.isEmpty() && problems.isEmpty()) {
      problems.add(empty(path));
    }
    refuseDuplicates(migrations);
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    return new Changelog(path.toString(), migrations);
  }

  private void loadFolder(Path folder, List<Migration> migrations) {
    String[] names = folder.toFile().list();
    if (names == null) {
      problems.add(unreadable(folder, "the folder cannot be listed"));
      return;
    }
    Arrays.sort(names);
    for (String name : names) {
      if (!ChangelogFolder.isIgnored(name)) {
        loadFile(folder.resolve(name), migrations);
      }
    }
  }

  private void loadFile(Path path, List<Migration> migrations) {
    File file = path.toFile();
    byte[] content;
    if (!file.isFile() && file.exists()) {
      problems.add(file.isDirectory() ? folderInside(path) : noRegularFile(path));
      return;
    }
    try (var in = new FileInputStream(file)) {
      content = in.readAllBytes();
    } catch (IOException e) {
      problems.add(unreadable(path, reason(e)));
      return;
    }
    for (ChangelogReader reader : readers) {
      if (reader.reads(file.getName(), content)) {
        migrations.addAll(reader.read(path, content, problems));
        return;
      }
    }
    problems.add(noChangelog(path));
  }

  private void refuseDuplicates(List<Migration> migrations) {
    Map<String, Migration> seen = HashMap.newHashMap(migrations.size());
    for (Migration migration : migrations) {
      Migration first = seen.putIfAbsent(migration.id().key(), migration);
      if (first != null) {
        problems.add(duplicate(migration, first));
      }
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    if (message == null) {
      return e.getClass().getSimpleName();
    }
    int open = message.lastIndexOf('(');
    return open < 0 ? message : message.substring(open + 1, message.length() - 1);
  }

  private static ChangelogProblem empty(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "the changelog \"%s\" holds no migration".formatted(path),
        "Add one with: slipway new NAME --changelog " + path);
  }

  /// A pipe could be waited for without an end, a device read without one.
  private static ChangelogProblem noRegularFile(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "\"%s\" is no regular file".formatted(path.getFileName()),
        "Put the migration itself there, or take it out of the changelog.");
  }

  private static ChangelogProblem unreadable(Path path, String reason) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "could not read \"%s\": %s".formatted(path, reason),
        path.toString().indexOf('\uFFFD') >= 0
            ? "Its name is not UTF-8: give it another one."
            : path.toFile().exists()
                ? "Let the user that runs slipway read it: chmod a+r " + path
                : "It is a link to a file that is not there: mend the link, or delete it: rm "
                    + path);
  }

  private static ChangelogProblem folderInside(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "a folder inside a changelog: \"%s\"".formatted(path.getFileName()),
        "Keep a changelog's files in one folder, or give each database a folder and put no file"
            + " beside them.");
  }

  private static ChangelogProblem noChangelog(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "\"%s\" is no changelog file".formatted(path.getFileName()),
        "A migration is a file <14 digits>_<Name>.sql; move other files out of the changelog.");
  }

  private static ChangelogProblem duplicate(Migration migration, Migration first) {
    return new ChangelogProblem(
        migration.origin(),
        "duplicate migration id \"%s\": also in %s".formatted(migration.id(), first.origin()),
        "Give one of them another id; letter case does not make ids differ.");
  }
}
