package dev.slipway.testing;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import liquibase.GlobalConfiguration;
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
    LOGGER.setLevel(Level.OFF);
    // Read once in the life of a JVM; tests' changelogs name no schema of XML.
    System.setProperty(GlobalConfiguration.VALIDATE_XML_CHANGELOG_FILES.getKey(), "false");
  }

  private LiquibaseRun() {}

  /// Applies the whole changelog.
  ///
  /// @param root what is on the class path
  /// @param file the changelog, as Liquibase is told it
  public static void update(TestDatabase database, Path root, String file) throws Exception {
    update(database, "public", root, file);
  }

  /// The same, in this schema.
  public static void update(TestDatabase database, String schema, Path root, String file)
      throws Exception {
    run(database, schema, root, file, new CommandScope(UpdateCommandStep.COMMAND_NAME));
  }

  /// Applies no more than this many of the changesets that are missing.
  public static void update(TestDatabase database, Path root, String file, int count)
      throws Exception {
    run(
        database,
        "public",
        root,
        file,
        new CommandScope(UpdateCountCommandStep.COMMAND_NAME)
            .addArgumentValue(UpdateCountCommandStep.COUNT_ARG, count));
  }

  private static void run(
      TestDatabase database, String schema, Path root, String file, CommandScope command)
      throws Exception {
    String url =
        "jdbc:postgresql://localhost:%d/%s?user=%s&currentSchema=%s"
            .formatted(database.server().port(), database.name(), database.owner(), schema);
    try (Connection connection = DriverManager.getConnection(url);
        var loader =
            new URLClassLoader(
                new URL[] {root.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
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
