package dev.slipway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A folder in which a test writes a changelog.
///
/// @param path where it lies; a test gets it from `@TempDir`
public record Folder(Path path) {

  /// Writes a file, with its folders; what was there is replaced.
  public Folder write(String name, String text) {
    try {
      Path file = path.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a program in the shell's language.
  ///
  /// @param body what comes behind its first line
  public Folder program(String name, String body) {
    write(name, "#!/bin/sh\n" + body + "\n");
    try {
      Files.setPosixFilePermissions(
          path.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes a symbolic link, with its folders.
  ///
  /// @param to what it says
  public Folder link(String name, String to) {
    try {
      Path link = path.resolve(name);
      Files.createDirectories(link.getParent());
      Files.createSymbolicLink(link, Path.of(to));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Folder delete(String name) {
    try {
      Files.delete(path.resolve(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
