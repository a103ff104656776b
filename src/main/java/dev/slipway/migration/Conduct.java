package dev.slipway.migration;

import java.time.Duration;
import java.util.Optional;

/// How a migration is applied.
///
/// @param lockTimeout PostgreSQL's `lock_timeout` for its statements, zero for none; empty for
///     that of
///     the run
public record Conduct(
    TransactionMode transaction, Rerun rerun, OnFailure onFailure, Optional<Duration> lockTimeout) {
  /// In one transaction, once, and not without an effect.
  public static final Conduct PLAIN = new Conduct(TransactionMode.ONE, Rerun.NEVER, OnFailure.STOP);

  /// With the run's `lock_timeout`.
  public Conduct(TransactionMode transaction, Rerun rerun, OnFailure onFailure) {
    this(transaction, rerun, onFailure, Optional.empty());
  }

  /// What a failure of one of its statements means for the run.
  public enum OnFailure {
    STOP,
    /// It is rolled back and not recorded, and the run goes on; the next run tries it again.
    GO_ON
  }
}
