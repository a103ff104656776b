package dev.slipway.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicInteger;

/// A fresh database with an ordinary role that owns it; both are dropped at the end.
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final TestServer server;
  private final String name;
  private final List<String> roles = new ArrayList<>();

  private TestDatabase(TestServer server) {
    this.server = server;
    this.name = "test_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
    roles.add(owner());
    server.administer(
        "CREATE ROLE " + owner() + " LOGIN", "CREATE DATABASE " + name + " OWNER " + owner());
  }

  /// A database on the newest server.
  public static TestDatabase create() {
    return on(TestServer.newest());
  }

  public static TestDatabase on(TestServer server) {
    return new TestDatabase(server);
  }

  public TestServer server() {
    return server;
  }

  public String name() {
    return name;
  }

  /// The role that owns the database, without any other right.
  public String owner() {
    return name + "_owner";
  }

  /// Creates a further role that can log in and has no right but what every role has.
  public String createRole(String suffix) {
    String role = name + "_" + suffix;
    server.administer("CREATE ROLE " + role + " LOGIN");
    roles.add(role);
    return role;
  }

  /// A .NET connection string for the owner.
  ///
  /// @param more further pairs, as `;Search Path=app`
  public String connectionString(String more) {
    return connectionStringFor(owner(), more);
  }

  public String connectionStringFor(String role, String more) {
    return "Host=localhost;Port=%d;Database=%s;Username=%s%s"
        .formatted(server.port(), name, role, more);
  }

  /// Connects as the superuser.
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(server.url(name));
  }

  /// Connects as the owner.
  public Connection connectAsOwner() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:%d/%s?user=%s".formatted(server.port(), name, owner()));
  }

  /// Runs SQL in the database as the superuser.
  public void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /// Runs SQL in the database as its owner.
  public void executeAsOwner(String sql) {
    try (Connection connection = connectAsOwner();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /// The rows of a query, each as text with `|` between columns, as `psql -At` prints them.
  public List<String> rows(String sql) {
    return rows(List.of(sql));
  }

  /// The rows of several queries, which take one connection.
  public List<String> rows(List<String> queries) {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : queries) {
        try (ResultSet result = statement.executeQuery(sql)) {
          while (result.next()) {
            rows.add(row(result));
          }
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("\n", queries), e);
    }
  }

  private static String row(ResultSet result) throws SQLException {
    var row = new StringJoiner("|");
    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
      String value = result.getString(i);
      row.add(value == null ? "" : value);
    }
    return row.toString();
  }

  /// Ids in EF's history, in their order.
  public List<String> history() {
    return rows("SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY 1");
  }

  /// The tables outside of the system's schemas, with their schemas.
  public List<String> tables() {
    return rows(
        """
        SELECT schemaname || '.' || tablename FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1""");
  }

  @Override
  public void close() {
    server.administer(
        "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)",
        "DROP ROLE IF EXISTS " + String.join(", ", roles));
  }
}
