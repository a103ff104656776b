package dev.slipway.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server to be broken: it keeps what it committed through a crash, and its data lies on a disk
/// of its own, a tmpfs, that can be full. The tests mount it, so they run as root.
public final class CrashServer implements AutoCloseable {
  private static final int BLOCK_BYTES = 4096;
  private static final int MANY_BLOCKS = 256;
  private static final long RESTART_SECONDS = 60;
  private static final String NO_ROOM = "53100";
  private static final String PROBE = "SELECT pg_logical_emit_message(true, $$probe$$, $$$$)";

  private final Path disk;
  private final Path data;
  private final Path log;
  private final Path filler;

  /// Settings that can be changed while the disk is full.
  private final Path more;

  private final EmbeddedPostgres server;

  private CrashServer(Path folder) throws IOException {
    disk = Files.createDirectories(folder.resolve("disk"));
    Tool.run("mount", "-t", "tmpfs", "-o", "size=192m,mode=755", "tmpfs", disk.toString());
    data = disk.resolve("data");
    log = folder.resolve("server.log");
    filler = disk.resolve("filler");
    more = folder.resolve("more.conf");
    // Small WAL files that are not used again: where the disk is full, there is none left soon.
    server =
        TestServer.builder("newest")
            .setDataDirectory(data)
            .setLocaleConfig("wal-segsize", "1")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", "40")
            .setServerConfig("shared_buffers", "16MB")
            .setServerConfig("min_wal_size", "2MB")
            .setServerConfig("max_wal_size", "16MB")
            .setServerConfig("wal_recycle", "off")
            .setServerConfig("autovacuum", "off")
            .setServerConfig("logging_collector", "on")
            .setServerConfig("log_directory", folder.toString())
            .setServerConfig("log_filename", "server.log")
            .start();
    Files.writeString(
        data.resolve("postgresql.conf"),
        "include_if_exists = '%s'\n".formatted(more),
        StandardOpenOption.APPEND);
  }

  /// @param folder for its log and its disk
  public static CrashServer start(Path folder) {
    try {
      return new CrashServer(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("the server to be broken did not start", e);
    }
  }

  public TestServer server() {
    return TestServer.at(server.getPort());
  }

  /// Which start of the server runs now: its process, and the second in which that began.
  public String incarnation() {
    return postmaster().getFirst() + " " + postmaster().get(2);
  }

  /// Lets each transaction wait in its COMMIT, already committed, for a standby that is not there;
  /// returns once that is so.
  public void holdCommits() {
    configure("synchronous_standby_names = 'nobody'\n");
    Thread.ofVirtual().start(this::commitUntilHeld);
    Until.row(
        server(),
        "SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = '" + PROBE + "'");
  }

  private void commitUntilHeld() {
    try (Connection connection = DriverManager.getConnection(server().url("postgres"));
        Statement statement = connection.createStatement()) {
      while (Files.size(more) > 0) {
        statement.execute(PROBE);
      }
    } catch (SQLException | IOException _) {
      // The server was stopped.
    }
  }

  /// Lets them go on.
  public void letCommitsGoOn() {
    if (Files.exists(more)) {
      configure("");
    }
  }

  private void configure(String settings) {
    try {
      Files.writeString(more, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server().administer("SELECT pg_reload_conf()");
  }

  private List<String> postmaster() {
    try {
      return Files.readAllLines(data.resolve("postmaster.pid"));
    } catch (IOException e) {
      throw new UncheckedIOException("the server does not run", e);
    }
  }

  /// Stops it as a power cut would, and starts it again.
  public void crash() {
    control("restart", "-m", "immediate");
  }

  /// Waits until it has come back by itself from a crash; starts it if it has given up.
  public void raise() {
    long begin = System.nanoTime();
    while (!answers()) {
      if (!Files.exists(data.resolve("postmaster.pid"))) {
        control("restart", "-m", "immediate");
      }
      if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(RESTART_SECONDS)) {
        throw new AssertionError("the server does not come back: " + log());
      }
    }
  }

  private boolean answers() {
    try (Connection _ = DriverManager.getConnection(server().url("postgres"))) {
      return true;
    } catch (SQLException _) {
      return false;
    }
  }

  private void control(String... arguments) {
    try {
      List<String> command = new ArrayList<>();
      if (ownedByRoot()) {
        // PostgreSQL refuses to run as root; the embedded one is started in this way, too.
        command.addAll(List.of("unshare", "-U"));
      }
      command.add(control());
      command.addAll(List.of("-D", data.toString(), "-w", "-t", "60"));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(disk.resolveSibling("pg_ctl.log").toFile()))
              .start();
      if (!process.waitFor(RESTART_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("%s did not work: %s".formatted(command, log()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean ownedByRoot() throws IOException {
    return Files.getOwner(data).getName().equals("root");
  }

  private String control() throws IOException {
    String options = Files.readString(data.resolve("postmaster.opts"));
    return options.substring(0, options.indexOf(' ')).replaceFirst("postgres$", "pg_ctl");
  }

  /// Fills the disk to its last block. The server may free some of its own afterwards.
  public void fillDisk() {
    try (OutputStream file =
        Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      write(file, new byte[MANY_BLOCKS * BLOCK_BYTES]);
      write(file, new byte[BLOCK_BYTES]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(OutputStream file, byte[] bytes) {
    try {
      while (true) {
        file.write(bytes);
      }
    } catch (IOException _) {
      // No space left on device.
    }
  }

  /// Whether it has no room left for what is written now: more than a checkpoint may have freed
  /// since
  /// the disk was filled.
  public boolean refusesForLackOfRoom() {
    fillDisk();
    try {
      server().administer("CREATE TEMP TABLE room AS SELECT * FROM generate_series(1, 2000000)");
      return false;
    } catch (IllegalStateException e) {
      return e.getCause() instanceof SQLException said && NO_ROOM.equals(said.getSQLState());
    }
  }

  public void freeDisk() {
    try {
      Files.deleteIfExists(filler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All that it has logged.
  public String log() {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      freeDisk();
      server.close();
      Tool.run("umount", disk.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
