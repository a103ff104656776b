package dev.slipway.history;

import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// What a session is at, as another one sees it: whom it waits for, how far it has come.
public final class SessionActivity {
  /// Of several that block it, the one whose transaction is the oldest.
  private static final String BLOCKED =
      """
      SELECT l.relation::pg_catalog.regclass::text
      FROM pg_catalog.pg_locks AS l
      WHERE l.pid = $1::int AND NOT l.granted
        AND (l.database IS NULL OR l.database =
            (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
      LIMIT 1""";

  /// Of what PostgreSQL shows (documentation, Progress Reporting), the phase and how much of it is
  /// done. Where it counts several things, the first of which it knows the whole.
  private static final String PROGRESS =
      """
      SELECT command, phase,
        CASE WHEN whole > 0 THEN least(100, 100 * done / whole) END
      FROM (
        SELECT pid, command, phase,
          CASE WHEN tuples_total > 0 THEN tuples_done WHEN blocks_total > 0 THEN blocks_done
            ELSE lockers_done END,
          CASE WHEN tuples_total > 0 THEN tuples_total WHEN blocks_total > 0 THEN blocks_total
            ELSE lockers_total END
        FROM pg_catalog.pg_stat_progress_create_index
        UNION ALL
        SELECT pid, 'VACUUM', phase,
          CASE phase WHEN 'scanning heap' THEN heap_blks_scanned ELSE heap_blks_vacuumed END,
          heap_blks_total
        FROM pg_catalog.pg_stat_progress_vacuum
        UNION ALL
        SELECT pid, command, phase, heap_blks_scanned, heap_blks_total
        FROM pg_catalog.pg_stat_progress_cluster
        UNION ALL
        SELECT pid, 'ANALYZE', phase, sample_blks_scanned, sample_blks_total
        FROM pg_catalog.pg_stat_progress_analyze
        UNION ALL
        SELECT pid, command, type, bytes_processed, bytes_total
        FROM pg_catalog.pg_stat_progress_copy
      ) AS progress (pid, command, phase, done, whole)
      WHERE pid = $1::int
      LIMIT 1""";

  private SessionActivity() {}

  /// That the session waits for a lock.
  ///
  /// @param on the table; empty where it is no table's lock, as when a build of an index waits for
  ///     older transactions
  /// @param blocker who holds it, or waits for it in front
  public record Blocked(String on, LockHolder blocker) {}

  /// How far the session's command has come.
  ///
  /// @param percent of this phase; -1 where the server does not tell
  public record Progress(String command, String phase, int percent) {}

  /// Whom the session waits for, if for anyone.
  ///
  /// @param pid its backend
  public static Optional<Blocked> blocked(Session observer, int pid) throws SQLException {
    Optional<LockHolder> blocker = LockHolders.blocking(observer, pid);
    if (blocker.isEmpty()) {
      return Optional.empty();
    }
    List<Row> waiting = observer.query(BLOCKED, Integer.toString(pid));
    return Optional.of(
        new Blocked(waiting.isEmpty() ? "" : waiting.getFirst().text(0), blocker.get()));
  }

  /// How far its command has come, where PostgreSQL counts.
  ///
  /// @param pid its backend
  public static Optional<Progress> progress(Session observer, int pid) throws SQLException {
    return observer.query(PROGRESS, Integer.toString(pid)).stream()
        .findFirst()
        .map(
            row ->
                new Progress(row.text(0), row.text(1), row.isNull(2) ? -1 : (int) row.number(2)));
  }
}
