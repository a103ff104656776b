package dev.slipway.cli;

import dev.slipway.config.Settings;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.Migration;
import dev.slipway.script.ScriptOrder;
import dev.slipway.script.ScriptWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/// Where scripts go: to stdout, into a file, or each into a file of its own in a folder. A file is
/// written whole or not at all.
final class ScriptOutput {
  private final Console console;
  private final Settings settings;

  /// @param database the name of the database that it is for
  record Script(String database, List<Migration> migrations, String text) {
    static Script of(String database, ScriptOrder order) {
      return new Script(database, order.toWrite(), ScriptWriter.write(order));
    }
  }

  ScriptOutput(Console console, Settings settings) {
    this.console = console;
    this.settings = settings;
  }

  /// @throws UsageException if that many scripts cannot go where the command line says
  void check(int scripts) {
    if (scripts > 1
        && (settings.outputFile().isEmpty() || !isFolder(settings.outputFile().get()))) {
      throw new UsageException(
          "%d databases, and one place for their scripts".formatted(scripts),
          "Each gets a script of its own.",
          "Name a folder for them: -o FOLDER/, or one database: --database NAME");
    }
    if (settings.json() && settings.outputFile().isEmpty()) {
      throw new UsageException(
          "--json and a script, both on stdout",
          "Stdout is either one JSON object or one script.",
          "Write the script to a file: -o FILE");
    }
  }

  private boolean isFolder(String output) {
    return output.endsWith("/") || settings.resolve(output).toFile().isDirectory();
  }

  void write(List<Script> scripts) {
    if (settings.outputFile().isEmpty()) {
      print(scripts.getFirst().text());
      return;
    }
    String given = settings.outputFile().get();
    for (Script script : scripts) {
      Path file = file(given, script.database());
      save(file, script.text());
      if (!settings.json()) {
        console.result(
            "%s: %s written to %s"
                .formatted(script.database(), count(script.migrations().size()), file));
      }
    }
    if (settings.json()) {
      printJson(given, scripts);
    }
  }

  private static String count(int migrations) {
    return migrations == 1 ? "1 migration" : migrations + " migrations";
  }

  /// As the user would open it.
  private Path file(String given, String database) {
    return isFolder(given)
        ? Path.of(given).resolve(database.toLowerCase(Locale.ROOT) + ".sql")
        : Path.of(given);
  }

  /// A script is UTF-8, whatever the terminal's encoding is.
  private void print(String text) {
    console.out().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    if (console.out().checkError()) {
      throw new UnwritableOutputException("stdout", "It may be closed, or its disk full.");
    }
  }

  private void save(Path given, String text) {
    Path file = settings.resolve(given.toString());
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        Files.writeString(target, text);
        return;
      }
      replace(target, text);
    } catch (IOException e) {
      throw new UnwritableOutputException("\"" + given + "\"", WriteFailure.reason(e));
    }
  }

  private static void replace(Path target, String text) throws IOException {
    Path part = target.resolveSibling("." + target.getFileName() + ".part");
    Files.createDirectories(part.resolveSibling(""));
    try {
      Files.writeString(part, text);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void printJson(String given, List<Script> scripts) {
    Json.print(
        console,
        json -> {
          json.writeArrayFieldStart("databases");
          for (Script script : scripts) {
            json.writeStartObject();
            json.writeStringField("name", script.database());
            json.writeStringField("file", file(given, script.database()).toString());
            Json.writeIds(
                json,
                "migrations",
                script.migrations().stream().map(migration -> migration.id().value()).toList());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /// A script could not be written to where it was to go.
  static final class UnwritableOutputException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    UnwritableOutputException(String output, String reason) {
      super(
          FailureKind.CONFIGURATION,
          "could not write the script to " + output,
          reason,
          "Make room, or write elsewhere: -o FILE",
          TargetState.UNCHANGED,
          null);
    }
  }
}
