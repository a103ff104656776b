package dev.slipway.changelog.liquibase;

import dev.slipway.testing.LiquibaseRun;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.Optional;
import liquibase.exception.LiquibaseException;

/// Liquibase, to compare with: what it leaves but its own two tables.
final class LiquibaseItself {
  private LiquibaseItself() {}

  /// Applies a changelog, and drops the two tables in which Liquibase records that.
  ///
  /// @param schema of the tables that name none
  /// @param root where paths begin
  /// @param changelog its path from there
  /// @return why it failed, if it did
  static Optional<LiquibaseException> update(
      TestDatabase database, String schema, Path root, String changelog) throws Exception {
    Optional<LiquibaseException> failure = Optional.empty();
    try {
      LiquibaseRun.update(database, schema, root, changelog);
    } catch (LiquibaseException e) {
      failure = Optional.of(e);
    }
    database.execute(
        "DROP TABLE IF EXISTS %1$s.databasechangelog, %1$s.databasechangeloglock"
            .formatted(schema));
    return failure;
  }
}
