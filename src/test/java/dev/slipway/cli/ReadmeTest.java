package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.config.Setting;
import dev.slipway.failure.FailureKind;
import dev.slipway.migration.DatabaseState;
import dev.slipway.testing.MarkdownTables;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// README.md says what the program does.
class ReadmeTest {
  @Test
  void the_tables_of_the_readme_are_those_of_the_program() {
    MarkdownTables.check(Path.of("README.md"), ReadmeTables.all());
  }

  @Test
  void the_events_of_the_guide_are_those_of_the_program() {
    MarkdownTables.check(Path.of("docs/container.md"), ReadmeTables.events());
  }

  @Test
  void every_setting_is_an_option_of_a_command() {
    CommandLine root = CommandSpecs.parser("");

    assertThat(Setting.values())
        .allSatisfy(
            setting ->
                assertThat(root.getSubcommands().values())
                    .as(setting.option())
                    .anyMatch(
                        command -> command.getCommandSpec().findOption(setting.option()) != null));
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
