package dev.slipway.migration;

import dev.slipway.sql.Script;

/// What one row of the history table stands for: an ordered list of statements with an identity,
/// whatever format its author wrote it in.
///
/// @param origin where it stands, for messages
/// @param checksum of what the author wrote
/// @param body the statements; compiled only for what is pending
public record Migration(
    MigrationId id,
    Origin origin,
    Checksum checksum,
    TransactionMode transaction,
    Rerun rerun,
    Body body) {

  /// The text of a migration, not yet looked into.
  @FunctionalInterface
  public interface Body {
    /// Reads the text and splits it. What cannot be sent is listed in the result, not thrown.
    ///
    /// @throws ChangelogException if the text cannot be read or is another one than at load time
    Script compile();
  }

  @Override
  public String toString() {
    return id.value();
  }
}
