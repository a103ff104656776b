package dev.slipway.migrate;

import dev.slipway.history.HistorySql;
import dev.slipway.migration.Checksum;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Rerun;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SessionReset;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// One migration on its way into one database: what both ways of applying it, in one transaction or
/// statement by statement, have in common.
final class Application {
  private final Target target;
  private final CompiledMigration compiled;
  private final RunSettings settings;
  private final Progress progress;

  /// What became of it.
  enum Outcome {
    APPLIED,
    /// Its row was there when the history was locked.
    APPLIED_ELSEWHERE
  }

  Application(Target target, CompiledMigration compiled, RunSettings settings, Progress progress) {
    this.target = target;
    this.compiled = compiled;
    this.settings = settings;
    this.progress = progress;
  }

  Session session() {
    return target.session();
  }

  HistorySql sql() {
    return target.sql();
  }

  CompiledMigration compiled() {
    return compiled;
  }

  Migration migration() {
    return compiled.migration();
  }

  RunSettings settings() {
    return settings;
  }

  Progress progress() {
    return progress;
  }

  /// Begins a transaction that has the history locked.
  ///
  /// @return whether the migration is still to be applied
  Outcome beginLocked() throws SQLException {
    List<List<Row>> results =
        HistoryLock.begin(
            target,
            settings,
            progress.rolledBack(),
            List.of(
                HistoryLock.setLocalLockTimeout(settings.lockTimeout()),
                sql().findMigration(migration().id())));
    return isRecorded(results) ? Outcome.APPLIED_ELSEWHERE : Outcome.APPLIED;
  }

  /// What [#beginLocked] does, as statements that others can follow in the same message: one of
  /// them fails if the history cannot be locked at once, or if the migration is recorded.
  List<String> opening() {
    List<String> statements = HistoryLock.atOnce(target);
    statements.add(HistoryLock.setLocalLockTimeout(settings.lockTimeout()));
    if (migration().rerun() == Rerun.NEVER) {
      statements.add(sql().refuseRecorded(migration().id()));
    }
    return statements;
  }

  private boolean isRecorded(List<List<Row>> results) {
    return migration().rerun() == Rerun.NEVER && !results.getFirst().isEmpty();
  }

  /// What ends the migration's transaction: the session as it was, history and journal row.
  List<String> recording() {
    List<String> statements = new ArrayList<>(SessionReset.statements(settings.role()));
    if (!target.history().records(migration().id())) {
      statements.add(sql().recordMigration(migration().id(), settings.productVersion()));
    }
    return statements;
  }

  /// The journal row of a migration that is applied in one transaction.
  String journalApplied() {
    MigrationId id = migration().id();
    Checksum checksum = migration().checksum();
    int statements = compiled.statements().size();
    return target.history().journal(id.value()).isPresent()
        ? sql().journalApplied(id, checksum, statements, settings.version())
        : sql().journalFirstApplied(id, checksum, statements, settings.version());
  }

  /// Whether somebody else recorded it while it failed here. A session that is gone cannot tell.
  boolean isAppliedElsewhere(Throwable failure) {
    if (migration().rerun() != Rerun.NEVER || session().isClosed()) {
      return false;
    }
    try {
      return !session().query(sql().findMigration(migration().id())).isEmpty();
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  /// @param index of the statement, from 0
  MigrationFailedException failed(int index, SQLException e) {
    return MigrationFailedException.atStatement(compiled, index, e, progress.rolledBack());
  }
}
