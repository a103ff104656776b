package dev.slipway.migration;

import dev.slipway.sql.Statement;
import java.util.List;
import java.util.OptionalInt;

/// What can be done about a migration without a transaction that stopped half-way, by what the
/// journal has of it.
public sealed interface Resumption {

  /// It can be gone on with.
  sealed interface Possible extends Resumption {
    /// The index, from 0, of the statement to go on with; the number of statements if only the
    /// record is missing.
    int statement();
  }

  /// Only a person can decide.
  sealed interface Impossible extends Resumption {}

  /// Nothing of it took effect: it begins as if it never had.
  record Anew() implements Possible {
    @Override
    public int statement() {
      return 0;
    }
  }

  /// The statement took no effect yet.
  record Next(int statement) implements Possible {}

  /// Nobody knows whether the statement took effect, but it does no harm to run it again, or the
  /// catalog tells.
  record Again(int statement) implements Possible {}

  /// Nobody knows whether the statement took effect, and it must not be run twice.
  record InDoubt(int statement) implements Impossible {}

  /// The text is another one than when it was begun, and a part of that took effect.
  record Edited() implements Impossible {}

  /// What is left may need what the session had that is gone.
  ///
  /// @param maker the index of the statement that made it
  record SessionLost(int statement, int maker) implements Impossible {}

  /// What can be done, as the journal has it.
  ///
  /// @param begun its entry, which is not finished
  static Resumption of(CompiledMigration compiled, History.JournalEntry begun) {
    Migration migration = compiled.migration();
    boolean untouched =
        begun.statementsDone() == 0
            && begun.statementBegun() != null
            && begun.statementBegun() == 0;
    if (untouched) {
      return new Anew();
    }
    if (isEdited(migration, begun) || migration.transaction() == TransactionMode.ONE) {
      return new Edited();
    }
    List<Statement> statements = compiled.statements();
    int next = Math.min(begun.statementsDone(), statements.size());
    if (next == statements.size()) {
      return new Next(next);
    }
    OptionalInt maker = new SessionState(statements).temporaryObject(next);
    if (maker.isPresent()) {
      return new SessionLost(next, maker.getAsInt());
    }
    return isKnownToBeNext(begun) ? new Next(next) : doubtful(statements.get(next), next);
  }

  /// Whether its text is another one than when it was begun.
  static boolean isEdited(Migration migration, History.JournalEntry begun) {
    return !begun.checksum().value().isEmpty() && !migration.isText(begun.checksum());
  }

  /// Whether the text as it is now can be gone on with, if somebody says that what took effect is
  /// as it says.
  static boolean isAcceptable(CompiledMigration compiled, History.JournalEntry begun) {
    return compiled.migration().transaction() == TransactionMode.NONE
        && begun.statementsDone() <= compiled.statements().size();
  }

  private static boolean isKnownToBeNext(History.JournalEntry begun) {
    return begun.statementBegun() != null && begun.statementBegun() != begun.statementsDone() + 1;
  }

  private static Resumption doubtful(Statement statement, int index) {
    return statement.isResumable() ? new Again(index) : new InDoubt(index);
  }
}
