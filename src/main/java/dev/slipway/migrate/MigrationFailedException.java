package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Excerpt;
import dev.slipway.sql.Position;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.util.Optional;

/// A statement of a migration failed; what the migration did is rolled back.
public final class MigrationFailedException extends SlipwayException {
  private static final long serialVersionUID = 1L;
  private static final String GOES_ON = "it goes on with this migration.";

  private final transient Migration migration;
  private final String sqlState;
  private final String reason;
  private final int line;

  private MigrationFailedException(
      FailureKind kind,
      Migration migration,
      int line,
      ServerError error,
      String detail,
      String hint,
      TargetState state,
      SQLException cause) {
    super(
        kind,
        "migration \"%s\" failed: %s".formatted(migration, error.message()),
        detail,
        hint,
        state,
        cause);
    this.migration = migration;
    this.sqlState = error.sqlState();
    this.reason = error.message();
    this.line = line;
  }

  private MigrationFailedException(MigrationFailedException lost, TargetState state) {
    super(
        lost.kind(),
        String.valueOf(lost.getMessage()),
        lost.detail(),
        lost.hint(),
        state,
        lost.getCause());
    this.migration = lost.migration;
    this.sqlState = lost.sqlState;
    this.reason = lost.reason;
    this.line = lost.line;
  }

  /// The same, once it is known what became of the migration.
  public MigrationFailedException settled(TargetState state) {
    return new MigrationFailedException(this, state);
  }

  /// Whether the answer to its COMMIT was lost, so that nobody knows what became of it.
  public boolean isUnsettled() {
    return state() instanceof TargetState.Unknown;
  }

  /// Whether the server itself ended the session; otherwise nothing but the connection is gone.
  public boolean isEndedByServer() {
    return getCause() instanceof SQLException e && ServerError.isAnswer(e);
  }

  /// @param index of the failed statement, from 0
  static MigrationFailedException atStatement(
      CompiledMigration compiled, int index, SQLException cause, TargetState state) {
    ServerError error = ServerError.of(cause);
    return new MigrationFailedException(
        kind(error),
        compiled.migration(),
        compiled.statements().get(index).position().line(),
        error,
        describe(compiled, index, error),
        hint(compiled.files().get(index), error, cause, state)
            + adoption(compiled.migration(), error),
        state,
        cause);
  }

  /// The statements went through, but the transaction could not be finished: a deferred constraint
  /// does not hold, or history or journal could not be written.
  static MigrationFailedException atEnd(
      Migration migration, SQLException cause, TargetState state) {
    ServerError error = ServerError.of(cause);
    return new MigrationFailedException(
        kind(error),
        migration,
        migration.origin().line(),
        error,
        "%s: when it was recorded and committed, SQLSTATE %s"
                .formatted(migration.origin(), error.sqlState())
            + said(error),
        hint(migration.origin().file(), error, cause, state),
        state,
        cause);
  }

  /// Where it failed, with the line and a caret, and what else the server said of it.
  static String describe(CompiledMigration compiled, int index, ServerError error) {
    Statement statement = compiled.statements().get(index);
    int line = statement.position().line();
    String excerpt = "";
    if (error.position() > 0 && error.position() <= end(statement)) {
      excerpt = Excerpt.render(statement, error.position());
      line = Integer.parseInt(excerpt.substring("LINE ".length(), excerpt.indexOf(':')));
    } else if (!error.internalQuery().isEmpty() && error.internalPosition() > 0) {
      excerpt =
          "in a query that it ran:\n"
              + Excerpt.render(
                  new Statement(error.internalQuery(), Position.START), error.internalPosition());
    }
    return "%s, SQLSTATE %s".formatted(compiled.place(index, line), error.sqlState())
        + (excerpt.isEmpty() ? "" : "\n" + excerpt)
        + said(error);
  }

  /// The server puts the end of input behind the last character.
  private static int end(Statement statement) {
    return statement.text().codePointCount(0, statement.text().length()) + 1;
  }

  private static String said(ServerError error) {
    var said = new StringBuilder();
    append(said, "DETAIL", error.detail());
    append(said, "HINT", error.hint());
    append(said, "CONTEXT", error.where());
    return said.toString();
  }

  private static void append(StringBuilder to, String label, String text) {
    if (!text.isEmpty()) {
      to.append('\n').append(label).append(": ").append(text);
    }
  }

  static FailureKind kind(ServerError error) {
    return switch (error.sqlState()) {
      case SqlStates.LOCK_NOT_AVAILABLE,
          SqlStates.DEADLOCK_DETECTED,
          SqlStates.SERIALIZATION_FAILURE ->
          FailureKind.LOCKED;
      default -> error.endsSession() ? FailureKind.CONNECTION : FailureKind.FAILED;
    };
  }

  static String hint(String file, ServerError error, SQLException cause, TargetState state) {
    if (cause instanceof InvalidIndexException invalid) {
      return "Run slipway again once it is dropped: DROP INDEX CONCURRENTLY " + invalid.index();
    }
    Optional<Obstacle> obstacle = Obstacle.of(cause, file);
    if (obstacle.isPresent()) {
      return state instanceof TargetState.Undone
          ? obstacle.get().hintOfTrial()
          : obstacle.get().hint(GOES_ON);
    }
    return switch (error.sqlState()) {
      case SqlStates.LOCK_NOT_AVAILABLE ->
          "Run slipway again when the table is less busy, or let it try for longer:"
              + " Slipway__LockWait=10min";
      case SqlStates.DEADLOCK_DETECTED, SqlStates.SERIALIZATION_FAILURE -> "Run slipway again.";
      default ->
          error.endsSession()
              ? "Run slipway again when the server is there; nothing has to be mended first."
              : mend(file, state);
    };
  }

  private static String mend(String file, TargetState state) {
    return state instanceof TargetState.Undone
        ? "Mend %s and try again.".formatted(file)
        : "Mend %s and run slipway again: %s".formatted(file, GOES_ON);
  }

  /// A database may hold already what its first migrations make.
  private static String adoption(Migration migration, ServerError error) {
    return error.sqlState().equals(SqlStates.DUPLICATE_TABLE)
        ? "\nIf the database holds already what it makes, record that: slipway baseline "
            + migration
        : "";
  }

  /// Whether the migration itself is at fault: not a lock, not the connection, not somebody who
  /// cancelled it.
  boolean isItsOwn() {
    return kind() == FailureKind.FAILED && !sqlState.equals(SqlStates.QUERY_CANCELED);
  }

  /// Whether nothing is left of the migration.
  boolean isRolledBack() {
    return state() instanceof TargetState.RolledBack;
  }

  public Migration migration() {
    return migration;
  }

  /// What the server said, in one line.
  public String reason() {
    return reason;
  }

  /// Where the failed statement begins, or else the migration.
  public int line() {
    return line;
  }

  public String sqlState() {
    return sqlState;
  }
}
