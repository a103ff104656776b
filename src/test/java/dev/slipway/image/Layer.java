package dev.slipway.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// The files of one layer of an image, whose archive depends on nothing else: they lie in the order
/// of their paths, belong to root, and are of one time.
final class Layer {
  private static final int FOLDER_MODE = 0755;
  private static final int FILE_MODE = 0644;
  private static final int PROGRAM_MODE = 0755;

  private interface Content {
    byte[] read() throws IOException;
  }

  private sealed interface Entry {
    record Folder(int mode) implements Entry {}

    record Link(String target) implements Entry {}

    record Plain(Content content, int mode) implements Entry {}
  }

  private final SortedMap<String, Entry> entries = new TreeMap<>();

  /// @param path without a slash at either end
  Layer folder(String path) {
    return folder(path, FOLDER_MODE);
  }

  Layer folder(String path, int mode) {
    return put(path, new Entry.Folder(mode));
  }

  Layer link(String path, String target) {
    return put(path, new Entry.Link(target));
  }

  Layer file(String path, byte[] content) {
    return file(path, content, FILE_MODE);
  }

  Layer file(String path, byte[] content, int mode) {
    return put(path, new Entry.Plain(() -> content, mode));
  }

  Layer file(String path, Path file) {
    return put(
        path,
        new Entry.Plain(
            () -> Files.readAllBytes(file), Files.isExecutable(file) ? PROGRAM_MODE : FILE_MODE));
  }

  /// All files below a folder; one that its owner can execute stays so for everybody.
  ///
  /// @param prefix empty, or a path with a slash at its end
  Layer tree(String prefix, Path folder) throws IOException {
    for (Path file : Folders.filesBelow(folder)) {
      file(prefix + folder.relativize(file), file);
    }
    return this;
  }

  private Layer put(String path, Entry entry) {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      entries.putIfAbsent(path.substring(0, slash), new Entry.Folder(FOLDER_MODE));
    }
    entries.put(path, entry);
    return this;
  }

  void writeTo(OutputStream out) throws IOException {
    try (var tar = new TarArchiveOutputStream(out, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, Entry> entry : entries.entrySet()) {
        write(tar, entry.getKey(), entry.getValue());
      }
    }
  }

  private static void write(TarArchiveOutputStream tar, String path, Entry entry)
      throws IOException {
    switch (entry) {
      case Entry.Folder(int mode) -> write(tar, header(path + "/", mode), new byte[0]);
      case Entry.Plain(Content content, int mode) -> write(tar, header(path, mode), content.read());
      case Entry.Link(String target) -> {
        var header = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
        header.setLinkName(target);
        write(tar, dated(header, 0777), new byte[0]);
      }
    }
  }

  private static TarArchiveEntry header(String path, int mode) {
    return dated(new TarArchiveEntry(path), mode);
  }

  private static TarArchiveEntry dated(TarArchiveEntry header, int mode) {
    header.setMode(mode);
    header.setIds(0, 0);
    header.setNames("", "");
    header.setModTime(Folders.MODIFIED_MILLISECONDS);
    return header;
  }

  private static void write(TarArchiveOutputStream tar, TarArchiveEntry header, byte[] content)
      throws IOException {
    header.setSize(content.length);
    tar.putArchiveEntry(header);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
