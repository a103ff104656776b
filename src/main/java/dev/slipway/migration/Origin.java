package dev.slipway.migration;

/// Where a migration was written.
///
/// @param file the path as the user would open it
/// @param line the line on which it begins, from 1
public record Origin(String file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
