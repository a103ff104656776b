package dev.slipway.examples;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.testing.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// PostgreSQL as a pipeline starts it beside a job. It asks for passwords.
final class JobServer implements AutoCloseable {
  private final EmbeddedPostgres postgres;
  private final TestServer server;

  JobServer() throws IOException {
    postgres = TestServer.builder("newest", TestServer.PASSWORD_RULES).start();
    server = TestServer.at(postgres.getPort());
  }

  /// Makes what the official image makes of its variables.
  JobServer create(JsonNode variables) {
    String user = variables.get("POSTGRES_USER").asText();
    create(
        user,
        variables.get("POSTGRES_PASSWORD").asText(),
        variables.path("POSTGRES_DB").asText(user));
    return this;
  }

  JobServer create(String user, String password, String database) {
    createRole(user, password);
    server.administer("CREATE DATABASE %s OWNER %s".formatted(database, user));
    return this;
  }

  JobServer createRole(String user, String password) {
    server.administer("CREATE ROLE %s LOGIN SUPERUSER PASSWORD '%s'".formatted(user, password));
    return this;
  }

  int port() {
    return server.port();
  }

  /// Ids in the history of a database, in their order.
  List<String> history(String database) {
    try (Connection connection = DriverManager.getConnection(server.url(database));
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY 1")) {
      List<String> ids = new ArrayList<>();
      while (row.next()) {
        ids.add(row.getString(1));
      }
      return ids;
    } catch (SQLException e) {
      throw new IllegalStateException(database, e);
    }
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
