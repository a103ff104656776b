package dev.slipway.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// A `.deb` file, which is read without dpkg: an `ar` archive of two compressed `tar` archives.
record DebianPackage(Path file) {
  interface Visitor {
    /// @param path without `./` in front
    /// @param content empty unless it is a file
    void visit(String path, TarArchiveEntry header, byte[] content) throws IOException;
  }

  /// A line of docker/packages.
  record Pin(String name, String version, String architecture, String checksum) {
    /// In this folder.
    DebianPackage in(Path folder) {
      return new DebianPackage(
          folder.resolve("%s_%s_%s.deb".formatted(name, version, architecture)));
    }
  }

  /// The pins of a list that hold for this architecture.
  static List<Pin> pins(Path list, String architecture) throws IOException {
    return Files.readAllLines(list).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" "))
        .map(parts -> new Pin(parts[0], parts[1], parts[2], parts[3]))
        .filter(pin -> List.of(architecture, "all").contains(pin.architecture()))
        .toList();
  }

  String name() {
    String fileName = String.valueOf(file.getFileName());
    return fileName.substring(0, fileName.indexOf('_'));
  }

  /// The package's description for dpkg.
  void visitControl(Visitor visitor) throws IOException {
    visit("control.tar.xz", visitor);
  }

  void visitFiles(Visitor visitor) throws IOException {
    visit("data.tar.xz", visitor);
  }

  private void visit(String member, Visitor visitor) throws IOException {
    try (var archive =
        new ArArchiveInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      ArArchiveEntry entry = archive.getNextEntry();
      while (!entry.getName().equals(member)) {
        entry = archive.getNextEntry();
        if (entry == null) {
          throw new IOException("%s holds no %s".formatted(file, member));
        }
      }
      visit(new TarArchiveInputStream(new XZCompressorInputStream(archive)), visitor);
    }
  }

  private static void visit(TarArchiveInputStream tar, Visitor visitor) throws IOException {
    for (TarArchiveEntry header = tar.getNextEntry(); header != null; header = tar.getNextEntry()) {
      InputStream content = header.isFile() ? tar : InputStream.nullInputStream();
      visitor.visit(header.getName().replaceFirst("^\\./", ""), header, content.readAllBytes());
    }
  }
}
