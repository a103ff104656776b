package dev.slipway.migration;

import dev.slipway.sql.Script;
import java.util.List;
import java.util.Optional;

/// What a migration does: the texts that its statements stand in, read and split.
///
/// @param sources in the order of execution; usually one
/// @param precondition empty if the migration asks for nothing
/// @param remarks what its author wrote and no statement does
public record MigrationSql(
    List<Source> sources, Optional<Precondition> precondition, List<Remark> remarks) {

  /// A text with statements. What cannot be sent is listed in it.
  ///
  /// @param file the path as the user would open it
  public record Source(String file, Script script) {}

  public MigrationSql {
    sources = List.copyOf(sources);
    remarks = List.copyOf(remarks);
  }

  /// The statements of one file, without a precondition.
  public static MigrationSql of(String file, Script script) {
    return new MigrationSql(List.of(new Source(file, script)), Optional.empty(), List.of());
  }
}
