package dev.slipway.migration;

import java.util.List;

/// How another tool's record of a migration identifies it.
///
/// @param id unique only together with the others
/// @param paths each of the names under which its file may be recorded, the likeliest first
public record ForeignId(String id, String author, List<String> paths) {
  public ForeignId {
    paths = List.copyOf(paths);
  }

  /// For people, with the likeliest path.
  @Override
  public String toString() {
    return "%s (%s, %s)".formatted(id, author, paths.getFirst());
  }
}
