package dev.slipway.script;

import dev.slipway.migration.Conduct;
import dev.slipway.sql.Identifier;
import java.time.Duration;
import java.util.Optional;

/// How a script behaves where it is run.
///
/// @param searchPath the path to work in, as PostgreSQL's setting has it; empty for the one that is
/// in force where the script begins
/// @param role the role that owns what is made; empty for the one that logs in
/// @param lockTimeout how long a migration's statement may wait for a lock
/// @param historyWait how long to wait for another session that has the history locked
/// @param missingSchema what to do when the schema of the search path does not exist
/// @param client what must be able to run it
/// @param version this program's, as history and journal record it
public record ScriptSettings(
    Optional<String> searchPath,
    Optional<Identifier> role,
    Duration lockTimeout,
    Duration historyWait,
    MissingSchema missingSchema,
    Client client,
    String version) {

  /// The same with what a migration wants for itself.
  ScriptSettings of(Conduct conduct) {
    return new ScriptSettings(
        searchPath,
        role,
        conduct.lockTimeout().orElse(lockTimeout),
        historyWait,
        missingSchema,
        client,
        version);
  }

  public enum MissingSchema {
    REFUSE,
    CREATE
  }

  public enum Client {
    /// Whatever sends SQL.
    ANY,
    /// PostgreSQL's own client, whose conditions a migration without a transaction needs.
    PSQL
  }
}
