package dev.slipway.changelog;

import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogContents;
import dev.slipway.migration.ChangelogContents.Order;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.ChangelogReader;
import dev.slipway.migration.ChangelogReader.Place;
import dev.slipway.migration.Edits;
import dev.slipway.migration.HistoryDefinition;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Origin;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Loads a changelog, a folder or one file, through the readers of its formats. Everything that is
/// wrong with it is found before a database is touched, and told at once.
public final class ChangelogLoader {
  private static final String SQL = ".sql";

  /// A file is held as bytes and as text.
  private static final int COPIES = 2;

  private static final int BYTES_PER_MIB = 1 << 20;

  /// Where the container image looks: its default, beneath its working directory.
  private static final Path IMAGES_CHANGELOG = Path.of("/changelog");

  private final List<ChangelogReader> readers;
  private final ChangelogOptions options;

  /// What stands in files that no other file can be a part of.
  private final ChangelogContents contents = new ChangelogContents();

  /// What stands in files that may refer to others, and be referred to.
  private final Map<Path, ChangelogContents> parts = new LinkedHashMap<>();

  private ChangelogLoader(List<ChangelogReader> readers, ChangelogOptions options) {
    this.readers = readers;
    this.options = options;
  }

  /// @param path as the user named it: messages show it so
  /// @throws ChangelogException listing all problems
  public static Changelog load(Path path, List<ChangelogReader> readers, ChangelogOptions options) {
    return new ChangelogLoader(readers, options).load(path);
  }

  private Changelog load(Path path) {
    if (path.toFile().isDirectory()) {
      loadFolder(path);
    } else {
      loadFile(path, Place.ROOT, contents);
    }
    collectParts();
    List<Migration> migrations = contents.migrations();
    List<ChangelogProblem> problems = contents.problems();
    if (migrations.isEmpty() && problems.isEmpty()) {
      problems.add(contents.leftOut().isEmpty() ? empty(path) : allLeftOut(path));
    }
    settleDuplicates();
    refuseSeveralHistories();
    refuseMixedOrders();
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    if (contents.order() == Order.BY_ID) {
      // What Comparator.comparing() makes is linked anew at each start.
      migrations.sort((one, other) -> one.id().compareTo(other.id()));
    }
    return new Changelog(path.toString(), contents);
  }

  private void loadFolder(Path folder) {
    String[] names = folder.toFile().list();
    if (names == null) {
      var e = new IOException("the folder cannot be listed");
      contents.problem(ChangelogProblem.unreadable(folder, e));
      return;
    }
    Arrays.sort(names);
    loadReferring(folder, names);
    Set<Path> referredTo = referredTo();
    for (String name : names) {
      Path path = folder.resolve(name);
      if (name.endsWith(SQL)
          && !ChangelogFolder.isIgnored(name)
          && !parts.containsKey(path)
          && (referredTo.isEmpty() || !referredTo.contains(path.normalize()))) {
        loadFile(path, Place.MEMBER, contents);
      }
    }
  }

  /// The root first, and then the other files that may refer to others.
  private void loadReferring(Path folder, String[] names) {
    @Nullable String root = null;
    for (String name : names) {
      if (ChangelogFolder.isRoot(name)) {
        if (root != null) {
          contents.problem(severalRoots(folder.resolve(name), root));
        } else {
          root = name;
          loadPart(folder.resolve(name), Place.ROOT);
        }
      }
    }
    List<Path> folders = new ArrayList<>();
    for (String name : names) {
      if (name.endsWith(SQL) || ChangelogFolder.isRoot(name) || ChangelogFolder.isIgnored(name)) {
        continue;
      }
      Path path = folder.resolve(name);
      if (path.toFile().isDirectory()) {
        folders.add(path);
      } else if (!referredTo().contains(path.normalize())) {
        if (root == null) {
          loadPart(path, Place.MEMBER);
        } else if (isSound(folder.resolve(root))) {
          contents.problem(notIncluded(path, root));
        }
      }
    }
    if (root == null || isSound(folder.resolve(root))) {
      folders.forEach(this::refuseUnreferred);
    }
  }

  private void loadPart(Path path, Place place) {
    var part = new ChangelogContents();
    loadFile(path, place, part);
    parts.put(path, part);
  }

  /// What a root refers to is known only if it could be read.
  private boolean isSound(Path root) {
    ChangelogContents part = parts.get(root);
    return part != null && part.problems().isEmpty();
  }

  private Set<Path> referredTo() {
    if (parts.isEmpty()) {
      return Set.of();
    }
    Set<Path> referredTo = new HashSet<>();
    for (ChangelogContents part : parts.values()) {
      for (Path path : part.referredTo()) {
        referredTo.add(path.normalize());
      }
    }
    return referredTo;
  }

  /// A folder inside a changelog belongs to it by what the files of the changelog refer to.
  private void refuseUnreferred(Path folder) {
    Set<Path> referredTo = referredTo();
    if (referredTo.stream().noneMatch(path -> path.startsWith(folder.normalize()))) {
      contents.problem(folderInside(folder));
      return;
    }
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      files
          .filter(file -> !Files.isDirectory(file) && !isIgnored(folder.relativize(file)))
          .filter(file -> !referredTo.contains(file.normalize()))
          .sorted()
          .forEach(file -> contents.problem(notReferredTo(file)));
    } catch (UncheckedIOException e) {
      contents.problem(ChangelogProblem.unreadable(folder, Objects.requireNonNull(e.getCause())));
    } catch (IOException e) {
      contents.problem(ChangelogProblem.unreadable(folder, e));
    }
  }

  private static boolean isIgnored(Path path) {
    for (Path name : path) {
      if (ChangelogFolder.isIgnored(name.toString())) {
        return true;
      }
    }
    return false;
  }

  /// A part that another one has included is not a changelog by itself; only what is wrong with it
  /// counts, which the other one may have seen, too.
  private void collectParts() {
    Set<Path> referredTo = referredTo();
    Set<ChangelogProblem> problems = new LinkedHashSet<>(contents.problems());
    contents.problems().clear();
    for (Map.Entry<Path, ChangelogContents> entry : parts.entrySet()) {
      problems.addAll(entry.getValue().problems());
      entry.getValue().problems().clear();
      if (!referredTo.contains(entry.getKey().normalize())) {
        boolean others = !contents.migrations().isEmpty();
        contents.addAll(entry.getValue());
        if (others && contents.order() == Order.AS_WRITTEN) {
          problems.add(notAlone(entry.getKey()));
        }
      }
    }
    contents.problems().addAll(problems);
  }

  private void loadFile(Path path, Place place, ChangelogContents into) {
    File file = path.toFile();
    byte[] content;
    if (!file.isFile() && file.exists()) {
      into.problem(file.isDirectory() ? folderInside(path) : noRegularFile(path));
      return;
    }
    if (file.length() * COPIES > Runtime.getRuntime().maxMemory()) {
      into.problem(tooLarge(path, file.length()));
      return;
    }
    try (var in = new FileInputStream(file)) {
      content = in.readAllBytes();
    } catch (IOException e) {
      into.problem(ChangelogProblem.unreadable(path, e));
      return;
    }
    for (ChangelogReader reader : readers) {
      if (reader.reads(file.getName(), content)) {
        reader.read(path, content, place, options, into);
        return;
      }
    }
    into.problem(noChangelog(path));
  }

  private void settleDuplicates() {
    Map<String, Migration> seen = LinkedHashMap.newLinkedHashMap(contents.migrations().size());
    boolean isSettled = false;
    for (Migration migration : contents.migrations()) {
      Migration first = seen.putIfAbsent(migration.id().key(), migration);
      if (first != null && isRegenerated(first, migration)) {
        seen.put(migration.id().key(), later(first, migration));
        contents.repeated(migration.id());
        isSettled = true;
      } else if (first != null) {
        contents.problem(duplicate(migration, first));
      }
    }
    if (isSettled) {
      contents.migrations().clear();
      contents.migrations().addAll(seen.values());
    }
  }

  /// Whether both come from scripts that a tool writes anew with each release, where a later one
  /// holds what an earlier one held.
  private static boolean isRegenerated(Migration one, Migration other) {
    return one.edits() instanceof Edits.Regenerated
        && other.edits() instanceof Edits.Regenerated
        && one.id().equals(other.id())
        && !one.origin().file().equals(other.origin().file());
  }

  /// The one from the script that goes further.
  private Migration later(Migration one, Migration other) {
    int comparison = last(one).compareTo(last(other));
    Migration later =
        comparison > 0 || (comparison == 0 && fileOf(one).compareTo(fileOf(other)) > 0)
            ? one
            : other;
    if (!one.checksum().equals(other.checksum())) {
      contents.notice(
          "\"%s\" has one text in %s and another in %s; that of %s is taken"
              .formatted(one, one.origin(), other.origin(), fileOf(later)));
    }
    return later;
  }

  private static String fileOf(Migration migration) {
    return migration.origin().file();
  }

  /// The last id of the script that this migration is from.
  private MigrationId last(Migration migration) {
    return contents.migrations().stream()
        .filter(other -> fileOf(other).equals(fileOf(migration)))
        .map(Migration::id)
        .max(Comparator.naturalOrder())
        .orElse(migration.id());
  }

  /// All migrations of a changelog are recorded in one table.
  private void refuseSeveralHistories() {
    @Nullable HistoryDefinition first = null;
    for (ChangelogContents.Claim claim : contents.claims()) {
      if (first == null) {
        first = claim.history();
      } else if (!first.isSameTable(claim.history())) {
        contents.problem(anotherHistory(claim.origin(), claim.history(), first));
      }
    }
  }

  /// An order of its own is no order for what another file has.
  private void refuseMixedOrders() {
    if (contents.order() == Order.BY_ID) {
      return;
    }
    for (ChangelogContents.Claim claim : contents.claims()) {
      String file = claim.origin().file();
      if (contents.migrations().stream().anyMatch(m -> !fileOf(m).equals(file))) {
        contents.problem(notAlone(Path.of(file)));
        return;
      }
    }
  }

  private static ChangelogProblem anotherHistory(
      Origin origin, HistoryDefinition history, HistoryDefinition first) {
    return new ChangelogProblem(
        origin,
        "the script records in %s, another one of this changelog in %s".formatted(history, first),
        "Give each its own changelog: a folder for each, named like its connection string.");
  }

  private ChangelogProblem empty(Path path) {
    Path file = parts.keySet().stream().findFirst().orElse(path);
    return new ChangelogProblem(
        new Origin(file.toString(), 1),
        "the changelog \"%s\" holds no migration".formatted(path),
        emptyHint(file, path));
  }

  /// In a container nothing can be added, but another folder can be put there.
  private static String emptyHint(Path file, Path path) {
    if (file.toFile().isFile()) {
      return "Write a changeset in " + file;
    }
    return path.toAbsolutePath().normalize().equals(IMAGES_CHANGELOG)
        ? "Bring yours: docker run -v ./changelog:/changelog:ro …, or an image of your own from"
            + " FROM slipway and COPY changelog /changelog"
        : "Add one with: slipway new NAME --changelog " + path;
  }

  /// A pipe could be waited for without an end, a device read without one.
  private static ChangelogProblem noRegularFile(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "\"%s\" is no regular file".formatted(path.getFileName()),
        "Put the migration itself there, or take it out of the changelog.");
  }

  private static ChangelogProblem tooLarge(Path path, long size) {
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

  private static ChangelogProblem folderInside(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "a folder inside a changelog: \"%s\"".formatted(path.getFileName()),
        "Keep a changelog's files in one folder, or give each database a folder and put no file"
            + " beside them.");
  }

  private static ChangelogProblem allLeftOut(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "no migration of the changelog \"%s\" is for this database".formatted(path),
        "Their contexts, labels or dbms leave all of them out: see Slipway__Contexts and"
            + " Slipway__Labels.");
  }

  private static ChangelogProblem severalRoots(Path path, String first) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "two root changelogs: \"%s\" and \"%s\"".formatted(first, path.getFileName()),
        "Keep one, or include one of them from the other under another name.");
  }

  private static ChangelogProblem notIncluded(Path path, String root) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "\"%s\" is not included by the root changelog \"%s\"".formatted(path.getFileName(), root),
        "Include it there, or move it out of the changelog.");
  }

  private static ChangelogProblem notReferredTo(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "no file of the changelog refers to \"%s\"".formatted(path.getFileName()),
        "Include it, or move it out of the changelog.");
  }

  private static ChangelogProblem notAlone(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "\"%s\" has ids of a form of its own, and other migrations stand beside it"
            .formatted(path.getFileName()),
        "Let it stand alone in its folder, or give its changesets ids of the form"
            + " 20260822093000_AddOrders.");
  }

  private static ChangelogProblem noChangelog(Path path) {
    return new ChangelogProblem(
        new Origin(path.toString(), 1),
        "\"%s\" is no changelog file".formatted(path.getFileName()),
        "A migration is a file <14 digits>_<Name>.sql, or a changeset of a Liquibase changelog; move"
            + " other files out of the changelog.");
  }

  private static ChangelogProblem duplicate(Migration migration, Migration first) {
    return new ChangelogProblem(
        migration.origin(),
        "duplicate migration id \"%s\": also in %s".formatted(migration.id(), first.origin()),
        "Give one of them another id; letter case does not make ids differ.");
  }
}
