package dev.slipway.migrate;

import dev.slipway.failure.TargetState;
import dev.slipway.history.HistoryFinder;
import dev.slipway.history.HistoryNames;
import dev.slipway.history.HistoryReader;
import dev.slipway.history.HistorySql;
import dev.slipway.history.HistoryTable;
import dev.slipway.history.LockHolder;
import dev.slipway.history.PreconditionSql;
import dev.slipway.history.Surroundings;
import dev.slipway.migration.History;
import dev.slipway.migration.MigrationId;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A database as it is found: the session, where its history lies, and what that records.
public final class Target {
  private final String name;
  private final Session session;
  private final HistoryNames names;
  private final Surroundings surroundings;
  private final Purpose purpose;
  private final Duration patience;
  private final RunEvent.Listener listener;
  private HistoryFinder.Found found;
  private History history;
  private boolean locksTables = true;

  /// What it is opened for: with that go the rights that are needed.
  public enum Purpose {
    LOOK,
    CHANGE
  }

  private Target(
      String name,
      Session session,
      HistoryNames names,
      Purpose purpose,
      Duration patience,
      RunEvent.Listener listener)
      throws SQLException {
    this.name = name;
    this.session = session;
    this.names = names;
    this.purpose = purpose;
    this.patience = patience;
    this.listener = listener;
    this.surroundings = Surroundings.read(session);
    this.found = HistoryFinder.find(session, names, surroundings);
    this.history = readHistory();
  }

  /// Looks at the database. Nothing is written, no lock is taken.
  ///
  /// @param name of its connection string
  /// @param patience how long to wait while EF keeps the history from being read
  public static Target open(
      String name,
      Session session,
      HistoryNames names,
      Purpose purpose,
      Duration patience,
      RunEvent.Listener listener)
      throws SQLException {
    return new Target(name, session, names, purpose, patience, listener);
  }

  /// Looks again: others may have been at work.
  public void refresh() throws SQLException {
    found = HistoryFinder.find(session, names, surroundings);
    history = readHistory();
  }

  private History readHistory() throws SQLException {
    var waiting = new Waiting(patience);
    while (true) {
      try {
        return HistoryReader.read(session, found.history());
      } catch (SQLException e) {
        switch (String.valueOf(e.getSQLState())) {
          case SqlStates.LOCK_NOT_AVAILABLE -> reportLockedHistory(waiting, TargetState.UNCHANGED);
          case SqlStates.INSUFFICIENT_PRIVILEGE -> {
            Rights.checkTables(this, purpose);
            throw e;
          }
          default -> throw e;
        }
      }
    }
  }

  /// Tells who has locked the history.
  ///
  /// @throws MigrationLockedException if the waiting is over
  void reportLockedHistory(Waiting waiting, TargetState state) throws SQLException {
    Optional<LockHolder> holder = HistoryReader.holder(session, found.history());
    if (waiting.isOver()) {
      throw MigrationLockedException.byHistory(
          found.history().quoted(), holder, waiting.waited(), state);
    }
    if (waiting.reportIsDue()) {
      listener.on(new RunEvent.WaitingForHistory(holder, waiting.waited()));
    }
  }

  /// That of its connection string, by which commands know it.
  String name() {
    return name;
  }

  public Session session() {
    return session;
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  public HistoryFinder.Found found() {
    return found;
  }

  public HistoryTable historyTable() {
    return found.history();
  }

  /// Whether the changelog itself makes this schema.
  boolean makes(Identifier schema) {
    return names.makes(schema);
  }

  public History history() {
    return history;
  }

  /// Whether the history is locked in each migration's transaction.
  boolean locksTables() {
    return locksTables;
  }

  /// Servers that speak PostgreSQL's protocol and know no LOCK TABLE refuse it with 0A000; there
  /// the migration lock alone must do.
  ///
  /// @throws SQLException the refusal, if it cannot have been the lock's
  void doWithoutTableLock(SQLException refusal) throws SQLException {
    if (!locksTables) {
      throw refusal;
    }
    locksTables = false;
  }

  HistorySql sql() {
    return new HistorySql(found.history());
  }

  /// What has to precede the writing of a migration's row in the journal where that has it in
  /// another letter case: the file was named otherwise when it was begun.
  List<String> journalInSpellingOf(MigrationId id) {
    return history
        .journal(id.value())
        .map(History.JournalEntry::id)
        .filter(spelled -> !spelled.equals(id.value()))
        .map(spelled -> sql().journal().respelled(spelled, id))
        .stream()
        .toList();
  }

  PreconditionSql preconditionSql() {
    return new PreconditionSql(sql());
  }
}
