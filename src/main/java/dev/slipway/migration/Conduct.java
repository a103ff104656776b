package dev.slipway.migration;

/// How a migration is applied.
public record Conduct(TransactionMode transaction, Rerun rerun, OnFailure onFailure) {
  /// In one transaction, once, and not without an effect.
  public static final Conduct PLAIN = new Conduct(TransactionMode.ONE, Rerun.NEVER, OnFailure.STOP);

  /// What a failure of one of its statements means for the run.
  public enum OnFailure {
    STOP,
    /// It is rolled back and not recorded, and the run goes on; the next run tries it again.
    GO_ON
  }
}
