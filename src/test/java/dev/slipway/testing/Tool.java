package dev.slipway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Programs of the machine that tests compare with: psql, pg_dump and their like.
public final class Tool {
  private Tool() {}

  /// Runs a program to its end.
  ///
  /// @return what it printed on stdout and stderr
  public static String run(String... command) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new AssertionError("%s ended with %d:%n%s".formatted(List.of(command), code, output));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("this test needs the program " + command[0], e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// What psql prints, without its start-up file, headings and alignment.
  public static String psql(TestDatabase database, String role, String... commands) {
    List<String> command = new ArrayList<>(connection("psql", database, role));
    command.addAll(List.of("-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"));
    for (String one : commands) {
      command.add("-c");
      command.add(one);
    }
    return run(command.toArray(String[]::new));
  }

  /// A dump of the database by pg_dump.
  public static String pgDump(TestDatabase database, String... options) {
    List<String> command = new ArrayList<>(connection("pg_dump", database, "postgres"));
    command.addAll(List.of(options));
    return run(command.toArray(String[]::new));
  }

  private static List<String> connection(String program, TestDatabase database, String role) {
    return List.of(
        program,
        "-h",
        "localhost",
        "-p",
        Integer.toString(database.server().port()),
        "-U",
        role,
        "-d",
        database.name());
  }
}
