package dev.slipway;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import java.util.Arrays;

/// The JVM has no memory left, while it did what its stack tells.
final class MemoryExhaustedException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private static final int BYTES_PER_MIB = 1 << 20;

  MemoryExhaustedException(OutOfMemoryError error) {
    super(
        FailureKind.CONFIGURATION,
        "memory ran out" + work(error),
        "The JVM may use %d MiB: %s."
            .formatted(Runtime.getRuntime().maxMemory() / BYTES_PER_MIB, error.getMessage()),
        "Give the container more memory, or the JVM more of it, as by"
            + " JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=75; what slipway status shows is what is"
            + " applied.",
        state(error),
        error);
  }

  private static String work(OutOfMemoryError error) {
    if (isIn(error, "dev.slipway.migrate.")) {
      return " while a database was looked at or migrated";
    }
    return isIn(error, "dev.slipway.changelog.") ? " while a changelog was read" : "";
  }

  /// Changelogs are loaded before a database is touched; what a migration has not committed the
  /// server rolls back.
  private static TargetState state(OutOfMemoryError error) {
    return isIn(error, "dev.slipway.changelog.ChangelogLoader")
        ? TargetState.UNCHANGED
        : new TargetState.NotLookedAt();
  }

  private static boolean isIn(OutOfMemoryError error, String start) {
    return Arrays.stream(error.getStackTrace())
        .anyMatch(frame -> frame.getClassName().startsWith(start));
  }
}
