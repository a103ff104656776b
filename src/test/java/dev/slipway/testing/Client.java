package dev.slipway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// PostgreSQL's own client programs, as the system has them, working as a database's owner.
public final class Client {
  private Client() {}

  /// Runs files with psql, one after the other, each statement by itself.
  public static void psql(TestDatabase database, List<Path> files) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1"));
    files.forEach(file -> arguments.add("--file=" + file));
    run("psql", database, arguments);
  }

  /// The database as pg_dump writes it, schema and rows, but for history and journal. The server
  /// must not be newer than the program, which is PostgreSQL 15's on Debian.
  public static String dump(TestDatabase database) {
    String dump =
        run(
            "pg_dump",
            database,
            List.of(
                "--no-owner",
                "--no-privileges",
                "--exclude-table=\"__EFMigrationsHistory\"",
                "--exclude-table=slipway_journal"));
    // The lines that restrict psql, new in 2025, carry a random word.
    return dump.lines()
        .filter(line -> !line.startsWith("\\restrict ") && !line.startsWith("\\unrestrict "))
        .collect(Collectors.joining("\n"));
  }

  private static String run(String program, TestDatabase database, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                program,
                "--host=localhost",
                "--port=" + database.server().port(),
                "--username=" + database.owner(),
                "--dbname=" + database.name()));
    command.addAll(arguments);
    try {
      var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("PGOPTIONS", "-c client_min_messages=warning");
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(program + " ended with " + code);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(program + " did not run: install postgresql-client", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
