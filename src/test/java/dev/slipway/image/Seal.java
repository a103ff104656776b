package dev.slipway.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The checksums of all that a cache was trained on, beside the cache, as `sha256sum` writes them:
/// JDK 25 does not notice that a jar has changed, and would go on running the old code.
record Seal(SortedMap<String, String> checksums) {
  private static final String SEPARATOR = "  ";

  Seal {
    checksums = new TreeMap<>(checksums);
  }

  static Seal read(Path file) throws IOException {
    SortedMap<String, String> checksums = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(SEPARATOR, 2);
      checksums.put(parts[1], parts[0]);
    }
    return new Seal(checksums);
  }

  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    checksums.forEach((path, checksum) -> lines.add(checksum + SEPARATOR + path));
    Files.write(file, lines);
  }

  /// That of the product's jars alone.
  Seal ofJars() {
    SortedMap<String, String> jars = new TreeMap<>(checksums);
    jars.keySet().removeIf(path -> !path.matches("app/.+\\.jar"));
    return new Seal(jars);
  }

  /// Where something else lies, as sentences without a full stop; empty if it is the very same.
  List<String> differences(SortedMap<String, String> others) {
    List<String> differences = new ArrayList<>();
    var paths = new TreeSet<>(checksums.keySet());
    paths.addAll(others.keySet());
    for (String path : paths) {
      if (!others.containsKey(path)) {
        differences.add(path + " is missing");
      } else if (!checksums.containsKey(path)) {
        differences.add(path + " was not there in training");
      } else if (!others.get(path).equals(checksums.get(path))) {
        differences.add(path + " is not what was trained on");
      }
    }
    return differences;
  }
}
