package dev.slipway.migration;

/// What a migration, or a whole changelog, asks of the database before it is applied.
///
/// Of a changelog, [Otherwise#CONTINUE] and [Otherwise#MARK_RAN] are [Otherwise#HALT]: Liquibase,
/// whose words these are, stops at everything but a warning there, and what was not applied must
/// not look to a deployment as if it were.
///
/// @param origin where it stands
/// @param onFail what to do when the condition does not hold
/// @param onError what to do when it cannot be evaluated
/// @param failMessage the author's words for the first case, in one line; empty for none
/// @param errorMessage the author's words for the second
public record Precondition(
    Origin origin,
    Condition condition,
    Otherwise onFail,
    Otherwise onError,
    String failMessage,
    String errorMessage) {

  public Precondition {
    failMessage = OneLine.of(failMessage);
    errorMessage = OneLine.of(errorMessage);
  }

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
