package dev.slipway.history;

/// A migration tool whose own record of a database we can read.
public enum OtherTool {
  /// `flyway_schema_history` (Flyway documentation, "Schema history table"): rows without a version
  /// are repeatable ones.
  FLYWAY(
      "Flyway",
      "flyway_schema_history",
      """
      SELECT version, description, NULL, NULL FROM %s
      WHERE success AND version IS NOT NULL ORDER BY installed_rank"""),

  /// `DATABASECHANGELOG` (Liquibase documentation, "DATABASECHANGELOG table"), written by Liquibase
  /// in lower case here. Rows of other kinds stand for what did not take effect
  /// (`ChangeSet.ExecType`).
  LIQUIBASE(
      "Liquibase",
      "databasechangelog",
      """
      SELECT id, author || ', ' || filename, author, filename FROM %s
      WHERE exectype IN ('EXECUTED', 'RERAN', 'MARK_RAN') ORDER BY orderexecuted"""),

  /// `alembic_version` holds only the last revision of each branch.
  ALEMBIC("Alembic", "alembic_version", "SELECT version_num, '', NULL, NULL FROM %s ORDER BY 1");

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

  /// The name of its own table.
  public String table() {
    return table;
  }

  /// Version and description of each migration that it applied, in order; behind them author and
  /// path, if those identify it, too.
  ///
  /// @param quotedTable its table as SQL, with its schema
  String select(String quotedTable) {
    return select.formatted(quotedTable);
  }
}
