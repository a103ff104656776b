package dev.slipway.testing;

import java.util.Random;

/// Where randomised tests get their seeds and counts from. A failing test shows the seed of its
/// case; run with `-Dslipway.test.seed=…`, that case comes first.
public final class Randomness {
  private Randomness() {}

  /// The seed that was asked for, or a new one.
  public static long seed() {
    String wanted = System.getProperty("slipway.test.seed", "");
    return wanted.isEmpty() ? System.nanoTime() : Long.parseLong(wanted);
  }

  /// How many times the usual count of cases is wanted.
  public static int factor() {
    return Integer.getInteger("slipway.test.factor", 1);
  }

  public static Random of(long seed) {
    return new Random(seed);
  }
}
