package dev.slipway.changelog;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.CleanMark;
import dev.slipway.migration.Origin;
import java.nio.file.Path;

/// What can be wrong with a file, or a folder, of a changelog before anybody reads it.
final class FileProblem {
  private static final int BYTES_PER_MIB = 1 << 20;

  /// Where the container image looks: its default, beneath its working directory.
  private static final Path IMAGES_CHANGELOG = Path.of("/changelog");

  private FileProblem() {}

  /// @param file the first that may refer to others, else the changelog itself
  static ChangelogProblem empty(Path path, Path file) {
    return new ChangelogProblem(
        Origin.of(file),
        "the changelog \"%s\" holds no migration".formatted(path),
        emptyHint(file, path));
  }

  /// In a container nothing can be added, but another folder can be put there.
  private static String emptyHint(Path file, Path path) {
    if (file.toFile().isFile()) {
      return "Write a changeset in " + file;
    }
    if (path.toAbsolutePath().normalize().equals(IMAGES_CHANGELOG)) {
      return "Bring yours: docker run -v ./changelog:/changelog:ro …, or an image of your own from"
          + " FROM slipway and COPY changelog /changelog\n"
          + "If a folder is mounted there already, it is empty: Docker makes such a one of a path that"
          + " does not exist.";
    }
    return isEmpty(path)
        ? "The folder is empty. Add a migration with: slipway new NAME --changelog %s"
                .formatted(path)
            + "\nIn a container, look at what is mounted there: Docker makes an empty folder of a"
            + " path that does not exist."
        : "Add one with: slipway new NAME --changelog " + path;
  }

  private static boolean isEmpty(Path folder) {
    String[] names = folder.toFile().list();
    return names != null && names.length == 0;
  }

  /// A pipe could be waited for without an end, a device read without one.
  static ChangelogProblem noRegularFile(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "\"%s\" is no regular file".formatted(path.getFileName()),
        "Put the migration itself there, or take it out of the changelog.");
  }

  static ChangelogProblem tooLarge(Path path, long size) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "\"%s\" has %d MiB, and the JVM may use %d MiB"
            .formatted(
                path.getFileName(),
                size / BYTES_PER_MIB,
                Runtime.getRuntime().maxMemory() / BYTES_PER_MIB),
        "Take it out if it is no migration; else give the container more memory, or the JVM more of"
            + " it, as by JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=75.");
  }

  static ChangelogProblem folderInside(Path path) {
    return new ChangelogProblem(
        Origin.of(path),
        "a folder inside a changelog: \"%s\"".formatted(path.getFileName()),
        "Keep a changelog's files in one folder, or give each database a folder and put no file"
            + " beside them.");
  }

  static ChangelogProblem allLeftOut(Path path) {
    return new ChangelogProblem(
        Origin.of(path),
        "no migration of the changelog \"%s\" is for this database".formatted(path),
        "Their contexts, labels or dbms leave all of them out: see Slipway__Contexts and"
            + " Slipway__Labels.");
  }

  static ChangelogProblem severalRoots(Path path, String first) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "two root changelogs: \"%s\" and \"%s\"".formatted(first, path.getFileName()),
        "Keep one, or include one of them from the other under another name.");
  }

  static ChangelogProblem notIncluded(Path path, String root) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "\"%s\" is not included by the root changelog \"%s\"".formatted(path.getFileName(), root),
        "Include it there, or move it out of the changelog.");
  }

  static ChangelogProblem notReferredTo(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "no file of the changelog refers to \"%s\"".formatted(path.getFileName()),
        "Include it, or move it out of the changelog.");
  }

  static ChangelogProblem noChangelog(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "\"%s\" is no changelog file".formatted(path.getFileName()),
        "A migration is a file <14 digits>_<Name>.sql, or a changeset of a Liquibase changelog; move"
            + " other files out of the changelog.");
  }

  static ChangelogProblem notAlone(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "\"%s\" has ids of a form of its own, and other migrations stand beside it"
            .formatted(path.getFileName()),
        "Let it stand alone in its folder, or give its changesets ids of the form"
            + " 20260822093000_AddOrders.");
  }

  static ChangelogProblem unknownMark(CleanMark mark) {
    return new ChangelogProblem(
        mark.origin(),
        "needs-clean-database names \"%s\", which is no migration of this changelog"
            .formatted(mark.id()),
        "Write ids of its migrations, as a list, or true for its first.");
  }
}
