package dev.slipway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// A real PgBouncer in front of a server. It trusts whoever is in its list.
public final class PgBouncer implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final int port;
  private final Process process;
  private final Path folder;

  /// How long a client keeps a connection to the server.
  public enum Mode {
    TRANSACTION,
    SESSION
  }

  private PgBouncer(int port, Process process, Path folder) {
    this.port = port;
    this.process = process;
    this.folder = folder;
  }

  /// @param users who may come through
  /// @param poolSize connections for each user and database
  /// @param more further settings, as lines of its configuration; those of databases begin with a
  ///     `*`
  public static PgBouncer start(
      TestServer server, Mode mode, List<String> users, int poolSize, String more) {
    return start(server, "*", mode, users, poolSize, more);
  }

  /// One that leads to no other database.
  public static PgBouncer startFor(TestServer server, String database, String user) {
    return start(server, database, Mode.SESSION, List.of(user), 1, "");
  }

  private static PgBouncer start(
      TestServer server,
      String database,
      Mode mode,
      List<String> users,
      int poolSize,
      String more) {
    try {
      Path folder = Files.createTempDirectory("slipway-pgbouncer");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      int port = freePort();
      var list = new StringBuilder();
      users.forEach(user -> list.append("\"").append(user).append("\" \"\"\n"));
      Files.writeString(folder.resolve("users"), list);
      String databases = more.startsWith("*") ? more.substring(1) : "";
      Files.writeString(
          folder.resolve("pgbouncer.ini"),
          """
          [databases]
          %s = host=127.0.0.1 port=%d %s
          [pgbouncer]
          listen_addr = 127.0.0.1
          listen_port = %d
          unix_socket_dir =
          auth_type = trust
          auth_file = %s
          pool_mode = %s
          default_pool_size = %d
          %s
          """
              .formatted(
                  database,
                  server.port(),
                  databases,
                  port,
                  folder.resolve("users"),
                  mode.name().toLowerCase(Locale.ROOT),
                  poolSize,
                  databases.isEmpty() ? more : ""));
      var bouncer = new PgBouncer(port, startIn(folder), folder);
      bouncer.awaitReady();
      return bouncer;
    } catch (IOException e) {
      throw new UncheckedIOException("this test needs the program pgbouncer", e);
    }
  }

  /// It does not run as root.
  private static Process startIn(Path folder) throws IOException {
    boolean root = System.getProperty("user.name", "").equals("root");
    String file = folder.resolve("pgbouncer.ini").toString();
    return new ProcessBuilder(
            root ? List.of("pgbouncer", "-u", "nobody", file) : List.of("pgbouncer", file))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws IOException {
    long begin = System.nanoTime();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - begin > BOUND.toNanos()) {
        process.destroyForcibly();
        throw new AssertionError("PgBouncer did not start: " + log());
      }
      Thread.onSpinWait();
    }
  }

  private boolean answers() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  public int port() {
    return port;
  }

  /// What it has told.
  public String log() {
    try {
      return Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Tool.run("rm", "-r", folder.toString());
  }
}
