package dev.slipway.migration;

/// What a plan says of one migration.
public sealed interface Step {

  /// What it says of one that the changelog has.
  sealed interface OfMigration extends Step {
    Migration migration();

    Standing standing();
  }

  /// What it says of one that only the history knows.
  sealed interface Unknown extends Step {
    String id();
  }

  /// How a migration counts. A run with nothing to do counts, too: to go by such a constant costs
  /// it nothing, while a `switch` by types is linked anew at each start.
  enum Standing {
    APPLIED,
    /// Not applied, and due.
    PENDING,
    /// Not applied, and not due.
    HELD,
    /// Applied, and due again.
    AGAIN;

    boolean isApplied() {
      return this == APPLIED || this == AGAIN;
    }

    boolean isDue() {
      return this == PENDING || this == AGAIN;
    }
  }

  /// In the changelog and in the history.
  record Applied(Migration migration) implements OfMigration {
    @Override
    public Standing standing() {
      return Standing.APPLIED;
    }
  }

  /// In the changelog only: to be applied.
  record Pending(Migration migration) implements OfMigration {
    @Override
    public Standing standing() {
      return Standing.PENDING;
    }
  }

  /// Pending although a later one is applied: it came late, from another branch. It is applied, as
  /// EF does, with a notice.
  ///
  /// @param behind the last id that is applied
  record OutOfOrder(Migration migration, String behind) implements OfMigration {
    @Override
    public Standing standing() {
      return Standing.PENDING;
    }
  }

  /// Pending, but behind the id at which this plan ends.
  record Beyond(Migration migration) implements OfMigration {
    @Override
    public Standing standing() {
      return Standing.HELD;
    }
  }

  /// Applied, and due again because its author asked for that.
  ///
  /// @param text the one that is in the database
  record RepeatableDue(Migration migration, Text text) implements OfMigration {

    /// What a repeatable migration's last run applied.
    public enum Text {
      SAME,
      OTHER
    }

    @Override
    public Standing standing() {
      return Standing.AGAIN;
    }
  }

  /// Applied, but its text was edited afterwards.
  record Modified(Migration migration, Checksum applied) implements OfMigration {
    @Override
    public Standing standing() {
      return Standing.APPLIED;
    }
  }

  /// Applied, and its text differs from what was applied, which means little: a tool writes it anew
  /// with each release.
  record Rewritten(Migration migration) implements OfMigration {
    @Override
    public Standing standing() {
      return Standing.APPLIED;
    }
  }

  /// It runs without a transaction and stopped half-way. A run goes on with it, or says why it
  /// cannot: see [Resumption].
  ///
  /// @param begun what the journal has of it
  /// @param standing [Standing#PENDING], or [Standing#HELD] behind the id at which this plan ends
  record PartiallyApplied(Migration migration, History.JournalEntry begun, Standing standing)
      implements OfMigration {}

  /// The same, and the changelog does not have it any more.
  record Abandoned(History.JournalEntry begun) implements Step {}

  /// The schemas were being emptied, and a part of what lay there is gone.
  record HalfEmptied(History.JournalEntry begun) implements Step {}

  /// In the history only, before the changelog's last id.
  record UnknownOlder(String id) implements Unknown {}

  /// In the history only, which is shared: another changelog's.
  record OfOthers(String id) implements Step {}

  /// In the history only, behind the changelog's last id: the database is ahead.
  record UnknownNewer(String id) implements Unknown {}
}
