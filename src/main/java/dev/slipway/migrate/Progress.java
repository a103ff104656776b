package dev.slipway.migrate;

import dev.slipway.failure.TargetState;
import dev.slipway.migration.Migration;

/// How far a run has come.
final class Progress {
  private final int due;
  private int applied;
  private String last = "";

  Progress(int due) {
    this.due = due;
  }

  int due() {
    return due;
  }

  int applied() {
    return applied;
  }

  void applied(Migration migration) {
    applied++;
    last = migration.id().value();
  }

  /// The target's state when the migration that is being applied leaves nothing behind.
  TargetState rolledBack() {
    return new TargetState.RolledBack(applied, due, last);
  }
}
