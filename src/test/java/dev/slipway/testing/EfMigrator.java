package dev.slipway.testing;

import java.util.List;

/// EF's own migrator, as an application calls it: `Migrate()`.
@FunctionalInterface
public interface EfMigrator {
  /// The name under which its sessions are to be seen.
  String APPLICATION = "ef";

  /// Applies what is missing.
  Outcome migrate(TestDatabase database);

  /// @param applied the ids of what it says it has applied
  /// @param failure what it ended with; empty if it succeeded
  record Outcome(List<String> applied, String failure) {
    public Outcome {
      applied = List.copyOf(applied);
    }
  }
}
