package dev.slipway.config;

/// How far an application has come with reading its stream anew, as a changelog's author has it
/// told: `resync-progress` of a `slipway.yaml`.
///
/// @param query how much is done
/// @param target how much there is in all
public record ResyncProgress(Figure query, Figure target) {

  /// Where a number comes from.
  ///
  /// @param text a SELECT that gives it; of the target also a number
  /// @param source where that stands: `/changelog/slipway.yaml:3`
  public record Figure(String text, String source) {}
}
