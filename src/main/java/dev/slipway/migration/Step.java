package dev.slipway.migration;

/// What a plan says of one migration.
public sealed interface Step {

  /// In the changelog and in the history.
  record Applied(Migration migration) implements Step {}

  /// In the changelog only: to be applied.
  record Pending(Migration migration) implements Step {}

  /// Pending although a later one is applied: it came late, from another branch. It is applied, as
  /// EF does, with a notice.
  ///
  /// @param behind the last id that is applied
  record OutOfOrder(Migration migration, String behind) implements Step {}

  /// Pending, but behind the id at which this plan ends.
  record Beyond(Migration migration) implements Step {}

  /// Applied, and due again because its author asked for that.
  record RepeatableDue(Migration migration) implements Step {}

  /// Applied, but its text was edited afterwards.
  record Modified(Migration migration, Checksum applied) implements Step {}

  /// It runs without a transaction and stopped half-way.
  ///
  /// @param begun what the journal has of it
  record PartiallyApplied(Migration migration, History.JournalEntry begun) implements Step {
    /// Whether its text is another one than when it was begun.
    public boolean isEdited() {
      return !begun.checksum().value().isEmpty() && !migration.isText(begun.checksum());
    }
  }

  /// The same, and the changelog does not have it any more.
  record Abandoned(History.JournalEntry begun) implements Step {}

  /// In the history only, before the changelog's last id.
  record UnknownOlder(String id) implements Step {}

  /// In the history only, behind the changelog's last id: the database is ahead.
  record UnknownNewer(String id) implements Step {}
}
