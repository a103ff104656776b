package dev.slipway.bench;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;

/// Flyway as an application embeds it.
final class FlywayPeer {
  private FlywayPeer() {}

  /// @param arguments JDBC URL, user, password, folder
  public static void main(String[] arguments) {
    Logger.getLogger("").setLevel(Level.WARNING);
    Flyway.configure()
        .dataSource(arguments[0], arguments[1], arguments[2])
        .locations("filesystem:" + arguments[3])
        .load()
        .migrate();
  }
}
