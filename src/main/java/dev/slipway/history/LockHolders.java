package dev.slipway.history;

import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who holds what we wait for. `pg_stat_activity` shows another role's query and address only to
/// members of pg_read_all_stats; pid, user and application it shows to everyone.
final class LockHolders {
  private static final String COLUMNS =
      """
      SELECT a.pid, a.usename, a.application_name, pg_catalog.host(a.client_addr),
             extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.query_start))::bigint,
             left(regexp_replace(a.query, '\\s+', ' ', 'g'), 100)
      """;

  private static final String BUILDING =
      COLUMNS
          + """
          FROM pg_catalog.pg_stat_progress_create_index AS p
          JOIN pg_catalog.pg_stat_activity AS a ON a.pid = p.pid
          WHERE p.datname = current_database() AND p.pid <> pg_catalog.pg_backend_pid()
            AND (p.relid = pg_catalog.to_regclass($1) OR p.relid IS NULL AND EXISTS
              (SELECT FROM pg_catalog.pg_locks AS l
               WHERE l.pid = p.pid AND l.granted AND l.mode = 'ShareUpdateExclusiveLock'
                 AND l.relation = pg_catalog.to_regclass($1)))
          LIMIT 1""";

  private static final String SELECT =
      COLUMNS
          + """
      FROM pg_catalog.pg_locks AS l
      JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
      WHERE l.granted AND l.pid <> pg_catalog.pg_backend_pid()
        AND l.database =
            (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND %s
      ORDER BY a.xact_start NULLS LAST
      LIMIT 1""";

  /// Locks that no query and no change of rows takes; VACUUM and ANALYZE do, which define nothing.
  private static final String CHANGING =
      COLUMNS
          + """
          FROM pg_catalog.pg_stat_activity AS a
          WHERE a.datname = pg_catalog.current_database() AND a.usename IS NOT NULL
            AND a.pid <> pg_catalog.pg_backend_pid()
            AND (EXISTS
                (SELECT FROM pg_catalog.pg_locks AS l
                 WHERE l.pid = a.pid AND l.locktype = 'relation' AND l.database =
                     (SELECT oid FROM pg_catalog.pg_database
                      WHERE datname = pg_catalog.current_database())
                   AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock'))
              AND NOT EXISTS
                (SELECT FROM pg_catalog.pg_stat_progress_vacuum AS v WHERE v.pid = a.pid)
              AND NOT EXISTS
                (SELECT FROM pg_catalog.pg_stat_progress_analyze AS v WHERE v.pid = a.pid)
              OR (a.state <> 'idle'
                  OR a.state_change > pg_catalog.clock_timestamp() - interval '3 seconds')
                AND %s = ANY (%s))
          ORDER BY a.xact_start NULLS LAST
          LIMIT 1""";

  private static final String CLIENTS =
      COLUMNS
          + """
          FROM pg_catalog.pg_stat_activity AS a
          WHERE a.datname = pg_catalog.current_database() AND a.usename IS NOT NULL
            AND a.pid <> pg_catalog.pg_backend_pid()
            AND COALESCE(a.backend_type, 'client backend') = 'client backend'
          ORDER BY a.backend_start, a.pid""";

  private LockHolders() {}

  /// The holder of the advisory lock with this key.
  static Optional<LockHolder> ofAdvisoryLock(Session session, long key) throws SQLException {
    String condition = "locktype = 'advisory' AND objsubid = 1 AND " + isKey(Long.toString(key));
    return first(session.query(SELECT.formatted(condition)));
  }

  /// Whether this session itself holds it, as a condition.
  ///
  /// @param key as SQL
  static String holdsAdvisoryLock(String key) {
    return """
        EXISTS (SELECT FROM pg_catalog.pg_locks
          WHERE locktype = 'advisory' AND granted AND pid = pg_catalog.pg_backend_pid() AND objsubid = 1
            AND %s)"""
        .formatted(isKey(key));
  }

  /// A bigint key is shown as two halves, with objsubid 1 (PostgreSQL documentation, pg_locks).
  private static String isKey(String key) {
    return "(classid::pg_catalog.int8 << 32) | objid::pg_catalog.int8 = " + key;
  }

  /// The session whose lock on the table keeps others from locking it for writing, or from even
  /// reading it (PostgreSQL documentation, conflicting lock modes).
  static Optional<LockHolder> ofTableLock(Session session, HistoryTable table) throws SQLException {
    String condition =
        "l.locktype = 'relation' AND l.relation = $1::regclass"
            + " AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')";
    return first(session.query(SELECT.formatted(condition), table.quoted()));
  }

  /// The session that is building an index on the table, whose build keeps others from being begun.
  /// On which table another role builds is shown to members of pg_read_all_stats only; its locks
  /// are shown to everyone.
  static Optional<LockHolder> ofIndexBuild(Session session, String table) throws SQLException {
    return first(session.query(BUILDING, table));
  }

  /// The session for which the one with this backend waits; of several, the one whose transaction
  /// is
  /// the oldest.
  static Optional<LockHolder> blocking(Session session, int pid) throws SQLException {
    return first(
        session.query(
            COLUMNS
                + """
                FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::int)) AS blocker (pid)
                JOIN pg_catalog.pg_stat_activity AS a USING (pid)
                ORDER BY a.xact_start NULLS LAST
                LIMIT 1""",
            Integer.toString(pid)));
  }

  /// A session that changes something's definition, or runs one of these texts, or has just run
  /// one; of several, the one whose transaction is the oldest.
  ///
  /// @param texts an array of what [OtherSessions] compares, as SQL
  static Optional<LockHolder> changingDefinitions(Session session, String texts)
      throws SQLException {
    return first(session.query(CHANGING.formatted(OtherSessions.comparableSql("a.query"), texts)));
  }

  static List<LockHolder> clients(Session session) throws SQLException {
    List<LockHolder> clients = new ArrayList<>();
    // Else a transaction sees what its first look showed.
    session.query("SELECT pg_catalog.pg_stat_clear_snapshot()");
    for (Row row : session.query(CLIENTS)) {
      clients.add(holder(row));
    }
    return clients;
  }

  private static Optional<LockHolder> first(List<Row> rows) {
    return rows.stream().findFirst().map(LockHolders::holder);
  }

  private static LockHolder holder(Row row) {
    return new LockHolder(
        (int) row.number(0),
        row.text(1),
        row.text(2),
        row.text(3),
        Duration.ofSeconds(Math.max(0, row.number(4))),
        row.text(5).equals("<insufficient privilege>") ? "" : row.text(5));
  }
}
