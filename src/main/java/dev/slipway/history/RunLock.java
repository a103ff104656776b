package dev.slipway.history;

import dev.slipway.postgres.Session;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The session advisory lock that lets one run at a time work on a history. It is taken on the
/// session that does the work, so that lock and work die together.
public final class RunLock implements AutoCloseable {
  /// Behind a pooler the lock would stay with whatever connection it was taken on, and with those
  /// who
  /// are given that next. The lock on the history, which each migration's transaction takes, has to
  /// do.
  public static final RunLock NONE = new RunLock(null, 0);

  private final @Nullable Session session;
  private final long key;

  private RunLock(@Nullable Session session, long key) {
    this.session = session;
    this.key = key;
  }

  /// The lock, if nobody holds it. It never waits: a call that waits inside a lock function holds a
  /// snapshot, for which the holder's CREATE INDEX CONCURRENTLY would wait in turn, for ever.
  public static Optional<RunLock> tryAcquire(Session session, HistorySql sql) throws SQLException {
    long key = sql.lockKey();
    boolean acquired =
        session
            .query("SELECT pg_catalog.pg_try_advisory_lock($1::bigint)", Long.toString(key))
            .getFirst()
            .isTrue(0);
    return acquired ? Optional.of(new RunLock(session, key)) : Optional.empty();
  }

  /// Takes the lock again if the session has lost it: `DISCARD ALL` and `pg_advisory_unlock_all()`
  /// of a migration release it.
  ///
  /// @return false if another session has it by now
  public static boolean keep(Session session, HistorySql sql) throws SQLException {
    return session.query("SELECT " + keepSql(Long.toString(sql.lockKey()))).getFirst().isTrue(0);
  }

  /// The same as an expression, whose value is false if another session has it by now.
  ///
  /// @param key the lock's, as SQL
  public static String keepSql(String key) {
    return "(%s\n  OR pg_catalog.pg_try_advisory_lock(%s))"
        .formatted(LockHolders.holdsAdvisoryLock(key), key);
  }

  /// Who has it, if anyone.
  public static Optional<LockHolder> holder(Session session, HistorySql sql) throws SQLException {
    return LockHolders.ofAdvisoryLock(session, sql.lockKey());
  }

  /// Releases the lock. It goes with the session, so where it cannot be released by itself the
  /// session is closed; what the run did is done either way.
  @Override
  public void close() {
    if (session == null || session.isClosed()) {
      return;
    }
    try {
      session.execute("SELECT pg_catalog.pg_advisory_unlock(" + key + ")");
    } catch (SQLException e) {
      session.close();
    }
  }
}
