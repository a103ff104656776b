package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.history.HistorySql;
import dev.slipway.history.RunLock;
import dev.slipway.migrate.Conflicts.PartiallyAppliedException;
import dev.slipway.migration.Migration;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SessionReset;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.ConcurrentIndex;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Applies a migration whose statements PostgreSQL refuses inside a transaction: each runs by
/// itself, and the journal says how far it came. The history row comes last.
final class StatementwiseApplication {
  private static final String LIFT_LOCK_TIMEOUT =
      """
      SELECT pg_catalog.set_config('lock_timeout', '0', false)
      FROM pg_catalog.pg_settings WHERE name = 'lock_timeout' AND setting = $1""";

  private final Application application;
  private final Session session;
  private final HistorySql sql;
  private final Migration migration;
  private boolean lifted;

  StatementwiseApplication(Application application) {
    this.application = application;
    this.session = application.session();
    this.sql = application.sql();
    this.migration = application.migration();
  }

  Application.Outcome apply() throws SQLException {
    Optional<Application.Outcome> ended = begin();
    if (ended.isPresent()) {
      return ended.get();
    }
    List<Statement> statements = application.compiled().statements();
    for (int i = 0; i < statements.size(); i++) {
      if (session.isCancelled()) {
        throw stopped(
            new SQLException("stopped by a signal", SqlStates.QUERY_CANCELED), i, Rest.NONE);
      }
      run(statements.get(i), i);
      progress(i);
    }
    try {
      finish();
    } catch (SQLException | MigrationLockedException e) {
      throw notRecorded(e, statements.size());
    }
    return new Application.Outcome.Applied();
  }

  /// Marks it as begun, unless it is not to be applied at all.
  ///
  /// @return empty if it is begun
  private Optional<Application.Outcome> begin() throws SQLException {
    Optional<Application.Outcome> ended = ask();
    if (ended.isPresent()) {
      return ended;
    }
    session.execute(
        String.join(
            ";\n",
            sql.journal()
                .started(
                    migration.id(),
                    migration.checksum(),
                    application.compiled().statements().size(),
                    application.settings().version()),
            "COMMIT",
            "SET lock_timeout = " + lockTimeoutMillis()));
    return Optional.empty();
  }

  private Optional<Application.Outcome> ask() throws SQLException {
    try {
      return application.begin();
    } catch (SlipwayException failure) {
      return Optional.of(application.ended(failure));
    }
  }

  private void run(Statement statement, int index) {
    try {
      lifted = statement.outsideTransaction().isPresent() && liftLockTimeout();
      if (statement.concurrentIndex().isPresent()) {
        build(statement, statement.concurrentIndex().get(), index);
      } else {
        session.execute(statement.text());
      }
    } catch (SQLException e) {
      throw stopped(e, index, rest(statement, e));
    }
  }

  /// The statement took effect; if that cannot be noted, the journal is one behind.
  private void progress(int index) {
    List<String> statements =
        new ArrayList<>(SessionReset.asideFromMigration(application.settings().role()));
    statements.add(sql.journal().progress(migration.id(), index + 1));
    try {
      session.execute(String.join(";\n", statements));
      if (lifted) {
        session.execute("SET lock_timeout = " + lockTimeoutMillis());
      }
      RunLock.keep(session, sql);
    } catch (SQLException e) {
      throw notRecorded(e, index + 1);
    }
  }

  private PartiallyAppliedException notRecorded(Exception e, int done) {
    return PartiallyAppliedException.now(
        application.compiled(),
        done,
        Rest.NONE,
        "%s: %d of %d statements took effect, but that could not be recorded: %s"
            .formatted(
                migration.origin(),
                done,
                application.compiled().statements().size(),
                e instanceof SQLException said ? ServerError.of(said).message() : e.getMessage()),
        sql,
        e);
  }

  /// A statement that works in several transactions waits for others in each, and has to begin anew
  /// when it gives up. A limit that the migration itself has set is left to it.
  private boolean liftLockTimeout() throws SQLException {
    return !session.query(LIFT_LOCK_TIMEOUT, Long.toString(lockTimeoutMillis())).isEmpty();
  }

  private long lockTimeoutMillis() {
    return application.settings().lockTimeout().toMillis();
  }

  /// Builds an index, and accepts nothing but a valid one: IF NOT EXISTS passes over an invalid one
  /// as if all were well.
  private void build(Statement statement, ConcurrentIndex index, int number) throws SQLException {
    var indexes = new InvalidIndexes(session, index);
    indexes.remember();
    try {
      session.execute(statement.text());
    } catch (SQLException e) {
      throw stopped(e, number, indexes.dropNew(e));
    }
    List<String> invalid = indexes.ofThisName();
    if (!invalid.isEmpty()) {
      throw stopped(new InvalidIndexException(invalid.getFirst()), number, Rest.NONE);
    }
  }

  /// What a failed statement leaves in the database.
  enum Rest {
    NONE,
    PERHAPS
  }

  /// Where the connection broke without an answer, the server may be running it still.
  private static Rest rest(Statement statement, SQLException failure) {
    if (!ServerError.isAnswer(failure) && !(failure instanceof InvalidIndexException)) {
      return Rest.PERHAPS;
    }
    return statement.mayStopHalfWay() ? Rest.PERHAPS : Rest.NONE;
  }

  /// The failure as the operator has to see it: if nothing at all took effect, the mark is taken
  /// back and it is as if it had not begun.
  private RuntimeException stopped(SQLException e, int index, Rest rest) {
    if (index == 0 && rest == Rest.NONE && forget(e)) {
      MigrationFailedException failure =
          MigrationFailedException.atStatement(
              application.compiled(), index, e, application.progress().rolledBack());
      return session.isCancelled()
          ? new InterruptedRunException(failure.detail(), failure.state(), failure)
          : failure;
    }
    String detail =
        MigrationFailedException.describe(application.compiled(), index, ServerError.of(e));
    return PartiallyAppliedException.now(
        application.compiled(), index, rest, ServerError.of(e).message() + "\n" + detail, sql, e);
  }

  private boolean forget(SQLException failure) {
    try {
      reset();
      session.execute(sql.journal().forget(migration.id().value()));
      return true;
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private void reset() throws SQLException {
    session.execute(String.join(";\n", SessionReset.statements(application.settings().role())));
  }

  /// Records it. The row may have been written by somebody else meanwhile; then it is kept.
  private void finish() throws SQLException {
    reset();
    List<String> statements = application.recording();
    if (!application.beginLocked()) {
      statements = SessionReset.statements(application.settings().role());
    }
    statements.add(
        sql.journal()
            .finished(
                migration.id(), migration.checksum(), application.compiled().statements().size()));
    statements.add("COMMIT");
    session.execute(String.join(";\n", statements));
  }
}
