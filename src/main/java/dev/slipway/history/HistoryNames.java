package dev.slipway.history;

import dev.slipway.migration.HistoryDefinition;
import dev.slipway.migration.HistoryDefinition.SchemaCreation;
import dev.slipway.sql.Identifier;
import java.util.Optional;

/// What configuration and changelog say of where the history is.
///
/// @param searchPath the connection string's, which must be in force
/// @param history without a schema, it lies where unqualified tables are created
public record HistoryNames(
    Optional<String> searchPath, HistoryDefinition history, Spelling spelling) {

  /// Whether the history's name is to be taken at its word.
  public enum Spelling {
    EXACT,
    /// Whatever conventions make of EF's own name.
    ANY
  }

  /// The history's exact name; empty if any spelling of EF's will do.
  Optional<Identifier> table() {
    return spelling == Spelling.EXACT ? Optional.of(history.table()) : Optional.empty();
  }

  /// Whether the changelog itself makes this schema.
  public boolean makes(Identifier schema) {
    return history.schemaCreation() == SchemaCreation.IF_MISSING
        && history.schema().filter(schema::equals).isPresent();
  }
}
