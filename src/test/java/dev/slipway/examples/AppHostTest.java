package dev.slipway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.treesitter.TSNode;
import org.treesitter.TSParser;
import org.treesitter.TreeSitterCSharp;

/// The example for .NET Aspire, which is not compiled: there is no .NET SDK. Its syntax is held
/// against the grammar of C# that editors go by (tree-sitter-c-sharp, MIT).
@Claims("docker/aspire/AppHost.cs")
final class AppHostTest {
  /// A directive of a file-based application, which C#'s grammar leaves to the SDK (.NET
  /// documentation, "File-based apps").
  private static final String DIRECTIVE = "#:(sdk|package) [\\w.]+@\\d+(\\.\\d+)+(-[\\w.]+)?";

  /// Where the grammar does not go on, as `line:column`.
  private static List<String> mistakes(String text) {
    String program =
        text.lines()
            .map(line -> line.matches(DIRECTIVE) ? "" : line)
            .collect(Collectors.joining("\n"));
    var parser = new TSParser();
    parser.setLanguage(new TreeSitterCSharp());
    List<String> mistakes = new ArrayList<>();
    addMistakes(parser.parseString(null, program).getRootNode(), mistakes);
    return mistakes;
  }

  private static void addMistakes(TSNode node, List<String> mistakes) {
    if (node.isError() || node.isMissing()) {
      mistakes.add(
          "%d:%d"
              .formatted(node.getStartPoint().getRow() + 1, node.getStartPoint().getColumn() + 1));
    }
    for (int i = 0; i < node.getChildCount(); i++) {
      addMistakes(node.getChild(i), mistakes);
    }
  }

  @Test
  void it_is_c_sharp() throws IOException {
    assertThat(mistakes(AppHost.text())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".WaitFor(database); | .WaitFor(database;",
        "var api = builder   | var api builder",
        "#:sdk Aspire        | #:sdk: Aspire",
        "\"../Shop.Api       | ../Shop.Api"
      })
  void what_is_not_is_seen(String written, String mistaken) throws IOException {
    assertThat(AppHost.text()).contains(written);
    assertThat(mistakes(AppHost.text().replace(written, mistaken))).isNotEmpty();
  }

  @Test
  void it_waits_for_what_it_builds_of_the_folder_beside_it() throws IOException {
    String folder =
        AppHost.one("migrations = builder\\.AddDockerfile\\(\"shop-migrations\", \"(\\w+)\"\\)");

    assertThat(Path.of("docker/aspire", folder, "Dockerfile")).exists();
    assertThat(
            AppHost.one("api = builder\\.AddProject\\((?s:.*?)\\.WaitForCompletion\\((\\w+)\\);"))
        .isEqualTo("migrations");
    assertThat(
            AppHost.one(
                "api\\.AddEFMigrations\\(\"([\\w-]+)\"\\)\\.PublishAsMigrationScript\\(\\)"))
        .isEqualTo("shop-ef");
    assertThat(Files.readString(Path.of("docs/pipelines.md")))
        .contains("release/efmigrations/shop-ef.sql " + folder + "/");
  }
}
