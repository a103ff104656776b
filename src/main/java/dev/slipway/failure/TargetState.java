package dev.slipway.failure;

/// What state the target database is in after a failure. Every failure says it, so that nobody has
/// to look.
public sealed interface TargetState {

  /// Nothing was written by this run.
  record Unchanged() implements TargetState {
    @Override
    public String text() {
      return "nothing was changed";
    }
  }

  /// The failed migration left nothing behind; those before it stay.
  ///
  /// @param applied how many migrations this run applied before the failure
  /// @param due how many it had to apply
  /// @param last the id of the last one applied, empty if there is none
  record RolledBack(int applied, int due, String last) implements TargetState {
    @Override
    public String text() {
      if (applied == 0) {
        return "rolled back; 0 of %d applied".formatted(due);
      }
      String rest = applied == due ? "" : "rolled back; ";
      return rest + "%d of %d applied, %s is the last".formatted(applied, due, last);
    }
  }

  /// A migration that runs without a transaction stopped half-way.
  ///
  /// @param id the migration's id
  /// @param statementsDone how many of its statements took effect
  /// @param statements how many it has
  record HalfApplied(String id, int statementsDone, int statements) implements TargetState {
    @Override
    public String text() {
      return "%s is partially applied: %d of %d statements took effect"
          .formatted(id, statementsDone, statements);
    }
  }

  /// The schemas were being emptied in portions, and that stopped half-way.
  ///
  /// @param dropped how many objects are gone
  /// @param objects how many there were
  record HalfEmptied(int dropped, int objects) implements TargetState {
    @Override
    public String text() {
      return "half emptied: %d of %d objects are gone".formatted(dropped, objects);
    }
  }

  /// The answer to the COMMIT that empties the schemas was lost.
  record PerhapsEmptied() implements TargetState {
    @Override
    public String text() {
      return "the connection was lost while emptying was being committed: all is gone, or nothing";
    }
  }

  /// What was tried is undone, as it was meant to be.
  record Undone() implements TargetState {
    @Override
    public String text() {
      return "rolled back, nothing was changed";
    }
  }

  /// The answer was lost: the server may have committed, or may not.
  ///
  /// @param id the migration that was being committed
  record Unknown(String id) implements TargetState {
    @Override
    public String text() {
      return "the connection was lost while %s was being committed: it is applied or not, whole either way"
          .formatted(id);
    }
  }

  /// The work is done, and something else is wrong.
  ///
  /// @param last the id of the last migration that was applied
  record Applied(String last) implements TargetState {
    @Override
    public String text() {
      return "%s is applied".formatted(last);
    }
  }

  /// Nobody has looked: the program gave way, or had to go before the server answered.
  record NotLookedAt() implements TargetState {
    @Override
    public String text() {
      return "not known";
    }
  }

  TargetState UNCHANGED = new Unchanged();

  TargetState UNDONE = new Undone();

  /// One clause, lower case, without a full stop.
  String text();
}
