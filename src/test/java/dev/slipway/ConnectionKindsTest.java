package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Certificates;
import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run over a Unix-domain socket, and over TLS, is the same as over TCP.
final class ConnectionKindsTest {
  @TempDir private Path folder;

  @BeforeEach
  void write_a_changelog() {
    new Folder(folder)
        .write("changelog/20240101000000_Leave.sql", "SET DateStyle = 'ISO, YMD';")
        .write(
            "changelog/20240102000000_See.sql",
            """
            CREATE TABLE seen AS
            SELECT current_setting('timezone') AS zone, current_setting('datestyle') AS style,
                (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS encrypted,
                (SELECT client_addr FROM pg_stat_activity WHERE pid = pg_backend_pid())
                    IS NULL AS local;
            """);
  }

  @Test
  void a_folder_as_host_is_that_of_a_unix_domain_socket() {
    try (var database = TestDatabase.create()) {
      database.execute(
          "ALTER ROLE %s SET timezone = 'Pacific/Chatham'".formatted(database.owner()));
      database.execute("ALTER ROLE %s SET datestyle = 'German'".formatted(database.owner()));
      String connection = database.connectionString("").replace("Host=localhost", "Host=/tmp");

      Program.Result result =
          Program.in(folder).with("ConnectionStrings__Gateway", connection).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("TABLE seen")).containsExactly("Pacific/Chatham|German, DMY|f|t");
    }
  }

  /// As Npgsql has it in its own strings, and libpq in its URIs.
  @Test
  void a_unix_domain_socket_has_no_TLS() {
    try (var database = TestDatabase.create()) {
      String keys = database.connectionString(";SSL Mode=VerifyFull");
      String uri =
          "postgres://%s@%%2Ftmp:%d/%s?sslmode=verify-full"
              .formatted(database.owner(), database.server().port(), database.name());

      Program.Result refused =
          Program.in(folder)
              .with("ConnectionStrings__Gateway", keys.replace("Host=localhost", "Host=/tmp"))
              .run("status");
      Program.Result accepted =
          Program.in(folder).with("ConnectionStrings__Gateway", uri).run("status");

      assertThat(refused.code()).as(refused.toString()).isEqualTo(4);
      assertThat(refused.err()).contains("the server does not offer TLS");
      assertThat(accepted.code()).as(accepted.toString()).isEqualTo(1);
    }
  }

  @Test
  void many_rows_and_long_statements_pass_a_unix_domain_socket() {
    try (var database = TestDatabase.create()) {
      new Folder(folder)
          .write(
              "changelog/20240103000000_Many.sql",
              "SELECT repeat('x', 1000) FROM generate_series(1, 5000);\nCREATE TABLE long AS SELECT '"
                  + "y".repeat(3_000_000)
                  + "' AS text;");
      String connection = database.connectionString("").replace("Host=localhost", "Host=/tmp");

      Program.Result result =
          Program.in(folder).with("ConnectionStrings__Gateway", connection).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("SELECT length(text) FROM long")).containsExactly("3000000");
    }
  }

  /// The JVM's own file of hosts stands in for a name server.
  @Test
  void of_several_addresses_of_a_host_the_first_that_answers_is_taken() throws Exception {
    try (var database = TestDatabase.create()) {
      Path hosts =
          Files.writeString(
              folder.resolve("hosts"), "127.0.0.2 several.test\n127.0.0.1 several.test\n");
      String connection =
          database.connectionString("").replace("Host=localhost", "Host=several.test");

      Program.Result result =
          Program.finish(
              Program.in(folder)
                  .with("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts)
                  .with("ConnectionStrings__Gateway", connection)
                  .with("Slipway__StartWait", "5s")
                  .start());

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.history()).hasSize(2);
    }
  }

  @Test
  void a_session_is_encrypted_where_that_is_required_and_has_the_settings_of_its_role()
      throws Exception {
    try (EmbeddedPostgres server =
        Certificates.ofLocalhost(folder).serve(TestServer.builder("newest"), "localhost").start()) {
      String url = server.getJdbcUrl("postgres", "postgres");
      execute(url, "ALTER ROLE postgres SET timezone = 'Pacific/Chatham'");
      execute(url, "ALTER ROLE postgres SET datestyle = 'German'");

      Program.Result result =
          Program.in(folder)
              .with(
                  "ConnectionStrings__Gateway",
                  "Host=localhost;Port=%d;Database=postgres;Username=postgres;SSL Mode=Require"
                      .formatted(server.getPort()))
              .run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(first(url, "SELECT zone || '|' || style || '|' || encrypted FROM seen"))
          .isEqualTo("Pacific/Chatham|German, DMY|true");
    }
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String first(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
