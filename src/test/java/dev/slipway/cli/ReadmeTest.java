package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.failure.FailureKind;
import dev.slipway.migration.DatabaseState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// README.md says what the program does. With `-Dslipway.golden.update=true` its tables are written
/// anew, between `<!-- name -->` and `<!-- /name -->`.
class ReadmeTest {
  private static final Path README = Path.of("README.md");

  @Test
  void the_tables_of_the_readme_are_those_of_the_program() throws IOException {
    String readme = Files.readString(README);
    String wanted = readme;
    for (Map.Entry<String, String> table : ReadmeTables.all().entrySet()) {
      wanted = replace(wanted, table.getKey(), table.getValue());
    }

    if (Boolean.getBoolean("slipway.golden.update")) {
      Files.writeString(README, wanted);
    } else {
      assertThat(readme).isEqualTo(wanted);
    }
  }

  private static String replace(String readme, String name, String table) {
    String begin = "<!-- " + name + " -->\n";
    String end = "<!-- /" + name + " -->\n";
    assertThat(readme).containsOnlyOnce(begin).containsOnlyOnce(end);
    int from = readme.indexOf(begin) + begin.length();
    int to = readme.indexOf(end);
    return readme.substring(0, from) + "\n" + table + "\n" + readme.substring(to);
  }

  @Test
  void every_code_that_the_program_ends_with_has_a_meaning() {
    var codes =
        Stream.concat(
            Stream.of(FailureKind.values()).map(ExitCodes::of),
            Stream.of(DatabaseState.values()).map(ExitCodes::of));

    assertThat(ExitCodes.ALL).extracting(ExitCodes.ExitCode::code).containsAll(codes.toList());
  }

  @Test
  void no_code_has_two_meanings() {
    assertThat(ExitCodes.ALL).extracting(ExitCodes.ExitCode::code).doesNotHaveDuplicates();
  }

  @Test
  void codes_are_never_renumbered() {
    assertThat(ExitCodes.ALL)
        .extracting(ExitCodes.ExitCode::code)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 70, 130, 143);
  }
}
