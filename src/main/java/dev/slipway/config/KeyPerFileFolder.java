package dev.slipway.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A folder with a file for each value, as .NET's key-per-file provider reads it and Docker and
/// Kubernetes make it of their secrets: the name of a file is the key, `__` for the colon; folders
/// and files whose name begins with `ignore.` do not count. Files of others are not opened.
final class KeyPerFileFolder {
  /// Docker's, which also is where a pod usually has them.
  static final Path USUAL = Path.of("/run/secrets");

  private KeyPerFileFolder() {}

  static void read(Path folder, Sources sources) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        names.add(file.getFileName().toString());
      }
    } catch (IOException _) {
      sources.problem(
          folder.toString(),
          "could not read the folder of secrets",
          "Make it a folder that the user of this program can read, or name another one:"
              + " Slipway__SecretsPath.");
    }
    names.sort(null); // Of two that differ in letter case the last one counts, on each machine.
    List<String> secrets = new ArrayList<>();
    for (String name : names) {
      if (!Files.isDirectory(folder.resolve(name))) {
        secrets.add(name);
      }
    }
    sources.secrets(new SecretFiles(folder, secrets));
    for (String name : secrets) {
      String key = name.replace("__", ":");
      Path file = folder.resolve(name);
      if (Sources.isOurs(key)) {
        ValueFile.read(file, key, "file " + file, sources);
      }
    }
  }
}
