package dev.slipway.migrate;

import dev.slipway.failure.TargetState;
import dev.slipway.migration.Migration;

/// How far a run has come.
final class Progress {
  private final int due;
  private int begun;
  private int applied;
  private String last = "";

  Progress(int due) {
    this.due = due;
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
    return new TargetState.RolledBack(applied, due, last);
  }
}
