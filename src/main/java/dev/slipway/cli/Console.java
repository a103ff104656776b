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

  /// Begins the line anew; what was in it is gone.
  private static final String CLEAR_LINE = "\r\u001B[2K";

  /// So that a line that is too long is cut, not broken: only one can be cleared.
  private static final String CUT_LINES = "\u001B[?7l";

  private static final String BREAK_LINES = "\u001B[?7h";

  /// Whether the last line of stderr is one that is to be written over.
  private boolean showing;

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

  synchronized PrintStream out() {
    endShow();
    return out;
  }

  /// Whether what goes on is shown in a line that is written over.
  boolean showsProgress() {
    return output == Output.TEXT && terminal.isInteractive();
  }

  /// Shows what goes on, in place of what was shown last.
  synchronized void show(LogEvent event) {
    showing = true;
    err.print(CLEAR_LINE + CUT_LINES + event.sentence() + BREAK_LINES);
    err.flush();
  }

  private void endShow() {
    if (showing) {
      showing = false;
      err.print(CLEAR_LINE);
      err.flush();
    }
  }

  /// A document on stdout, which stays what it is however events are told: JSON, or SQL.
  synchronized void document(String text) {
    endShow();
    out.println(text);
  }

  /// A line of a command's answer.
  void result(String line) {
    result(LogEvent.of(LogEvent.Type.RESULT, "", line), line);
  }

  /// An event that is a part of the answer.
  ///
  /// @param line it, for people
  synchronized void result(LogEvent event, String line) {
    endShow();
    out.println(output == Output.JSON ? JsonLine.of(event, Instant.now()) : line);
  }

  /// An event on the way.
  void progress(LogEvent event) {
    progress(event, "");
  }

  /// An event on the way.
  ///
  /// @param more further lines for people, each with a line feed in front
  synchronized void progress(LogEvent event, String more) {
    endShow();
    err.println(
        output == Output.JSON
            ? JsonLine.of(event, Instant.now())
            : prefix(event.type()) + event.sentence() + more);
  }

  /// What was thrown by a program that is wrong.
  public synchronized void crash(Throwable bug) {
    endShow();
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
