package dev.slipway.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The settings of a unit file, as far as systemd's quoting is not needed to read them.
///
/// @param settings `Key=value`, in their order
record SystemdUnit(List<String> settings) {
  SystemdUnit {
    settings = List.copyOf(settings);
  }

  static SystemdUnit read(Path file) throws IOException {
    return new SystemdUnit(
        Files.readAllLines(file).stream().filter(line -> line.matches("[A-Z]\\w+=.*")).toList());
  }

  /// The values of a setting that may be given several times.
  List<String> all(String key) {
    return settings.stream()
        .filter(setting -> setting.startsWith(key + "="))
        .map(setting -> setting.substring(key.length() + 1))
        .toList();
  }

  String get(String key) {
    List<String> values = all(key);
    if (values.size() != 1) {
      throw new IllegalArgumentException("%d of %s".formatted(values.size(), key));
    }
    return values.getFirst();
  }

  /// Whether systemd starts it again after this exit code, which is none of success.
  boolean isRetried(int exitCode) {
    return get("Restart").equals("on-failure")
        && Stream.of(get("RestartPreventExitStatus").split(" "))
            .noneMatch(Integer.toString(exitCode)::equals);
  }
}
