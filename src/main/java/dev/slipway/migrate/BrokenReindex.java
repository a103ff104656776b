package dev.slipway.migrate;

import dev.slipway.history.IndexSql;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// A REINDEX CONCURRENTLY that broke, and the indexes that it left beside those whose place they
/// were to take: invalid, of no use to any query, and a cost to every write.
record BrokenReindex(Session session) {

  /// Drops what it left.
  ///
  /// @param before the names of such indexes when it was begun; empty if nobody noted them, and
  ///     nothing is dropped
  void dropNew(Optional<List<String>> before) throws SQLException {
    if (before.isEmpty()) {
      return;
    }
    for (Row left : session.query(IndexSql.LEFT_BY_REINDEX)) {
      if (!before.get().contains(left.text(0))) {
        session.execute("DROP INDEX CONCURRENTLY " + left.text(0));
      }
    }
  }

  /// The same right after it failed.
  ///
  /// @return whether nothing is left
  boolean dropNew(Optional<List<String>> before, SQLException failure) {
    try {
      session.execute("SET lock_timeout = '5s'");
      dropNew(before);
      return true;
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return false;
    }
  }
}
