package dev.slipway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// No example without its test and its place in the guide.
final class ExamplesTest {
  private static final Path FOLDER = Path.of("docker");

  /// What the image is built of.
  private static final Set<Path> NO_EXAMPLES =
      Set.of(
          FOLDER.resolve("debian"),
          FOLDER.resolve("files"),
          FOLDER.resolve("packages"),
          FOLDER.resolve("root"));

  private static final Path TESTS = Path.of("src/test/java/dev/slipway/examples");
  private static final String JAVA = ".java";

  private static List<String> examples() {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> NO_EXAMPLES.stream().noneMatch(file::startsWith))
          .map(Path::toString)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Class<?>> testClasses() throws IOException {
    try (Stream<Path> files = Files.list(TESTS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Test" + JAVA))
          .sorted()
          .<Class<?>>map(ExamplesTest::load)
          .toList();
    }
  }

  private static Class<?> load(String file) {
    String name = file.substring(0, file.length() - JAVA.length());
    try {
      return Class.forName(ExamplesTest.class.getPackageName() + "." + name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<String> claims(Class<?> test) {
    Claims claims = test.getAnnotation(Claims.class);
    return claims == null ? Stream.of() : Stream.of(claims.value());
  }

  @Test
  void each_example_is_run_or_validated_by_one_test_class() throws IOException {
    List<String> claimed = testClasses().stream().flatMap(ExamplesTest::claims).sorted().toList();

    assertThat(claimed).isEqualTo(examples());
  }

  @Test
  void each_example_is_in_the_guide() throws IOException {
    String guide = Files.readString(Path.of("docs/examples.md"));

    assertThat(examples())
        .isNotEmpty()
        .allSatisfy(example -> assertThat(guide).contains("](../" + example + ")"));
  }
}
