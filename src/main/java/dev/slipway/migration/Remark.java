package dev.slipway.migration;

/// What an author wrote and no statement does.
public record Remark(Origin origin, String text) {
  @Override
  public String toString() {
    return origin + ": " + text;
  }
}
