package dev.slipway.sql;

import java.util.Optional;

/// The index that a CREATE INDEX CONCURRENTLY builds, with names as the catalog will hold them. The
/// index is made in the schema of its table.
///
/// @param name the index's name; empty if PostgreSQL is to choose one
/// @param schema the table's schema; empty if the search path decides
public record ConcurrentIndex(
    Optional<Identifier> name, Optional<Identifier> schema, Identifier table, IfTaken ifTaken) {

  /// The table's name as SQL, with its schema if that is given.
  public String qualifiedTable() {
    return schema.map(name -> name.quoted() + ".").orElse("") + table.quoted();
  }

  /// What the command does if the name is taken, even by an invalid index.
  public enum IfTaken {
    FAIL,
    /// IF NOT EXISTS: succeeds and does nothing.
    DO_NOTHING
  }
}
