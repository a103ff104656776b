package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.failure.SlipwayException;
import dev.slipway.history.Footprint;
import dev.slipway.migrate.Rehearsal;
import dev.slipway.migration.Migration;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// What a dry run of `slipway migrate` says of a database: what is due, and where it was tried,
/// what came of it.
final class DryRun {
  private static final String UNCHANGED = "nothing was changed";

  private final Console console;
  private final Report report;
  private final Events events;

  DryRun(Console console, Report report, Events events) {
    this.console = console;
    this.report = report;
    this.events = events;
  }

  /// What keeps migrations from being tried in a database that a run would create.
  static SlipwayException refusal(String missingDatabase) {
    return new NothingToTryInException(missingDatabase);
  }

  /// Tells what is due.
  void tellDue() {
    for (Migration migration : report.wouldApply()) {
      console.result("would apply  " + migration.id());
    }
    events.finished(report.wouldApply().size() + " would be applied, " + UNCHANGED);
  }

  /// Tells what came of trying it.
  void tell(Rehearsal.Result result) {
    for (Rehearsal.Tried tried : result.tried()) {
      tell(tried);
    }
    for (Rehearsal.LeftOut leftOut : result.leftOut()) {
      if (leftOut.why() != Rehearsal.Why.BEHIND_FAILURE) {
        console.result(
            "left out     %s  %s%s"
                .formatted(
                    leftOut.id(),
                    leftOut.why().text(),
                    leftOut.detail().isEmpty() ? "" : ": " + leftOut.detail()));
      }
    }
    events.finished(
        (result.failure().isPresent() ? "failed, " : "")
            + result.tried().size()
            + " would be applied"
            + Databases.count(result.leftOut().size(), "left out")
            + ", "
            + UNCHANGED);
  }

  /// As one text, so that the lines of several databases do not mix.
  private void tell(Rehearsal.Tried tried) {
    var details = new StringJoiner("\n  ", "\n  ", "").setEmptyValue("");
    for (Footprint.Relation rewritten : tried.footprint().rewritten()) {
      details.add("rewrites " + rewritten.quoted());
    }
    for (Footprint.Lock lock : tried.footprint().locks()) {
      details.add("locks %s %s".formatted(lock.relation().quoted(), lock.mode().text()));
    }
    long milliseconds = tried.duration().toMillis();
    String line = "would apply  %s  %d ms%s".formatted(tried.id(), milliseconds, details);
    console.result(
        LogEvent.of(
            LogEvent.Type.RESULT,
            report.name(),
            line.replace("\n ", ","),
            Map.of("MigrationId", tried.id().value(), "Milliseconds", milliseconds)),
        line);
  }

  /// What JSON has of it.
  static void write(JsonGenerator json, Report report) throws IOException {
    Json.writeIds(
        json, "would_apply", report.wouldApply().stream().map(due -> due.id().value()).toList());
    if (report.rehearsal().isPresent()) {
      Rehearsal.Result result = report.rehearsal().get();
      json.writeArrayFieldStart("tried");
      for (Rehearsal.Tried tried : result.tried()) {
        write(json, tried);
      }
      json.writeEndArray();
      Json.writeIds(
          json,
          "left_out",
          result.leftOut().stream().map(leftOut -> leftOut.id().value()).toList());
    }
  }

  private static void write(JsonGenerator json, Rehearsal.Tried tried) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", tried.id().value());
    json.writeNumberField("milliseconds", tried.duration().toMillis());
    json.writeArrayFieldStart("locks");
    for (Footprint.Lock lock : tried.footprint().locks()) {
      json.writeStartObject();
      json.writeStringField("table", lock.relation().text());
      json.writeStringField("mode", lock.mode().text());
      json.writeEndObject();
    }
    json.writeEndArray();
    List<String> rewritten =
        tried.footprint().rewritten().stream().map(Footprint.Relation::text).toList();
    Json.writeIds(json, "rewritten", rewritten);
    json.writeEndObject();
  }
}
