package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/// Waiting for what a server can see, with a bound: the server itself makes the pauses.
public final class Until {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private Until() {}

  /// Asks until the query gives a row.
  public static void row(TestDatabase database, String sql) {
    row(database.server(), database.name(), sql);
  }

  /// The same in the database `postgres`.
  public static void row(TestServer server, String sql) {
    row(server, "postgres", sql);
  }

  private static void row(TestServer server, String database, String sql) {
    long begin = System.nanoTime();
    try (Connection connection = DriverManager.getConnection(server.url(database));
        Statement statement = connection.createStatement()) {
      boolean there = false;
      while (!there) {
        try (ResultSet result = statement.executeQuery(sql)) {
          there = result.next();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(sql).isLessThan(BOUND);
        statement.execute("SELECT pg_sleep(0.02)");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /// Waits for a session, other than the asking one, that runs a statement like this one now.
  public static void running(TestDatabase database, String like) {
    row(
        database,
        """
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
          AND query LIKE '%s'"""
            .formatted(like));
  }

  /// Waits for a session of the program whose last statement, running or not, is like this one.
  public static void asked(TestDatabase database, String like) {
    row(
        database,
        """
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND starts_with(application_name, 'slipway') AND query LIKE '%s'"""
            .formatted(like));
  }

  /// Waits until nobody but the asking session is connected.
  public static void alone(TestDatabase database) {
    row(
        database,
        """
        SELECT 1 WHERE NOT EXISTS
          (SELECT FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()
             AND backend_type = 'client backend')""");
  }
}
