package dev.slipway.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/// A session whose transaction has done something and goes on, so that others wait for it: for a
/// lock, or for the end of a snapshot. Closing it rolls back.
public final class OpenTransaction implements AutoCloseable {
  /// A snapshot for which a build of an index has to wait.
  public static final String SNAPSHOT =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT FROM pg_class";

  private final Connection connection;

  /// Of the superuser.
  public OpenTransaction(TestDatabase database, String sql) {
    this(database::connect, sql);
  }

  /// Of the role that owns the database.
  public static OpenTransaction ofOwner(TestDatabase database, String sql) {
    return new OpenTransaction(database::connectAsOwner, sql);
  }

  private interface Connecting {
    Connection connect() throws SQLException;
  }

  private OpenTransaction(Connecting connecting, String sql) {
    try {
      connection = connecting.connect();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
