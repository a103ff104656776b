package dev.slipway.cli;

import java.io.PrintStream;

/// Where a command prints: results on stdout, progress and failures on stderr.
///
/// @param terminal whether stderr is one, so that colour and progress make sense
public record Console(PrintStream out, PrintStream err, Terminal terminal) {

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

  void result(String line) {
    out.println(line);
  }

  void progress(String line) {
    err.println(line);
  }

  /// The text in an ANSI colour on a terminal, else as it is.
  String colored(Color color, String text) {
    return terminal.isInteractive() ? color.code + text + "\u001B[0m" : text;
  }

  enum Color {
    RED("\u001B[31m"),
    YELLOW("\u001B[33m");

    private final String code;

    Color(String code) {
      this.code = code;
    }
  }
}
