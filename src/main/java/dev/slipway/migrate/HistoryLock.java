package dev.slipway.migrate;

import dev.slipway.failure.TargetState;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The lock on the history table that keeps other writers out while one transaction works: those
/// that take no migration lock, like EF's own migrator, and runs behind a pooler.
final class HistoryLock {
  /// Nothing may depend on a default isolation level: the history is looked up after it is locked.
  static final String BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED";

  /// How long one attempt waits before it is told who holds it.
  private static final Duration ATTEMPT = Duration.ofSeconds(1);

  private HistoryLock() {}

  static String setLocalLockTimeout(Duration timeout) {
    return "SET LOCAL lock_timeout = " + timeout.toMillis();
  }

  /// Begins a transaction that has the history locked, however long others hold it within
  /// [RunSettings#runLockWait()].
  ///
  /// @param state the target's, should it take too long
  /// @param behind statements that follow in the same message
  /// @return the rows of those that give rows
  static List<List<Row>> begin(
      Target target, RunSettings settings, TargetState state, List<String> behind)
      throws SQLException {
    Session session = target.session();
    var waiting = new Waiting(settings.runLockWait());
    while (true) {
      try {
        return session.queries(statements(target, behind).toArray(String[]::new));
      } catch (SQLException e) {
        session.rollback(e);
        switch (String.valueOf(e.getSQLState())) {
          case SqlStates.LOCK_NOT_AVAILABLE -> target.reportLockedHistory(waiting, state);
          case SqlStates.FEATURE_NOT_SUPPORTED -> target.doWithoutTableLock(e);
          default -> throw e;
        }
      }
    }
  }

  private static List<String> statements(Target target, List<String> behind) {
    List<String> statements = new ArrayList<>();
    statements.add(BEGIN);
    if (target.locksTables()) {
      statements.add(setLocalLockTimeout(ATTEMPT));
      statements.add(target.sql().lockTable());
    }
    statements.addAll(behind);
    return statements;
  }

  /// The same as statements that others can follow in one message: it fails if the history cannot
  /// be locked at once.
  static List<String> atOnce(Target target) {
    List<String> statements = new ArrayList<>();
    statements.add(BEGIN);
    if (target.locksTables()) {
      statements.add(target.sql().lockTable() + " NOWAIT");
    }
    return statements;
  }
}
