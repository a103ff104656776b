package dev.slipway.image;

import dev.slipway.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/// Makes `target/app`, the product with its start-up cache, and `target/runtime`, for
/// scripts/slipway and for the image. The JVM makes the cache of one run, so that run has several
/// databases: some get all migrations, of every kind of changelog file, and others have nothing to
/// do.
final class Training {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path WORK = TARGET.resolve("training");
  private static final Path KINDS = Path.of("src/test/resources/dev/slipway/image/training");
  private static final String ROLE = "trainer";
  private static final String PASSWORD = "Übung";

  private final TestServer server;
  private final Map<String, String> variables = new TreeMap<>();

  private Training(TestServer server) {
    this.server = server;
    variables.put("LC_ALL", "C.UTF-8");
    variables.put("Slipway__Changelog", WORK.toString());
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path runtime = TARGET.resolve("runtime");
    Path folder = TARGET.resolve("app");
    JavaRuntime.link(runtime);
    Application application =
        Application.stage(
            TARGET.resolve("slipway.jar"),
            Path.of("scripts/jvm-options"),
            TARGET.resolve("app.new"),
            runtime);
    var training = new Training(TestServer.askingForPasswords());
    training.train(application);
    Files.move(application.folder(), folder, StandardCopyOption.ATOMIC_MOVE);
    System.exit(0);
  }

  private void train(Application application) throws IOException, InterruptedException {
    Folders.delete(WORK);
    server.administer("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(ROLE, PASSWORD));
    Map<String, Path> changelogs = Map.of("gateway", Path.of("changelog/gateway"), "kinds", KINDS);
    for (var changelog : changelogs.entrySet()) {
      add("done" + changelog.getKey(), changelog.getValue());
    }
    application.run(variables);
    for (var changelog : changelogs.entrySet()) {
      add(changelog.getKey(), changelog.getValue());
    }
    application.run(variables, "-XX:AOTCacheOutput=" + application.cache());
    // Without AOTMode=on the JVM would say nothing if it could not use the cache.
    application.run(variables, "-XX:AOTCache=" + application.cache(), "-XX:AOTMode=on");
    new Seal(application.checksums()).write(application.folder().resolve("seal"));
  }

  private void add(String database, Path changelog) throws IOException {
    server.administer("CREATE DATABASE %s OWNER %s".formatted(database, ROLE));
    variables.put(
        "ConnectionStrings__" + database,
        "Host=localhost;Port=%d;Database=%s;Username=%s;Password=%s"
            .formatted(server.port(), database, ROLE, PASSWORD));
    for (Path file : Folders.filesBelow(changelog)) {
      Folders.copy(file, WORK.resolve(database).resolve(changelog.relativize(file)));
    }
  }
}
