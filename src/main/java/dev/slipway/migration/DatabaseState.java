package dev.slipway.migration;

/// Where a database stands towards a changelog, in one word.
public enum DatabaseState {
  /// Nothing was ever applied.
  EMPTY("empty"),
  PENDING("pending"),
  UP_TO_DATE("up-to-date"),
  /// Everything is applied, and ids newer than the changelog's are, too.
  AHEAD("ahead"),
  CONFLICT("conflict"),
  PARTIALLY_APPLIED("partially-applied");

  private final String id;

  DatabaseState(String id) {
    this.id = id;
  }

  /// The word in output.
  public String id() {
    return id;
  }
}
