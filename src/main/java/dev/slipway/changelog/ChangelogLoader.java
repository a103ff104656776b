package dev.slipway.changelog;

import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogContents;
import dev.slipway.migration.ChangelogContents.Order;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.ChangelogReader;
import dev.slipway.migration.ChangelogReader.Place;
import dev.slipway.migration.CleanMark;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
      problems.add(
          contents.leftOut().isEmpty()
              ? FileProblem.empty(path, parts.keySet().stream().findFirst().orElse(path))
              : FileProblem.allLeftOut(path));
    }
    FilesTogether.settle(contents);
    contents.recordAmong(options.historyUse());
    if (options.afterResync().isPresent()) {
      contents.afterResync(options.afterResync().get());
    }
    if (problems.isEmpty()) {
      for (CleanMark mark : options.cleanMarks()) {
        mark(mark);
      }
    }
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    if (contents.order() == Order.BY_ID) {
      // What Comparator.comparing() makes is linked anew at each start.
      migrations.sort((one, other) -> one.id().compareTo(other.id()));
    }
    for (CleanMark mark : options.cleanMarks()) {
      if (mark.id().equals(CleanMark.FIRST)) {
        contents.needsCleanDatabase(migrations.getFirst().id());
      }
    }
    return new Changelog(path.toString(), contents);
  }

  /// One that is for other databases needs nothing here.
  private void mark(CleanMark mark) {
    String key = MigrationId.key(mark.id());
    boolean isKnown = mark.id().equals(CleanMark.FIRST);
    for (Migration migration : contents.migrations()) {
      if (migration.id().key().equals(key)) {
        contents.needsCleanDatabase(migration.id());
        isKnown = true;
      }
    }
    for (MigrationId leftOut : contents.leftOut()) {
      isKnown |= leftOut.key().equals(key);
    }
    if (!isKnown) {
      contents.problem(FileProblem.unknownMark(mark));
    }
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
          contents.problem(FileProblem.severalRoots(folder.resolve(name), root));
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
          contents.problem(FileProblem.notIncluded(path, root));
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
      contents.problem(FileProblem.folderInside(folder));
      return;
    }
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      files
          .filter(file -> !Files.isDirectory(file) && !isIgnored(folder.relativize(file)))
          .filter(file -> !referredTo.contains(file.normalize()))
          .sorted()
          .forEach(file -> contents.problem(FileProblem.notReferredTo(file)));
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
          problems.add(FileProblem.notAlone(entry.getKey()));
        }
      }
    }
    contents.problems().addAll(problems);
  }

  private void loadFile(Path path, Place place, ChangelogContents into) {
    File file = path.toFile();
    byte[] content;
    if (!file.isFile() && file.exists()) {
      into.problem(
          file.isDirectory() ? FileProblem.folderInside(path) : FileProblem.noRegularFile(path));
      return;
    }
    if (file.length() * COPIES > Runtime.getRuntime().maxMemory()) {
      into.problem(FileProblem.tooLarge(path, file.length()));
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
    into.problem(FileProblem.noChangelog(path));
  }
}
