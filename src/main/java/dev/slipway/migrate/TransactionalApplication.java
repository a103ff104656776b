package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.postgres.PipelineException;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Applies a migration in one transaction, with its history row and its journal row: all of it is
/// there afterwards, or nothing.
final class TransactionalApplication {
  /// Statements are sent together up to these limits. The text must fit into the buffers of the
  /// sockets even while the server is busy sending notices.
  private static final int BATCH_CHARACTERS = 16_384;

  private static final int BATCH_STATEMENTS = 100;

  /// Deferred triggers belong to the migration: they run while its settings are still in force, and
  /// a temporary table with some cannot be dropped.
  private static final String FIRE_DEFERRED = "SET CONSTRAINTS ALL IMMEDIATE";

  private final Application application;
  private final Session session;

  TransactionalApplication(Application application) {
    this.application = application;
    this.session = application.session();
  }

  Application.Outcome apply() throws SQLException {
    if (application.beginLocked() == Application.Outcome.APPLIED_ELSEWHERE) {
      session.execute("ROLLBACK");
      return Application.Outcome.APPLIED_ELSEWHERE;
    }
    try {
      sendStatements();
      finish();
      return Application.Outcome.APPLIED;
    } catch (SlipwayException failure) {
      session.rollback(failure);
      if (application.isAppliedElsewhere(failure)) {
        return Application.Outcome.APPLIED_ELSEWHERE;
      }
      throw session.isCancelled() && failure.state() instanceof TargetState.RolledBack
          ? new InterruptedRunException(failure.detail(), failure.state(), failure)
          : failure;
    }
  }

  private void sendStatements() {
    List<Statement> statements = application.compiled().statements();
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
        throw application.failed(e, firstStatement);
      }
    }
  }

  /// What returns rows must run to its end, however many rows that are; and one statement by itself
  /// costs less so.
  private void sendAlone(String statement, int index) {
    try {
      session.execute(statement);
    } catch (SQLException e) {
      throw MigrationFailedException.atStatement(
          application.compiled(), index, e, application.progress().rolledBack());
    }
  }

  private void finish() {
    List<String> statements = new ArrayList<>();
    statements.add(FIRE_DEFERRED);
    statements.addAll(application.recording());
    statements.add(
        application
            .sql()
            .journalApplied(
                application.migration().id(),
                application.migration().checksum(),
                application.compiled().statements().size(),
                application.settings().version()));
    statements.add("COMMIT");
    try {
      session.execute(String.join(";\n", statements));
    } catch (SQLException e) {
      throw MigrationFailedException.atEnd(application.migration(), e, stateAfter(e));
    }
  }

  /// When the connection breaks here, the server may or may not have committed.
  private TargetState stateAfter(SQLException e) {
    return ServerError.of(e).endsSession()
        ? new TargetState.Unknown(application.migration().id().value())
        : application.progress().rolledBack();
  }
}
