package dev.slipway.cli;

import dev.slipway.config.Output;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;

/// Where a command prints: results on stdout, progress and failures on stderr, each event as a line
/// for people or as a line of JSON for log collectors.
public final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private final Terminal terminal;

  /// The hook that serves signals prints too.
  private volatile Output output;

  /// What stderr is.
  public enum Terminal {
    INTERACTIVE,
    PLAIN,
    /// What the JVM says once it matters; asking costs time.
    ASKED;

    @SuppressWarnings("SystemConsoleNull") // NullAway knows it as nullable
    private boolean isInteractive() {
      if (this != ASKED) {
        return this == INTERACTIVE;
      }
      var console = System.console();
      return console != null && console.isTerminal() && System.getenv("NO_COLOR") == null;
    }
  }

  /// @param terminal whether stderr is one, so that colour and progress make sense
  /// @param output how events are told until the settings are known
  public Console(PrintStream out, PrintStream err, Terminal terminal, Output output) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.output = output;
  }

  /// Tells events so from now on.
  public void tellAs(Output wanted) {
    output = wanted;
  }

  PrintStream out() {
    return out;
  }

  /// A document on stdout, which stays what it is however events are told: JSON, or SQL.
  void document(String text) {
    out.println(text);
  }

  /// A line of a command's answer.
  void result(String line) {
    result(LogEvent.of(LogEvent.Type.RESULT, "", line), line);
  }

  /// An event that is a part of the answer.
  ///
  /// @param line it, for people
  void result(LogEvent event, String line) {
    out.println(output == Output.JSON ? JsonLine.of(event, Instant.now()) : line);
  }

  /// An event on the way.
  void progress(LogEvent event) {
    progress(event, "");
  }

  /// An event on the way.
  ///
  /// @param more further lines for people, each with a line feed in front
  void progress(LogEvent event, String more) {
    err.println(
        output == Output.JSON
            ? JsonLine.of(event, Instant.now())
            : prefix(event.type()) + event.sentence() + more);
  }

  /// What was thrown by a program that is wrong.
  public void crash(Throwable bug) {
    if (output == Output.JSON) {
      var trace = new StringWriter();
      bug.printStackTrace(new PrintWriter(trace, true));
      progress(new LogEvent(LogEvent.Type.CRASHED, "", bug.toString(), Map.of(), trace.toString()));
    } else {
      bug.printStackTrace(err);
    }
  }

  /// In an ANSI colour on a terminal.
  private String prefix(LogEvent.Type type) {
    String color =
        switch (type.level()) {
          case ERROR -> "\u001B[31m";
          case WARNING -> "\u001B[33m";
          case INFORMATION -> "";
        };
    return color.isEmpty() || !terminal.isInteractive()
        ? type.prefix()
        : color + type.prefix() + "\u001B[0m";
  }
}
