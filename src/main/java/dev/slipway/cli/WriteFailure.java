package dev.slipway.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

/// Why a file could not be written, as a sentence.
final class WriteFailure {
  private WriteFailure() {}

  static String reason(IOException cause) {
    return switch (cause) {
      case FileAlreadyExistsException e -> "There is a file at %s.".formatted(e.getFile());
      case AccessDeniedException e -> "Access to %s is denied.".formatted(e.getFile());
      case FileSystemException e when e.getReason() != null ->
          "%s: %s.".formatted(e.getFile(), e.getReason());
      default -> "%s.".formatted(cause.getMessage());
    };
  }
}
