package dev.slipway.image;

import dev.slipway.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Makes a folder with the product and its start-up cache, and `target/runtime`, for
/// scripts/slipway or for the image. The JVM makes the cache of one run, so that run has several
/// databases: some get all migrations, of every kind of changelog file, and others have nothing to
/// do.
final class Training {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path WORK = TARGET.resolve("training");
  private static final Path EXAMPLES = Path.of("src/test/resources/dev/slipway/image");
  private static final String ROLE = "trainer";
  private static final String PASSWORD = "Übung";

  private final TestServer server;
  private final Map<String, String> variables = new TreeMap<>();

  private Training(TestServer server) {
    this.server = server;
    variables.put("LC_ALL", "C.UTF-8");
    variables.put("Slipway__Changelog", WORK.toString());
  }

  /// Arguments: the folder to make, and where its cache is to be used, `here` or `image`. It is
  /// whole when its seal is there.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path runtime = TARGET.resolve("runtime");
    JavaRuntime.link(runtime);
    Application application =
        Application.stage(
            TARGET.resolve("slipway.jar"),
            Path.of("scripts/jvm-options"),
            Path.of(arguments[0]).toAbsolutePath(),
            runtime,
            Application.Place.valueOf(arguments[1].toUpperCase(Locale.ROOT)));
    if (application.place() == Application.Place.IMAGE) {
      refuseOthers(application);
    }
    var training = new Training(TestServer.askingForPasswords());
    training.train(application);
    System.exit(0);
  }

  /// What is shipped is what was tested beneath the cache of `target/app`.
  private static void refuseOthers(Application application) throws IOException {
    Seal tested = Seal.read(TARGET.resolve("app/seal")).ofJars();
    List<String> differences = tested.differences(application.jarChecksums());
    if (!differences.isEmpty()) {
      throw new IOException(
          "%s: build it anew: rm target/.stamp && scripts/image"
              .formatted(String.join(", ", differences)));
    }
  }

  private void train(Application application) throws IOException, InterruptedException {
    Folders.delete(WORK);
    server.administer("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(ROLE, PASSWORD));
    Map<String, Path> changelogs =
        Map.of(
            "gateway", Path.of("changelog/gateway"),
            "kinds", EXAMPLES.resolve("training"),
            "ef", EXAMPLES.resolve("ef"));
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
