package dev.slipway.testing;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.command.CommandScope;
import liquibase.command.core.UpdateCommandStep;
import liquibase.command.core.UpdateCountCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.command.core.helpers.ShowSummaryArgument;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/// Liquibase itself, as an application embeds it that has its changelog on the class path. It
/// migrates a database as its owner.
public final class LiquibaseRun {
  /// Held, as Java forgets what is set on a logger that nobody holds.
  private static final Logger LOGGER = Logger.getLogger("liquibase");

  static {
    System.setProperty("liquibase.analytics.enabled", "false");
    LOGGER.setLevel(Level.WARNING);
  }

  private LiquibaseRun() {}

  /// Applies the whole changelog.
  ///
  /// @param root what is on the class path
  /// @param file the changelog, as Liquibase is told it
  public static void update(TestDatabase database, Path root, String file) throws Exception {
    run(database, root, file, new CommandScope(UpdateCommandStep.COMMAND_NAME));
  }

  /// Applies no more than this many of the changesets that are missing.
  public static void update(TestDatabase database, Path root, String file, int count)
      throws Exception {
    run(
        database,
        root,
        file,
        new CommandScope(UpdateCountCommandStep.COMMAND_NAME)
            .addArgumentValue(UpdateCountCommandStep.COUNT_ARG, count));
  }

  private static void run(TestDatabase database, Path root, String file, CommandScope command)
      throws Exception {
    try (Connection connection = database.connectAsOwner();
        var loader = new URLClassLoader(new URL[] {root.toUri().toURL()})) {
      command
          .addArgumentValue(
              DbUrlConnectionArgumentsCommandStep.DATABASE_ARG,
              DatabaseFactory.getInstance()
                  .findCorrectDatabaseImplementation(new JdbcConnection(connection)))
          .addArgumentValue(UpdateCommandStep.CHANGELOG_FILE_ARG, file)
          .addArgumentValue(ShowSummaryArgument.SHOW_SUMMARY, UpdateSummaryEnum.OFF);
      Scope.child(
          Map.of(
              Scope.Attr.resourceAccessor.name(),
              new ClassLoaderResourceAccessor(loader),
              Scope.Attr.ui.name(),
              new LoggerUIService()),
          () -> command.execute());
    }
  }
}
