package dev.slipway.cli;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.Settings;
import dev.slipway.migrate.RunSettings;
import dev.slipway.migrate.RunSettings.MissingSchema;
import dev.slipway.migration.Changelog;
import java.util.Locale;

/// A database, by the name of its connection string, with the changelog that it gets.
///
/// @param settings with those of the changelog's own slipway.yaml beneath
record Assignment(
    String name, ConnectionString connection, Changelog changelog, Settings settings) {

  /// How a run on this database behaves.
  ///
  /// @param version this program's
  RunSettings runSettings(String version) {
    return new RunSettings(
        settings.lockTimeout(),
        settings.lockWait(),
        settings.runLockWait(),
        settings.createSchema() ? MissingSchema.CREATE : MissingSchema.REFUSE,
        connection.applicationName().orElse("slipway") + " " + name.toLowerCase(Locale.ROOT),
        version);
  }
}
