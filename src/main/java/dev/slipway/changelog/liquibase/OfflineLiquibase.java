package dev.slipway.changelog.liquibase;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Consumer;
import liquibase.Scope;
import liquibase.database.Database;
import liquibase.database.ObjectQuotingStrategy;
import liquibase.database.OfflineConnection;
import liquibase.database.core.PostgresDatabase;
import liquibase.resource.AbstractResourceAccessor;
import liquibase.resource.PathResource;
import liquibase.resource.Resource;
import liquibase.ui.LoggerUIService;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Liquibase, told to stay at home: no connection, no call to its maker, nothing printed, and no
/// file opened but those that the changelog names.
final class OfflineLiquibase {
  /// Of the oldest server that is supported: what is generated for it, all understand.
  private static final String URL = "offline:postgresql?version=14.0";

  private static final String ANALYTICS = "liquibase.analytics.enabled";

  static {
    System.setProperty(ANALYTICS, "false");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  private OfflineLiquibase() {}

  /// Does something with Liquibase.
  ///
  /// @param quoting the strategy of quoting names
  /// @throws RuntimeException what Liquibase throws, in one of its many types
  static void use(FileFinder finder, String quoting, Consumer<Database> work) {
    var files = new NamedFiles(finder);
    Map<String, Object> scope =
        Map.of(
            Scope.Attr.resourceAccessor.name(), files, Scope.Attr.ui.name(), new LoggerUIService());
    call(
        () ->
            Scope.child(
                scope,
                () -> {
                  var database = new Postgres();
                  database.setConnection(new OfflineConnection(URL, files));
                  database.setOutputDefaultSchema(false);
                  database.setObjectQuotingStrategy(ObjectQuotingStrategy.valueOf(quoting));
                  return Scope.child(
                      Map.of(Scope.Attr.database.name(), database),
                      () -> {
                        work.accept(database);
                        return database;
                      });
                }));
  }

  /// Calls Liquibase, which declares that it may throw anything.
  ///
  /// @throws RuntimeException what it throws; in one of its own, if it is a checked exception
  static <T> T call(Callable<T> liquibase) {
    return ForkJoinTask.adapt(liquibase).invoke();
  }

  /// PostgreSQL with all that it can do: of a connection that is none, Liquibase believes that it
  /// cannot send several rows at once, and then leaves out those with large objects
  /// (`LoadDataChange.generateStatementsFromRows`).
  private static final class Postgres extends PostgresDatabase {
    @Override
    public boolean supportsBatchUpdates() {
      return true;
    }
  }

  /// Finds files for Liquibase as they are found for everything else.
  private static final class NamedFiles extends AbstractResourceAccessor {
    private final FileFinder finder;

    NamedFiles(FileFinder finder) {
      this.finder = finder;
    }

    @Override
    public List<Resource> search(String path, boolean recursive) {
      return List.of();
    }

    @Override
    public List<Resource> search(String path, SearchOptions options) {
      return List.of();
    }

    @Override
    public List<Resource> getAll(String path) {
      Path absolute = Path.of(path);
      Optional<Path> found =
          absolute.isAbsolute() && Files.exists(absolute)
              ? Optional.of(absolute)
              : finder.find(path, Optional.empty());
      return found.map(file -> List.<Resource>of(new PathResource(path, file))).orElse(List.of());
    }

    @Override
    public List<String> describeLocations() {
      return List.of();
    }

    @Override
    public void close() {
      // Each file is closed by who opened it.
    }
  }
}
