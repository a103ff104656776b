package dev.slipway.migrate;

import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.TransactionMode;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Applies migrations in one transaction that is rolled back. What cannot run in a transaction is
/// left out; so is all that comes behind the first failure, or behind the use of an enum's value
/// that was added in the same transaction.
///
/// @param failure the first; empty if there was none
/// @param leftOut the migrations that were not tried, or not to their end
public record Rehearsal(Optional<Failure> failure, List<MigrationId> leftOut) {

  /// What a statement of a migration ended with.
  public record Failure(Migration migration, String file, Statement statement, ServerError error) {}

  public Rehearsal {
    leftOut = List.copyOf(leftOut);
  }

  public static Rehearsal of(Session session, List<Migration> due) throws SQLException {
    List<MigrationId> leftOut = new ArrayList<>();
    Optional<Failure> failure = Optional.empty();
    boolean isOver = false;
    session.execute("BEGIN ISOLATION LEVEL READ COMMITTED");
    try {
      for (Migration migration : due) {
        if (isOver || migration.transaction() == TransactionMode.NONE) {
          leftOut.add(migration.id());
          continue;
        }
        failure = failure(session, CompiledMigration.of(migration));
        isOver = failure.isPresent();
        if (failure.filter(Rehearsal::isOfRehearsal).isPresent()) {
          leftOut.add(migration.id());
          failure = Optional.empty();
        }
        if (!isOver) {
          session.execute(String.join(";\n", session.reset()));
        }
      }
    } finally {
      session.execute("ROLLBACK");
    }
    return new Rehearsal(failure, leftOut);
  }

  private static Optional<Failure> failure(Session session, CompiledMigration compiled) {
    for (int i = 0; i < compiled.statements().size(); i++) {
      Statement statement = compiled.statements().get(i);
      try {
        session.execute(statement.text());
      } catch (SQLException e) {
        return Optional.of(
            new Failure(
                compiled.migration(), compiled.files().get(i), statement, ServerError.of(e)));
      }
    }
    return Optional.empty();
  }

  /// Each in its own transaction, they would not collide.
  private static boolean isOfRehearsal(Failure failure) {
    return failure.error().sqlState().equals(SqlStates.UNSAFE_NEW_ENUM_VALUE);
  }
}
