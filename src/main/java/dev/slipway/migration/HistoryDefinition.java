package dev.slipway.migration;

import dev.slipway.sql.Identifier;
import java.util.Optional;

/// The history table by which a changelog itself says what is applied, as the scripts of Entity
/// Framework do; it is to be found under these names, and made so.
///
/// @param schema empty: where unqualified tables are created
/// @param columns what its CREATE TABLE says behind the name, parentheses included; empty if the
/// changelog does not make it
/// @param schemaCreation whether the changelog makes the history's schema
public record HistoryDefinition(
    Optional<Identifier> schema,
    Identifier table,
    Identifier idColumn,
    Identifier versionColumn,
    Optional<String> columns,
    SchemaCreation schemaCreation) {

  /// EF Core's own name (`HistoryRepository.DefaultTableName`).
  public static final Identifier DEFAULT_TABLE = new Identifier("__EFMigrationsHistory");

  private static final Identifier DEFAULT_ID_COLUMN = new Identifier("MigrationId");
  private static final Identifier DEFAULT_VERSION_COLUMN = new Identifier("ProductVersion");

  /// What the changelog does about the schema that the history lies in.
  public enum SchemaCreation {
    NONE,
    IF_MISSING
  }

  /// A table with this name and EF's columns.
  public static HistoryDefinition named(Optional<Identifier> schema, Identifier table) {
    return new HistoryDefinition(
        schema,
        table,
        DEFAULT_ID_COLUMN,
        DEFAULT_VERSION_COLUMN,
        Optional.empty(),
        SchemaCreation.NONE);
  }

  /// The same in another place.
  public HistoryDefinition in(Optional<Identifier> otherSchema, Identifier otherTable) {
    return new HistoryDefinition(
        otherSchema, otherTable, idColumn, versionColumn, columns, schemaCreation);
  }

  /// Whether both mean the same table.
  public boolean isSameTable(HistoryDefinition other) {
    return schema.equals(other.schema)
        && table.equals(other.table)
        && idColumn.equals(other.idColumn);
  }

  /// The same table, as one of both says that it is made.
  HistoryDefinition with(HistoryDefinition other) {
    return columns.isPresent() ? this : other;
  }

  /// The table's name as SQL, with the column that it is asked by.
  @Override
  public String toString() {
    return "%s%s (%s)"
        .formatted(
            schema.map(name -> name.quoted() + ".").orElse(""), table.quoted(), idColumn.quoted());
  }
}
