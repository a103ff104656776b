package dev.slipway.migration;

/// What a migration's author should know about its text.
///
/// @param text a clause, lower case, without a full stop
public record Remark(Origin origin, Kind kind, String text) {

  public enum Kind {
    /// What was written, and no statement does it.
    WARNING,
    /// What would have failed or stored another text, and was mended.
    REPAIR;

    /// What stands before its text.
    public String word() {
      return this == WARNING ? "warning" : "repaired";
    }
  }

  @Override
  public String toString() {
    return origin + ": " + text;
  }
}
