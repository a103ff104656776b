package dev.slipway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A psql at work on a script, in a process of its own, as a DBA starts it.
public final class Psql {
  private static final long LONGEST_MINUTES = 2;

  private final Process process;
  private final Path output;

  /// What it gave.
  ///
  /// @param code psql's: 0 done, 2 the connection broke, 3 it stopped at an error
  /// @param text what the server said, with SQLSTATEs, without places in the script
  public record Result(int code, String text) {
    @Override
    public String toString() {
      return "exit %d\n%s".formatted(code, text);
    }
  }

  private Psql(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /// Runs a script to its end.
  ///
  /// @param options psql's own, as `-1`
  public static Result run(TestDatabase database, String role, Path script, String... options) {
    return start(database, role, script, options).finish();
  }

  public static Psql start(TestDatabase database, String role, Path script, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "psql",
                "--no-psqlrc",
                "--quiet",
                "--host=localhost",
                "--port=" + database.server().port(),
                "--username=" + role,
                "--dbname=" + database.name(),
                "--set=VERBOSITY=verbose",
                "--set=SHOW_CONTEXT=never",
                "--file=" + script));
    command.addAll(List.of(options));
    try {
      Path output = Files.createTempFile(script.getParent(), "psql", ".txt");
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
      builder.redirectInput(Path.of("/dev/null").toFile()).redirectOutput(output.toFile());
      return new Psql(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException("this test needs the program psql", e);
    }
  }

  /// Waits for its end; one that hangs is killed, and fails the test.
  public Result finish() {
    try {
      if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
        kill();
        throw new AssertionError("psql did not come to an end:\n" + Files.readString(output));
      }
      return new Result(process.exitValue(), readable(Files.readString(output)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Without warning, as by `kill -9`; what it sent, its server goes on with.
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  private static String readable(String output) {
    return output
        .lines()
        .filter(line -> !line.startsWith("LOCATION: "))
        .map(line -> line.replaceFirst("^psql:[^ ]*: ", "") + "\n")
        .collect(Collectors.joining());
  }
}
