package dev.slipway.changelog.liquibase;

import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import liquibase.GlobalConfiguration;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.command.CommandScope;
import liquibase.command.core.UpdateCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.command.core.helpers.ShowSummaryArgument;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.ui.LoggerUIService;

/// Liquibase as an application embeds it, to compare with.
final class LiquibaseItself {
  private static final String ANALYTICS = "liquibase.analytics.enabled";

  /// Held, so that its level stays.
  private static final Logger LOG = Logger.getLogger("liquibase");

  static {
    System.setProperty(ANALYTICS, "false");
    LOG.setLevel(Level.OFF);
  }

  private LiquibaseItself() {}

  /// Applies a changelog, and drops the two tables in which Liquibase records that.
  ///
  /// @param schema of the tables that name none
  /// @param root where paths begin
  /// @param changelog its path from there
  /// @return why it failed, if it did
  static Optional<LiquibaseException> update(
      TestDatabase database, String schema, Path root, String changelog) throws Exception {
    String url =
        "jdbc:postgresql://localhost:%d/%s?user=%s&currentSchema=%s"
            .formatted(database.server().port(), database.name(), database.owner(), schema);
    Optional<LiquibaseException> failure = Optional.empty();
    var files = new DirectoryResourceAccessor(root);
    try (var connection = new JdbcConnection(DriverManager.getConnection(url))) {
      Database peer = DatabaseFactory.getInstance().findCorrectDatabaseImplementation(connection);
      Scope.child(
          Map.of(
              Scope.Attr.resourceAccessor.name(),
              files,
              Scope.Attr.ui.name(),
              new LoggerUIService(),
              GlobalConfiguration.VALIDATE_XML_CHANGELOG_FILES.getKey(),
              false),
          () ->
              new CommandScope(UpdateCommandStep.COMMAND_NAME)
                  .addArgumentValue(DbUrlConnectionArgumentsCommandStep.DATABASE_ARG, peer)
                  .addArgumentValue(UpdateCommandStep.CHANGELOG_FILE_ARG, changelog)
                  .addArgumentValue(ShowSummaryArgument.SHOW_SUMMARY, UpdateSummaryEnum.OFF)
                  .execute());
    } catch (LiquibaseException e) {
      failure = Optional.of(e);
    }
    database.execute(
        List.of("databasechangelog", "databasechangeloglock").stream()
            .map(table -> "DROP TABLE %s.%s".formatted(schema, table))
            .collect(Collectors.joining("; ")));
    return failure;
  }
}
