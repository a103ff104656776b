package dev.slipway.migration;

import java.util.Optional;

/// What one row of the history table stands for: an ordered list of statements with an identity,
/// whatever format its author wrote it in.
///
/// @param origin where it stands, for messages
/// @param checksum of what the author wrote
/// @param edits what else the checksum of its applied text may be
/// @param productVersion what the history records beside its id, where its text says that; empty:
/// whoever applies it
/// @param foreignId how the tool that its format comes from would have recorded it
/// @param body the statements; compiled only for what is pending
public record Migration(
    MigrationId id,
    Origin origin,
    Checksum checksum,
    Conduct conduct,
    Edits edits,
    Optional<ForeignId> foreignId,
    Optional<String> productVersion,
    Body body) {

  /// The text of a migration, not yet looked into.
  @FunctionalInterface
  public interface Body {
    /// Reads the text and splits it. What cannot be sent is listed in the result, not thrown.
    ///
    /// @throws ChangelogException if the text cannot be read or is another one than at load time
    MigrationSql compile();
  }

  public TransactionMode transaction() {
    return conduct.transaction();
  }

  public Rerun rerun() {
    return conduct.rerun();
  }

  /// Whether a text with this checksum is the migration's.
  public boolean isText(Checksum applied) {
    return checksum.value().equals(applied.value()) || edits.accept(applied);
  }

  /// Whether a tool wrote it, for which a migration without a statement is nothing odd.
  public boolean mayBeEmpty() {
    return foreignId.isPresent() || productVersion.isPresent();
  }

  /// Of the id alone, by which migrations differ.
  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id.value();
  }
}
