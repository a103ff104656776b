package dev.slipway.history;

/// A migration tool whose own record of a database we can read.
public enum OtherTool {
  /// `flyway_schema_history` (Flyway documentation, "Schema history table"): rows without a version
  /// are repeatable ones.
  FLYWAY(
      "Flyway",
      "flyway_schema_history",
      """
      SELECT version, description FROM %s
      WHERE success AND version IS NOT NULL ORDER BY installed_rank"""),

  /// `DATABASECHANGELOG`, whose name PostgreSQL folds (Liquibase documentation, "DATABASECHANGELOG
  /// table").
  LIQUIBASE(
      "Liquibase",
      "databasechangelog",
      "SELECT id, author || ', ' || filename FROM %s ORDER BY orderexecuted"),

  /// `alembic_version` holds only the last revision of each branch.
  ALEMBIC("Alembic", "alembic_version", "SELECT version_num, '' FROM %s ORDER BY 1");

  private final String title;
  private final String table;
  private final String select;

  OtherTool(String title, String table, String select) {
    this.title = title;
    this.table = table;
    this.select = select;
  }

  /// Its name for people.
  public String title() {
    return title;
  }

  String table() {
    return table;
  }

  /// Version and description of each migration that it applied, in order.
  ///
  /// @param quotedTable its table as SQL, with its schema
  String select(String quotedTable) {
    return select.formatted(quotedTable);
  }
}
