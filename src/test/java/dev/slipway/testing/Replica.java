package dev.slipway.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A primary and a standby that follows it by streaming replication.
public final class Replica implements AutoCloseable {
  private final Path folder;
  private final EmbeddedPostgres primary;
  private final EmbeddedPostgres standby;

  private Replica(Path folder) throws IOException {
    this.folder = folder;
    Path data = initialized(folder.resolve("primary"));
    Path copy = folder.resolve("standby");
    Tool.run("cp", "-a", data.toString(), copy.toString());
    Files.createFile(copy.resolve("standby.signal"));
    primary = builder(data).start();
    Files.writeString(
        copy.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=localhost user=postgres port=%d'\n".formatted(primary.getPort()),
        StandardOpenOption.APPEND);
    standby = builder(copy).start();
  }

  /// Starts both; the standby begins as a copy of the primary.
  public static Replica start() {
    try {
      return new Replica(Files.createTempDirectory("slipway-replica"));
    } catch (IOException e) {
      throw new UncheckedIOException("primary and standby did not start", e);
    }
  }

  /// A standby that follows nobody, and can be promoted.
  ///
  /// @param folder for its data
  public static EmbeddedPostgres startAlone(Path folder) throws IOException {
    Path data = initialized(folder.resolve("alone"));
    Files.createFile(data.resolve("standby.signal"));
    return builder(data).start();
  }

  private static Path initialized(Path data) throws IOException {
    builder(data).start().close();
    return data;
  }

  private static EmbeddedPostgres.Builder builder(Path data) {
    return TestServer.builder("newest").setDataDirectory(data).setCleanDataDirectory(false);
  }

  public TestServer primary() {
    return TestServer.at(primary.getPort());
  }

  public TestServer standby() {
    return TestServer.at(standby.getPort());
  }

  @Override
  public void close() {
    try (primary) {
      standby.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Tool.run("rm", "-r", folder.toString());
  }
}
