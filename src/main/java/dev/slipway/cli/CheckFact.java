package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/// One thing that `config --check` found: a line for people, a member for machines.
///
/// @param key in snake_case
record CheckFact(String key, Value value) {
  private static final String MILLISECONDS = "_ms";

  /// What it is.
  sealed interface Value {
    record Text(String text) implements Value {}

    record Texts(List<String> texts) implements Value {
      public Texts {
        texts = List.copyOf(texts);
      }
    }

    record Whole(long number) implements Value {}

    record Flag(boolean holds) implements Value {}

    /// @param text what people read instead
    record Absent(String text) implements Value {}
  }

  static CheckFact of(String key, String text) {
    return new CheckFact(key, new Value.Text(text));
  }

  static CheckFact of(String key, List<String> texts) {
    return new CheckFact(key, new Value.Texts(texts));
  }

  static CheckFact of(String key, long number) {
    return new CheckFact(key, new Value.Whole(number));
  }

  static CheckFact of(String key, boolean holds) {
    return new CheckFact(key, new Value.Flag(holds));
  }

  static CheckFact none(String key, String text) {
    return new CheckFact(key, new Value.Absent(text));
  }

  /// The key in words; a unit stands behind the number.
  String label() {
    return key.replace(MILLISECONDS, "").replace('_', ' ');
  }

  String text() {
    return switch (value) {
      case Value.Text(var text) -> text;
      case Value.Texts(var texts) -> texts.isEmpty() ? "none" : String.join(", ", texts);
      case Value.Whole(long number) -> key.endsWith(MILLISECONDS) ? number + " ms" : "" + number;
      case Value.Flag(boolean holds) -> holds ? "yes" : "no";
      case Value.Absent(var text) -> text;
    };
  }

  void write(JsonGenerator json) throws IOException {
    switch (value) {
      case Value.Text(var text) -> json.writeStringField(key, text);
      case Value.Texts(var texts) -> Json.writeIds(json, key, texts);
      case Value.Whole(long number) -> json.writeNumberField(key, number);
      case Value.Flag(boolean holds) -> json.writeBooleanField(key, holds);
      case Value.Absent _ -> json.writeNullField(key);
    }
  }
}
