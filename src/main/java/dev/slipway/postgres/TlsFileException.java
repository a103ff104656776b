package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file of certificates or keys cannot be used. What it holds is not told.
final class TlsFileException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  /// Which file it is, and how the configuration names it.
  enum Role {
    AUTHORITIES("root certificate", "Root Certificate", "PGSSLROOTCERT", "root.crt"),
    CERTIFICATE("client certificate", "SSL Certificate", "PGSSLCERT", "postgresql.crt"),
    KEY("client key", "SSL Key", "PGSSLKEY", "postgresql.key");

    private final String text;
    private final String key;
    private final String variable;
    private final String usualName;

    Role(String text, String key, String variable, String usualName) {
      this.text = text;
      this.key = key;
      this.variable = variable;
      this.usualName = usualName;
    }
  }

  /// @param problem what is wrong with it: a clause behind its name
  /// @param remedy a sentence
  TlsFileException(
      ConnectionString to,
      Role role,
      Path file,
      String problem,
      String remedy,
      @Nullable Throwable cause) {
    super(
        FailureKind.CONFIGURATION,
        "%s \"%s\" %s".formatted(role.text, file, problem),
        "It comes from %s in ConnectionStrings__%s, from %s, or is ~/.postgresql/%s."
            .formatted(role.key, to.name(), role.variable, role.usualName),
        remedy,
        TargetState.UNCHANGED,
        cause);
  }

  static TlsFileException unreadable(ConnectionString to, Role role, Path file, IOException cause) {
    return new TlsFileException(
        to,
        role,
        file,
        "cannot be read: " + why(file, cause),
        "Mount it, let this user read it, or correct its path.",
        cause);
  }

  private static String why(Path file, IOException cause) {
    return switch (cause) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      default -> Files.isDirectory(file) ? "it is a folder" : ofOther(file);
    };
  }

  private static String ofOther(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file)
        ? "it is a pipe or a device"
        : "input/output error";
  }
}
