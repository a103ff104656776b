package dev.slipway.bench;

import dev.slipway.testing.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// A server as in production: what is committed is on disk, and passwords are asked for.
final class BenchServer implements AutoCloseable {
  static final String HOST = "127.0.0.1";
  static final String ROLE = "bench";
  static final String PASSWORD = "bench-secret";

  private static final String ACCESS =
      """
      host all postgres 127.0.0.1/32 trust
      host all postgres ::1/128      trust
      host all all      127.0.0.1/32 scram-sha-256
      host all all      ::1/128      scram-sha-256
      """;

  private final EmbeddedPostgres postgres;
  private int databases;

  BenchServer(Path dataDirectory) throws IOException {
    postgres =
        TestServer.builder("newest")
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("password_encryption", "scram-sha-256")
            .setDataDirectory(dataDirectory)
            .start();
    Files.writeString(dataDirectory.resolve("pg_hba.conf"), ACCESS);
    administer("SELECT pg_reload_conf()");
    administer("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(ROLE, PASSWORD));
    require("SHOW fsync", "on");
    require("SHOW synchronous_commit", "on");
    require("SELECT left(rolpassword, 13) FROM pg_authid WHERE rolname = 'bench'", "SCRAM-SHA-256");
  }

  int port() {
    return postgres.getPort();
  }

  /// Makes an empty database that the ordinary role owns, and lets the server come to rest.
  String newDatabase() {
    databases++;
    String name = "bench_" + databases;
    administer("CREATE DATABASE %s OWNER %s".formatted(name, ROLE));
    administer("CHECKPOINT");
    return name;
  }

  void drop(String database) {
    administer("DROP DATABASE " + database + " WITH (FORCE)");
  }

  /// How many migrations a history table records.
  int count(String database, String historyTable) {
    return Integer.parseInt(answer(database, "SELECT count(*) FROM " + historyTable));
  }

  private void administer(String sql) {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private void require(String question, String expected) {
    String answer = answer("postgres", question);
    if (!answer.equals(expected)) {
      throw new IllegalStateException("%s: \"%s\"".formatted(question, answer));
    }
  }

  private String answer(String database, String question) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(question)) {
      result.next();
      return String.valueOf(result.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException(question, e);
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s?user=postgres".formatted(HOST, port(), database));
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
