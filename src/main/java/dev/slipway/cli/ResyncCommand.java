package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.config.Settings;
import dev.slipway.migrate.Surface;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.resync.Contents;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `slipway resync --check`: what lies in the schemas of a release that starts with an empty
/// database, and would be lost if they were emptied.
public final class ResyncCommand {
  private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB"};
  private static final int UNIT = 1024;

  private final Environment environment;
  private final Settings settings;
  private final Console console;

  public ResyncCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
    this.console = environment.console();
  }

  /// @return 0 if they are empty, 1 otherwise
  public int check() {
    Assignment assignment = onlyOne();
    var events = new Events(console, settings, new Report(assignment.name()));
    try (OpenDatabase database =
        OpenDatabase.open(assignment, events, environment.interruption())) {
      Surface surface = Surface.of(database.target(), assignment.changelog());
      Contents contents =
          Contents.of(
              database.target().session(), surface.schemas(), database.target().historyTable());
      if (settings.json()) {
        Json.print(console, json -> write(json, contents));
      } else {
        print(assignment.name(), contents);
      }
      return contents.isClean() ? ExitCodes.DONE : ExitCodes.NO;
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  private Assignment onlyOne() {
    Assignments assignments = Assignments.load(settings, environment.readers());
    if (assignments.all().size() > 1) {
      throw UsageException.severalDatabases(
          "resync", assignments.all().stream().map(Assignment::name).toList());
    }
    return assignments.all().getFirst();
  }

  private void print(String name, Contents contents) {
    List<String[]> lines = new ArrayList<>();
    for (Contents.Found found : contents.found()) {
      lines.add(
          new String[] {
            found.kind(),
            found.schema() + "." + found.name(),
            found.bytes() == 0
                ? ""
                : "about %d rows, %s".formatted(found.rows(), size(found.bytes()))
          });
    }
    int kindWidth = lines.stream().mapToInt(line -> line[0].length()).max().orElse(0);
    int nameWidth = lines.stream().mapToInt(line -> line[1].length()).max().orElse(0);
    String format = "%%-%ds  %%-%ds  %%s".formatted(Math.max(1, kindWidth), Math.max(1, nameWidth));
    for (String[] line : lines) {
      console.result(format.formatted(line[0], line[1], line[2]).stripTrailing());
    }
    console.result(
        contents.isClean()
            ? name + ": clean"
            : "%s: not clean, %s with about %d rows would be lost, %s on disk"
                .formatted(
                    name,
                    contents.found().size() == 1
                        ? "1 object"
                        : contents.found().size() + " objects",
                    contents.rows(),
                    size(contents.bytes())));
  }

  /// As PostgreSQL's `pg_size_pretty` has it.
  private static String size(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= UNIT && unit < UNITS.length - 1) {
      size /= UNIT;
      unit++;
    }
    return String.format(Locale.ROOT, "%.0f %s", size, UNITS[unit]);
  }

  private static void write(JsonGenerator json, Contents contents) throws IOException {
    json.writeBooleanField("clean", contents.isClean());
    json.writeArrayFieldStart("found");
    for (Contents.Found found : contents.found()) {
      json.writeStartObject();
      json.writeStringField("kind", found.kind());
      json.writeStringField("schema", found.schema());
      json.writeStringField("name", found.name());
      json.writeNumberField("rows", found.rows());
      json.writeNumberField("bytes", found.bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
