package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.Console;
import dev.slipway.cli.Interruption;
import dev.slipway.config.Output;
import dev.slipway.testing.Folder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user gets to see when the program itself gives way.
final class BugTest {
  private static final Map<String, String> VARIABLES =
      Map.of(
          "ConnectionStrings__Other", "Host=localhost",
          "ConnectionStrings__Shop", "Host=localhost;Port=1;Password=s3cret",
          "Slipway__StartWait", "0s");

  @TempDir private Path path;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /// Throws at the first line, and prints the others.
  private static final class FaultyStream extends PrintStream {
    private boolean failed;

    FaultyStream(ByteArrayOutputStream to) {
      super(to, true, StandardCharsets.UTF_8);
    }

    @Override
    public void println(String line) {
      if (!failed) {
        failed = true;
        throw new IllegalStateException("the stream gives way");
      }
      super.println(line);
    }
  }

  @BeforeEach
  void write_a_changelog_that_one_connection_string_lacks() {
    new Folder(path).write("changelog/shop/20240101000000_One.sql", "SELECT 1;");
  }

  private int run(String... arguments) {
    var console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new FaultyStream(err),
            Console.Terminal.PLAIN,
            Output.TEXT);
    return Main.run(arguments, VARIABLES, path, console, new Interruption());
  }

  private void is_told_in_four_parts(String... arguments) {
    assertThat(run(arguments)).isEqualTo(70);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("java.lang.IllegalStateException: the stream gives way\n\tat ")
        .contains("error: this is a bug in slipway: IllegalStateException\n  where   The stack")
        .contains("  state   not known\n")
        .contains("  next    Please report it")
        .doesNotContain("s3cret");
    assertThat(out.size()).isZero();
  }

  @Test
  void a_bug_without_arguments_is_told_in_four_parts() {
    is_told_in_four_parts();
  }

  @Test
  void a_bug_in_a_command_is_told_in_four_parts() {
    is_told_in_four_parts("status");
  }

  @Test
  void a_bug_prints_its_json() {
    assertThat(run("--json")).isEqualTo(70);

    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("{")
        .contains(
            "\"kind\":\"bug\",\"message\":\"this is a bug in slipway: IllegalStateException\"")
        .endsWith("}\n")
        .hasLineCount(1);
  }

  @Test
  void log_collectors_get_the_stack_trace_in_the_event() {
    assertThat(run("--output=json")).isEqualTo(70);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("{\"Timestamp\""))
        .first()
        .asString()
        .contains("\"Event\":\"Crashed\"")
        .contains("\"Exception\":\"java.lang.IllegalStateException: the stream gives way\\n\\tat ");
  }
}
