package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Texts for people that are read in review: files under src/test/resources. Run with
/// `-Dslipway.golden.update=true`, the tests write them instead of comparing.
public final class Golden {
  private static final Path RESOURCES = Path.of("src/test/resources");

  /// What differs from run to run, and what stands for it.
  private static final Map<Pattern, String> NORMALIZED = normalized();

  private Golden() {}

  private static Map<Pattern, String> normalized() {
    var patterns = new LinkedHashMap<Pattern, String>();
    patterns.put(Pattern.compile("/[^\\s\"]*?/junit-?\\d+"), "FOLDER");
    patterns.put(Pattern.compile("test_\\d+_\\d+"), "DATABASE");
    patterns.put(Pattern.compile("localhost:\\d+"), "localhost:PORT");
    patterns.put(Pattern.compile("Port=\\d+"), "Port=PORT");
    patterns.put(Pattern.compile("[0-9a-f]{64}"), "CHECKSUM");
    patterns.put(Pattern.compile("\\b\\d+ ms\\b"), "N ms");
    patterns.put(Pattern.compile("(after|within|for) \\d+ s\\b"), "$1 N s");
    patterns.put(Pattern.compile("\\(\\d+ s\\)"), "(N s)");
    patterns.put(Pattern.compile("\\bpid \\d+"), "pid PID");
    patterns.put(Pattern.compile("pg_terminate_backend\\(\\d+\\)"), "pg_terminate_backend(PID)");
    return patterns;
  }

  /// Compares a text with a file.
  ///
  /// @param file below src/test/resources
  public static void check(String file, String text) {
    String actual = normalize(text);
    Path path = RESOURCES.resolve(file);
    if (Boolean.getBoolean("slipway.golden.update")) {
      write(path, actual);
    }
    assertThat(path).as("a golden file: make it with -Dslipway.golden.update=true").exists();
    assertThat(actual).as(file).isEqualTo(read(path));
  }

  private static String normalize(String text) {
    String normalized = text;
    for (Map.Entry<Pattern, String> entry : NORMALIZED.entrySet()) {
      normalized = entry.getKey().matcher(normalized).replaceAll(entry.getValue());
    }
    return normalized;
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path path, String text) {
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
