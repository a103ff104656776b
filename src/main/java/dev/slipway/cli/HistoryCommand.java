package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.config.Settings;
import dev.slipway.migration.History;
import dev.slipway.migration.Planner;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// `slipway history`: what was applied to each database, by which product version, and when, as far
/// as the journal knows. Writes nothing.
public final class HistoryCommand {
  private final Environment environment;
  private final Settings settings;
  private final Console console;

  public HistoryCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
    this.console = environment.console();
  }

  /// @return the exit code
  public int run() {
    List<Report> reports = new Inspection(environment, settings).run(this::look);
    if (settings.json()) {
      Json.printDatabases(console, reports, HistoryCommand::writeHistory);
    }
    return Databases.exitCode(reports);
  }

  private void look(Assignment assignment, OpenDatabase database, Report report, Events events) {
    History history = database.target().history().inOrderOf(assignment.changelog());
    report.found(Planner.plan(assignment.changelog(), history), history);
    if (!settings.json()) {
      print(report, history);
    }
  }

  private void print(Report report, History history) {
    int idWidth = width(history.rows().stream().map(History.Row::id).toList());
    int versionWidth = width(history.rows().stream().map(History.Row::productVersion).toList());
    for (History.Row row : history.rows()) {
      console.result(
          (pad(row.id(), idWidth)
                  + pad(row.productVersion(), versionWidth)
                  + appliedAt(history, row).orElse(""))
              .stripTrailing());
    }
    console.result(report.name() + ": " + history.rows().size() + " in the history");
  }

  private static int width(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(0) + 2;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static Optional<String> appliedAt(History history, History.Row row) {
    return history
        .journal(row.id())
        .flatMap(entry -> Optional.ofNullable(entry.finishedAt()))
        .map(HistoryCommand::text);
  }

  private static String text(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static void writeHistory(JsonGenerator json, Report report) throws IOException {
    json.writeArrayFieldStart("history");
    History history = report.history().orElse(History.EMPTY);
    for (History.Row row : history.rows()) {
      json.writeStartObject();
      json.writeStringField("id", row.id());
      json.writeStringField("product_version", row.productVersion());
      json.writeStringField("applied_at", appliedAt(history, row).orElse(null));
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
