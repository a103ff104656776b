package dev.slipway.bench;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.command.CommandScope;
import liquibase.command.core.UpdateCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.command.core.helpers.ShowSummaryArgument;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.ui.LoggerUIService;

/// Liquibase as an application embeds it.
final class LiquibasePeer {
  private LiquibasePeer() {}

  /// @param arguments JDBC URL, user, password, changelog file
  public static void main(String[] arguments) throws Exception {
    Logger.getLogger("").setLevel(Level.WARNING);
    System.setProperty("liquibase.analytics.enabled", "false");
    Path changelog = Path.of(arguments[3]);
    var files = new DirectoryResourceAccessor(changelog.getParent());
    try (var connection =
        new JdbcConnection(
            DriverManager.getConnection(arguments[0], arguments[1], arguments[2]))) {
      Database database =
          DatabaseFactory.getInstance().findCorrectDatabaseImplementation(connection);
      Scope.child(
          Map.of(
              Scope.Attr.resourceAccessor.name(), files,
              Scope.Attr.ui.name(), new LoggerUIService()),
          () ->
              new CommandScope(UpdateCommandStep.COMMAND_NAME)
                  .addArgumentValue(DbUrlConnectionArgumentsCommandStep.DATABASE_ARG, database)
                  .addArgumentValue(
                      UpdateCommandStep.CHANGELOG_FILE_ARG, changelog.getFileName().toString())
                  .addArgumentValue(ShowSummaryArgument.SHOW_SUMMARY, UpdateSummaryEnum.OFF)
                  .execute());
    }
  }
}
