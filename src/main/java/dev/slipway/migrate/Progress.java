package dev.slipway.migrate;

import dev.slipway.failure.TargetState;
import dev.slipway.migration.Migration;
import java.util.Optional;

/// How far a run has come.
final class Progress {
  private final int due;
  private final Optional<TargetState> kept;
  private int begun;
  private int applied;
  private String last = "";

  private Progress(int due, Optional<TargetState> kept) {
    this.due = due;
    this.kept = kept;
  }

  Progress(int due) {
    this(due, Optional.empty());
  }

  /// Of one that leaves nothing, wherever it ends.
  static Progress ofRehearsal(int due) {
    return new Progress(due, Optional.of(TargetState.UNDONE));
  }

  int due() {
    return due;
  }

  /// @return which of the due ones it is, from 1
  int begin() {
    return ++begun;
  }

  /// It is recorded, be it run or not.
  void applied(Migration migration) {
    applied++;
    last = migration.id().value();
  }

  /// The target's state when the migration that is being applied leaves nothing behind.
  TargetState rolledBack() {
    return kept.isPresent() ? kept.get() : new TargetState.RolledBack(applied, due, last);
  }
}
