package dev.slipway.migration;

/// What a migration, or a whole changelog, asks of the database before it is applied.
///
/// @param origin where it stands
/// @param onFail what to do when the condition does not hold
/// @param onError what to do when it cannot be evaluated
/// @param failMessage the author's words for the first case; empty for none
/// @param errorMessage the author's words for the second
public record Precondition(
    Origin origin,
    Condition condition,
    Otherwise onFail,
    Otherwise onError,
    String failMessage,
    String errorMessage) {

  /// What happens instead.
  public enum Otherwise {
    /// The run stops; nothing of the migration is done.
    HALT,
    /// The migration is passed over and not recorded; the next run asks again.
    CONTINUE,
    /// The migration is recorded without being run.
    MARK_RAN,
    /// The migration is applied all the same, with a warning.
    WARN
  }
}
