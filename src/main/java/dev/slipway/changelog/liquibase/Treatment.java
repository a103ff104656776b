package dev.slipway.changelog.liquibase;

/// What becomes of a change.
enum Treatment {
  /// Unless Liquibase does not know it, or not on PostgreSQL.
  GENERATED("Liquibase writes its SQL"),
  SQL("its SQL as it is written, split where psql would split it"),
  NOTHING("recorded, with nothing to run"),
  STOP("fails with its message"),
  OUTPUT("the server sends its message to the client"),
  JAVA_CLASS("refused: it runs a Java class, and none is loaded here"),
  PROGRAM("refused: it runs a program, and migrations run SQL only");

  private final String description;

  Treatment(String description) {
    this.description = description;
  }

  /// @param change its name
  static Treatment of(String change) {
    return switch (change) {
      case "sql", "sqlFile" -> SQL;
      case "tagDatabase", "empty" -> NOTHING;
      case "stop" -> STOP;
      case "output" -> OUTPUT;
      case "customChange" -> JAVA_CLASS;
      case "executeCommand" -> PROGRAM;
      default -> GENERATED;
    };
  }

  /// A clause, for documentation.
  String description() {
    return description;
  }
}
