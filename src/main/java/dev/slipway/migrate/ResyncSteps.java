package dev.slipway.migrate;

import dev.slipway.failure.ShellWord;
import dev.slipway.migration.Changelog;

/// What an operator does who has a release that starts with an empty database, step by step, with
/// the names of the one that was found.
final class ResyncSteps {
  private ResyncSteps() {}

  static String of(Target target, Changelog changelog) {
    String database = ShellWord.of(target.surroundings().database());
    String name = ShellWord.of(target.name());
    return """
        1. Stop the application.
        2. See what would be lost: slipway resync --check --database %2$s
        3. Back up: pg_dump --format=custom --file=resync.dump %1$s
        4. Empty the database, and migrate it: slipway resync --wipe --database %2$s --confirm %1$s
        5. %3$s"""
        .formatted(database, name, changelog.afterResync().replace("\n", "\n   "));
  }
}
