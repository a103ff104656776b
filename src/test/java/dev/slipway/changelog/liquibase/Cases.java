package dev.slipway.changelog.liquibase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.ChangelogProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Changelogs under src/test/resources/liquibase, a case each.
final class Cases {
  static final Path ROOT = Path.of("src/test/resources");

  private static final String XML = ".xml";

  private Cases() {}

  /// The names of the changelogs in a folder, without their ends.
  ///
  /// @param folder below the root
  static List<String> in(String folder) {
    try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(XML))
          .map(name -> name.substring(0, name.length() - XML.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All that stands in a changelog.
  static Stream<Node> nodes(Path changelog) {
    List<ChangelogProblem> problems = new ArrayList<>();
    Node root = ChangelogFormat.read(changelog, problems).orElseThrow();
    assertThat(problems).isEmpty();
    return root.all();
  }
}
