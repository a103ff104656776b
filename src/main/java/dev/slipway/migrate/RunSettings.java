package dev.slipway.migrate;

import java.time.Duration;

/// How a run behaves.
///
/// @param lockTimeout how long a migration's statement may wait for a lock
/// @param lockWait how long a migration is tried again that lost against others
/// @param runLockWait how long to wait for another run, or for EF, to finish
/// @param missingSchema what to do when the schema of the search path does not exist
/// @param applicationName what a session is called while it applies migrations; the id of the one
///     is behind it
/// @param version this program's, as history and journal record it
public record RunSettings(
    Duration lockTimeout,
    Duration lockWait,
    Duration runLockWait,
    MissingSchema missingSchema,
    String applicationName,
    String version) {

  /// The same without trying again what lost against others.
  RunSettings atOnce() {
    return new RunSettings(
        lockTimeout, Duration.ZERO, runLockWait, missingSchema, applicationName, version);
  }

  public enum MissingSchema {
    REFUSE,
    CREATE
  }
}
