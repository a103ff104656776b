package dev.slipway.migration;

/// What an author says beside the changelog's files of a migration that needs a clean database.
///
/// @param id the migration's, or [#FIRST]
/// @param origin where that is said
public record CleanMark(String id, Origin origin) {
  /// Means the changelog as a whole, which is its first migration.
  public static final String FIRST = "true";
}
