package dev.slipway.cli;

import dev.slipway.failure.SlipwayException;
import java.util.HashMap;
import java.util.Map;

/// A failure as it is told: what happened, where, the target's state, what to do next.
final class FailureText {
  private static final String INDENT = "          ";
  private static final String GOES_ON = "rolled back and not recorded; the run goes on without it";

  private FailureText() {}

  static void print(Console console, String database, SlipwayException failure) {
    print(console, LogEvent.Type.FAILED, database, failure, failure.state().text());
  }

  /// A failure with which the run goes on.
  static void printWarning(Console console, String database, SlipwayException failure) {
    print(console, LogEvent.Type.GAVE_UP, database, failure, GOES_ON);
  }

  /// A failure that only what people read depends on.
  static void printAside(Console console, String database, SlipwayException failure) {
    print(console, LogEvent.Type.WARNING, database, failure, failure.state().text());
  }

  private static void print(
      Console console,
      LogEvent.Type type,
      String database,
      SlipwayException failure,
      String state) {
    Map<String, Object> values = new HashMap<>();
    values.put("Kind", failure.kind().id());
    values.put("Detail", failure.detail());
    values.put("TargetState", state);
    values.put("Hint", failure.hint());
    if (!failure.reasonId().isEmpty()) {
      values.put("Reason", failure.reasonId());
    }
    console.progress(
        LogEvent.of(type, database, failure.message(), values),
        part("where", failure.detail()) + part("state", state) + part("next", failure.hint()));
  }

  private static String part(String label, String text) {
    if (text.isEmpty()) {
      return "";
    }
    String padding = " ".repeat(INDENT.length() - label.length() - 2);
    return "\n  " + label + padding + text.replace("\n", "\n" + INDENT);
  }
}
