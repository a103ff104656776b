package dev.slipway.migrate;

import dev.slipway.failure.TargetState;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Polling with a limit: pauses that grow to half a second, with jitter so that many waiters do not
/// ask at the same moment, and a report every few seconds.
public final class Waiting {
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 500;
  private static final long REPORT_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

  private final long begin = System.nanoTime();
  private final Duration limit;
  private long pauseMillis;
  private long nextReport = begin;

  /// @param limit after which it is over
  public Waiting(Duration limit) {
    this(limit, FIRST_PAUSE_MILLIS);
  }

  /// @param firstPauseMillis of which at least a half is waited at first
  Waiting(Duration limit, long firstPauseMillis) {
    this.limit = limit;
    this.pauseMillis = firstPauseMillis;
  }

  public Duration waited() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /// What is left of the limit; zero if it is over.
  public Duration left() {
    Duration left = limit.minus(waited());
    return left.isNegative() ? Duration.ZERO : left;
  }

  public boolean isOver() {
    return waited().compareTo(limit) >= 0;
  }

  /// Whether it is time to say again who is waited for; true at once.
  public boolean reportIsDue() {
    if (System.nanoTime() - nextReport < 0) {
      return false;
    }
    nextReport = System.nanoTime() + REPORT_EVERY_NANOS;
    return true;
  }

  /// @throws InterruptedRunException if the thread is interrupted
  public void pause() {
    long jittered = ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1);
    long left = limit.minus(waited()).toMillis();
    try {
      Thread.sleep(Math.clamp(left, 1, jittered));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException("", TargetState.UNCHANGED, e);
    }
    pauseMillis = Math.max(pauseMillis, Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2));
  }
}
