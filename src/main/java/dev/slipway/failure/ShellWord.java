package dev.slipway.failure;

/// A text as one word of a command line that a person pastes into a POSIX shell.
public final class ShellWord {
  private ShellWord() {}

  /// The text itself where nothing in it means anything to a shell, else in quotes.
  public static String of(String text) {
    return text.matches("[\\w.-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
