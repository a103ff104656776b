package dev.slipway.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// A real PostgreSQL server, started once per JVM and version, ended with the JVM. It trusts
/// whoever connects, and does without fsync; a test that needs more says so to [#builder].
public final class TestServer {
  /// Rules by which everyone but the superuser is asked for a password (scram), as `pg_hba.conf`.
  public static final String PASSWORD_RULES =
      """
      local all all trust
      host all postgres all trust
      host all all all scram-sha-256
      """;

  private static @Nullable TestServer newest;
  private static @Nullable TestServer oldest;
  private static @Nullable TestServer askingForPasswords;

  private final int port;

  private TestServer(int port) {
    this.port = port;
  }

  /// A server that a test has started by other means; its superuser needs no password.
  public static TestServer at(int port) {
    return new TestServer(port);
  }

  /// The newest PostgreSQL that Slipway supports.
  public static synchronized TestServer newest() {
    if (newest == null) {
      newest = start(builder("newest"));
    }
    return newest;
  }

  /// The oldest PostgreSQL that Slipway supports.
  public static synchronized TestServer oldest() {
    if (oldest == null) {
      oldest = start(builder("oldest"));
    }
    return oldest;
  }

  /// The newest PostgreSQL, which asks everyone but its superuser for a password (scram).
  public static synchronized TestServer askingForPasswords() {
    if (askingForPasswords == null) {
      askingForPasswords = start(builder("newest", PASSWORD_RULES));
    }
    return askingForPasswords;
  }

  /// Settings for a server of a test's own.
  ///
  /// @param version `newest` or `oldest`
  public static EmbeddedPostgres.Builder builder(String version) {
    String archive = System.getProperty("slipway.test.postgres." + version, "");
    return EmbeddedPostgres.builder()
        .setPgBinaryResolver((system, machine) -> binaries(archive))
        .setServerConfig("fsync", "off")
        .setServerConfig("synchronous_commit", "off")
        .setServerConfig("full_page_writes", "off")
        .setServerConfig("max_connections", "200")
        .setServerConfig("unix_socket_directories", "/tmp")
        .setLocaleConfig("locale", "C.UTF-8")
        .setLocaleConfig("encoding", "UTF8");
  }

  /// The same, with rules for who may log in.
  ///
  /// @param rules the text of `pg_hba.conf`
  public static EmbeddedPostgres.Builder builder(String version, String rules) {
    try {
      Path file = Files.createTempFile("slipway-pg_hba", ".conf");
      file.toFile().deleteOnExit();
      Files.writeString(file, rules);
      // The embedded server runs as another user when the tests run as root.
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      return builder(version).setServerConfig("hba_file", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TestServer start(EmbeddedPostgres.Builder builder) {
    try {
      return new TestServer(builder.start().getPort());
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded PostgreSQL did not start", e);
    }
  }

  private static InputStream binaries(String archive) throws IOException {
    try (var zip = new ZipFile(archive)) {
      ZipEntry entry =
          zip.stream().filter(e -> e.getName().endsWith(".txz")).findFirst().orElseThrow();
      return new ByteArrayInputStream(zip.getInputStream(entry).readAllBytes());
    }
  }

  public int port() {
    return port;
  }

  /// The JDBC URL of a database, for looking at it as the superuser.
  public String url(String database) {
    return "jdbc:postgresql://localhost:" + port() + "/" + database + "?user=postgres";
  }

  /// Runs SQL as the superuser, in the database `postgres`, each by itself.
  public void administer(String... statements) {
    administerIn("postgres", statements);
  }

  /// Runs SQL as the superuser, each by itself.
  public void administerIn(String database, String... statements) {
    try (Connection connection = DriverManager.getConnection(url(database));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("; ", statements), e);
    }
  }
}
