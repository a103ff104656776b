package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;

/// An event as .NET's console logger writes it after `AddJsonConsole`: one object in one line, by
/// the names of its `JsonConsoleFormatter`. So collectors read a job's log as they read that of the
/// application.
final class JsonLine {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private JsonLine() {}

  static String of(LogEvent event, Instant time) {
    var text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("Timestamp", UTC.format(time));
      json.writeNumberField("EventId", event.type().number());
      json.writeStringField("LogLevel", event.type().level().id());
      json.writeStringField("Category", "Slipway");
      json.writeStringField("Message", event.sentence());
      if (!event.trace().isEmpty()) {
        json.writeStringField("Exception", event.trace());
      }
      json.writeObjectFieldStart("State");
      writeState(json, event);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory can be written", e);
    }
    return text.toString();
  }

  private static void writeState(JsonGenerator json, LogEvent event) throws IOException {
    json.writeStringField("Event", event.type().id());
    if (!event.database().isEmpty()) {
      json.writeStringField("Database", event.database());
    }
    for (Map.Entry<String, Object> value : new TreeMap<>(event.values()).entrySet()) {
      switch (value.getValue()) {
        case Long number -> json.writeNumberField(value.getKey(), number);
        case Integer number -> json.writeNumberField(value.getKey(), number);
        case Object other -> json.writeStringField(value.getKey(), other.toString());
      }
    }
  }
}
