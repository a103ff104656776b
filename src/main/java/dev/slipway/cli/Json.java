package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.failure.SlipwayException;
import dev.slipway.history.LockHolder;
import dev.slipway.migrate.MigrationLockedException;
import dev.slipway.migration.Plan;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// The one JSON object that a command prints on stdout, also when it fails.
final class Json {
  private Json() {}

  /// Writes members of an object.
  @FunctionalInterface
  interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  static void print(Console console, Members members) {
    var text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory can be written", e);
    }
    console.document(text.toString());
  }

  /// An object with an `error` and nothing else.
  static void printFailure(Console console, SlipwayException failure) {
    print(console, json -> writeFailure(json, failure));
  }

  /// The object of a command that works on databases.
  static void printDatabases(Console console, List<Report> reports, Extra extra) {
    print(
        console,
        json -> {
          json.writeArrayFieldStart("databases");
          for (Report report : reports) {
            json.writeStartObject();
            json.writeStringField("name", report.name());
            writePlan(json, report);
            extra.write(json, report);
            if (report.failure().isPresent()) {
              writeFailure(json, report.failure().get());
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /// What a command adds for each database.
  @FunctionalInterface
  interface Extra {
    void write(JsonGenerator json, Report report) throws IOException;
  }

  private static void writePlan(JsonGenerator json, Report report) throws IOException {
    if (report.state().isPresent()) {
      json.writeStringField("state", report.state().get().id());
    }
    writeIds(json, "applied", report.plan().map(Plan::applied).orElse(List.of()));
    writeIds(json, "pending", report.plan().map(Plan::pending).orElse(List.of()));
    writeIds(json, "unknown", report.plan().map(Plan::unknown).orElse(List.of()));
    writeIds(
        json,
        "modified",
        report.plan().map(Plan::modified).orElse(List.of()).stream()
            .map(step -> step.migration().id().value())
            .toList());
  }

  static void writeIds(JsonGenerator json, String name, List<String> ids) throws IOException {
    json.writeArrayFieldStart(name);
    for (String id : ids) {
      json.writeString(id);
    }
    json.writeEndArray();
  }

  static void writeFailure(JsonGenerator json, SlipwayException failure) throws IOException {
    json.writeObjectFieldStart("error");
    json.writeStringField("kind", failure.kind().id());
    if (!failure.reasonId().isEmpty()) {
      json.writeStringField("reason", failure.reasonId());
    }
    json.writeStringField("message", failure.message());
    json.writeStringField("detail", failure.detail());
    json.writeStringField("hint", failure.hint());
    json.writeStringField("state", failure.state().text());
    if (failure instanceof MigrationLockedException locked && locked.holder().isPresent()) {
      writeHolder(json, locked.holder().get());
    }
    json.writeEndObject();
  }

  /// Who has the lock, and since when its transaction or statement has been going on.
  private static void writeHolder(JsonGenerator json, LockHolder holder) throws IOException {
    json.writeObjectFieldStart("holder");
    json.writeNumberField("pid", holder.pid());
    json.writeStringField("application_name", holder.application());
    json.writeStringField(
        "since", Instant.now().minus(holder.age()).truncatedTo(ChronoUnit.SECONDS).toString());
    json.writeEndObject();
  }
}
