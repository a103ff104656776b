package dev.slipway.cli;

import dev.slipway.failure.SlipwayException;

/// A failure for people: what happened, where, the target's state, what to do next.
final class FailureText {
  private static final String INDENT = "          ";

  private FailureText() {}

  static void print(Console console, String database, SlipwayException failure) {
    String subject = database.isEmpty() ? "" : database + ": ";
    console.progress(console.colored(Console.Color.RED, "error: ") + subject + failure.message());
    part(console, "where", failure.detail());
    part(console, "state", failure.state().text());
    part(console, "next", failure.hint());
  }

  /// A failure with which the run goes on.
  static void printWarning(Console console, String database, SlipwayException failure) {
    console.progress(
        console.colored(Console.Color.YELLOW, "warning: ") + database + ": " + failure.message());
    part(console, "where", failure.detail());
    part(console, "state", "rolled back and not recorded; the run goes on without it");
    part(console, "next", failure.hint());
  }

  private static void part(Console console, String label, String text) {
    if (!text.isEmpty()) {
      String padded = "  " + label + " ".repeat(INDENT.length() - label.length() - 2);
      console.progress(padded + text.replace("\n", "\n" + INDENT));
    }
  }
}
