package dev.slipway.migration;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// One thing in a changelog that has to be mended before a database is touched.
///
/// @param message what is wrong: one line, lower case, no full stop
/// @param hint what to do
public record ChangelogProblem(Origin origin, String message, String hint) {
  private static final String MISSING = "No such file or directory";
  private static final String LOOP = "a link that leads back to a folder around it";

  /// A file or folder that cannot be read; or one in it, if the exception says which.
  public static ChangelogProblem unreadable(Path path, IOException e) {
    String file =
        e instanceof FileSystemException inside && inside.getFile() != null
            ? inside.getFile()
            : path.toString();
    String reason = reason(e);
    return new ChangelogProblem(
        Origin.of(Path.of(file)),
        "could not read \"%s\": %s".formatted(file, reason),
        hint(file, reason));
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "Permission denied";
      case NoSuchFileException _ -> MISSING;
      case FileSystemLoopException _ -> LOOP;
      default -> inParentheses(String.valueOf(e.getMessage()));
    };
  }

  private static String hint(String file, String reason) {
    if (file.indexOf('\uFFFD') >= 0) {
      return "Its name is not UTF-8: give it another one.";
    }
    return switch (reason) {
      case MISSING ->
          "It is a link to a file that is not there: mend the link, or delete it: rm " + file;
      case LOOP -> "Delete the link: rm " + file;
      default -> "Let the user that runs slipway read it: chmod a+rX " + file;
    };
  }

  /// Where `java.io` says what the system said.
  private static String inParentheses(String message) {
    int open = message.lastIndexOf('(');
    return open < 0 ? message : message.substring(open + 1, message.length() - 1);
  }
}
