package dev.slipway.migrate;

import dev.slipway.failure.SlipwayException;
import dev.slipway.migrate.RunSettings.MissingSchema;
import java.sql.SQLException;

/// Whether a run could begin, whatever it would have to do.
public final class Readiness {
  private Readiness() {}

  /// @throws SlipwayException of kind `CONFIGURATION` that says what is missing: a schema, a right,
  /// a server that can be written to
  public static void check(Target target, MissingSchema missingSchema) throws SQLException {
    LockedRun.refuseMissingSchema(target, missingSchema);
    Rights.check(target);
  }
}
