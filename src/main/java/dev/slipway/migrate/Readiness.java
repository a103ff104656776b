package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.migrate.RunSettings.MissingSchema;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Needs;
import dev.slipway.migration.Planner;
import java.sql.SQLException;
import java.util.Optional;

/// Whether a run could begin.
public final class Readiness {
  private Readiness() {}

  /// @param changelog what is due of it is looked at for the rights that it needs
  /// @throws SlipwayException of kind `CONFIGURATION` that says what is missing: a schema, a right,
  /// a server that can be written to
  public static void check(
      Target target, Optional<Changelog> changelog, MissingSchema missingSchema)
      throws SQLException {
    LockedRun.refuseMissingSchema(target, missingSchema);
    Rights.check(target, changelog.isPresent() ? needs(target, changelog.get()) : Needs.none());
  }

  /// @throws SlipwayException of kind `CONFIGURATION` if nothing can be written to that server
  public static void checkAccess(Target target) throws SQLException {
    Rights.checkAccess(target);
  }

  /// What keeps a changelog from being sent is not for this check to say.
  private static Needs needs(Target target, Changelog changelog) {
    try {
      return CompiledMigration.check(Planner.plan(changelog, target.history()).due());
    } catch (ChangelogException e) {
      return Needs.none();
    }
  }
}
