package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.postgres.PipelineException;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Applies a migration in one transaction, with its history row and its journal row: all of it is
/// there afterwards, or nothing.
final class TransactionalApplication {
  /// Statements are sent together up to these limits. The text must fit into the buffers of the
  /// sockets even while the server is busy sending notices.
  private static final int BATCH_CHARACTERS = 16_384;

  private static final int BATCH_STATEMENTS = 100;

  /// Deferred triggers belong to the migration: they run while its settings are still in force, and
  /// a temporary table with some cannot be dropped.
  static final String FIRE_DEFERRED = "SET CONSTRAINTS ALL IMMEDIATE";

  /// Has the server look, while a statement runs, whether we are still there: if the runner is
  /// killed, nobody will commit, and whoever comes next should not wait for that statement's end.
  /// A machine that has gone is found out by TCP keepalive, within a minute and not two hours.
  /// Settings of the server's own are kept. On Windows a server cannot look, and refuses the
  /// setting; others that speak PostgreSQL's protocol may not know it.
  private static final String NOTICE_OUR_END =
      """
      SELECT pg_catalog.set_config('client_connection_check_interval', '2000', true)
      WHERE pg_catalog.current_setting('client_connection_check_interval', true) = '0'
        AND pg_catalog.version() !~* 'windows|mingw|msvc|visual c';
      SELECT pg_catalog.set_config('tcp_keepalives_idle', '30', true),
        pg_catalog.set_config('tcp_keepalives_interval', '10', true),
        pg_catalog.set_config('tcp_keepalives_count', '3', true)
      WHERE pg_catalog.current_setting('tcp_keepalives_idle', true) = '7200'""";

  private final Application application;
  private final Session session;

  TransactionalApplication(Application application) {
    this.application = application;
    this.session = application.session();
  }

  /// As a whole once more where it only lost against others.
  Application.Outcome apply() throws SQLException {
    var retries = Retries.of(application);
    while (true) {
      try {
        return applyOnce();
      } catch (MigrationFailedException failure) {
        if (!failure.isRolledBack()
            || !retries.tryAgain(failure.migration().id(), failure.kind(), failure.reason())) {
          throw application.failedOrInterrupted(failure);
        }
        // Not all that a session holds is a transaction's: prepared statements are not.
        session.execute(String.join(";\n", session.reset()));
      }
    }
  }

  private Application.Outcome applyOnce() throws SQLException {
    try {
      return fitsOneMessage() && isApplied(application.opening(), statements())
          ? new Application.Outcome.Applied()
          : applyInSteps();
    } catch (SlipwayException failure) {
      return application.ended(failure);
    }
  }

  /// Whether the transaction can be sent as a whole, which saves most of what a small migration
  /// costs. What gives rows may take long, and the server shows it better by itself; the answer to
  /// a precondition has to be read, and so has what a pooler's connection is set to.
  private boolean fitsOneMessage() {
    if (application.compiled().precondition().isPresent() || session.isPooled()) {
      return false;
    }
    int characters = 0;
    for (Statement statement : statements()) {
      characters += statement.text().length();
      if (characters > BATCH_CHARACTERS || statement.mayReturnRows()) {
        return false;
      }
    }
    return true;
  }

  /// Locks, looks and waits as long as it takes, then sends the statements in batches.
  private Application.Outcome applyInSteps() throws SQLException {
    Optional<Application.Outcome> ended = application.begin();
    if (ended.isPresent()) {
      return ended.get();
    }
    send();
    if (!isApplied(List.of(), List.of())) {
      throw new IllegalStateException("the transaction was begun");
    }
    return new Application.Outcome.Applied();
  }

  /// Sends its statements within the transaction that is open.
  void send() throws SQLException {
    session.execute(NOTICE_OUR_END);
    sendStatements();
  }

  private List<Statement> statements() {
    return application.compiled().statements();
  }

  private void sendStatements() {
    List<Statement> statements = statements();
    List<String> batch = new ArrayList<>();
    int characters = 0;
    for (int i = 0; i < statements.size(); i++) {
      Statement statement = statements.get(i);
      if (statement.mayReturnRows()) {
        send(batch, i - batch.size());
        batch.clear();
        characters = 0;
        sendAlone(statement.text(), i);
        continue;
      }
      if (batch.size() == BATCH_STATEMENTS
          || characters + statement.text().length() > BATCH_CHARACTERS) {
        send(batch, i - batch.size());
        batch.clear();
        characters = 0;
      }
      batch.add(statement.text());
      characters += statement.text().length();
    }
    send(batch, statements.size() - batch.size());
  }

  private void send(List<String> batch, int firstStatement) {
    if (batch.size() == 1) {
      sendAlone(batch.getFirst(), firstStatement);
    } else if (!batch.isEmpty()) {
      try {
        session.pipeline(batch);
      } catch (PipelineException e) {
        throw application.failed(firstStatement + e.index(), e);
      }
    }
  }

  /// What returns rows must run to its end, however many rows that are; and one statement by itself
  /// costs less so.
  private void sendAlone(String statement, int index) {
    try {
      session.execute(statement);
    } catch (SQLException e) {
      throw application.failed(index, e);
    }
  }

  /// Sends these statements as one message that ends with history row, journal row and COMMIT.
  ///
  /// @param opening fails where it must be waited or looked what others did
  /// @param statements those of the migration that are still to be sent
  /// @return whether it is applied; if not, the opening failed, and nothing was done
  private boolean isApplied(List<String> opening, List<Statement> statements) throws SQLException {
    List<String> message = new ArrayList<>(opening);
    for (Statement statement : statements) {
      message.add(statement.text());
    }
    addClosing(message);
    try {
      session.together(message);
      return true;
    } catch (PipelineException e) {
      int index = e.index() - opening.size();
      boolean committing = e.index() == message.size() - 1;
      if (index >= statements.size() || Application.isLost(e, committing)) {
        throw application.failedAtEnd(e, committing);
      }
      if (index >= 0) {
        throw application.failed(index, e);
      }
      session.rollback(e);
      if (session.isClosed()) {
        throw e;
      }
      return false;
    }
  }

  private void addClosing(List<String> message) {
    message.add(FIRE_DEFERRED);
    message.addAll(application.applied());
    message.add("COMMIT");
  }
}
