package dev.slipway.migrate;

import dev.slipway.history.IndexSql;
import dev.slipway.migrate.StatementwiseApplication.Rest;
import dev.slipway.postgres.Session;
import dev.slipway.sql.ConcurrentIndex;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The invalid indexes of a table on which one is built concurrently. A build that breaks leaves
/// one behind, which costs every write and serves no query.
final class InvalidIndexes {
  private final Session session;
  private final ConcurrentIndex index;
  private final List<String> before = new ArrayList<>();

  InvalidIndexes(Session session, ConcurrentIndex index) {
    this.session = session;
    this.index = index;
  }

  /// Notes which are there before the build.
  void remember() throws SQLException {
    before.addAll(all());
  }

  /// Drops what the failed build left.
  Rest dropNew(SQLException failure) {
    try {
      for (String name : all()) {
        if (!before.contains(name)) {
          session.execute("SET lock_timeout = '5s'");
          session.execute("DROP INDEX CONCURRENTLY " + name);
        }
      }
      return Rest.NONE;
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return Rest.PERHAPS;
    }
  }

  /// Those that have the name of the index that was to be built.
  List<String> ofThisName() throws SQLException {
    String name = index.name().map(Identifier::value).orElse("");
    return session.query(IndexSql.INVALID, table()).stream()
        .filter(row -> row.text(1).equals(name))
        .map(row -> row.text(0))
        .toList();
  }

  private List<String> all() throws SQLException {
    return session.query(IndexSql.INVALID, table()).stream().map(row -> row.text(0)).toList();
  }

  private String table() {
    return index.qualifiedTable();
  }
}
