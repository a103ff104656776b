package dev.slipway.history;

import java.util.Optional;

/// What the configuration says of where the history is.
///
/// @param searchPath the connection string's, which must be in force
/// @param table the history's exact name; without it EF's name is found in any spelling
/// @param schema the history's schema; without it, it lies where unqualified tables are created
public record HistoryNames(
    Optional<String> searchPath, Optional<String> table, Optional<String> schema) {}
