package dev.slipway.cli;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.Settings;
import dev.slipway.history.HistoryNames;
import dev.slipway.migrate.Target;
import dev.slipway.postgres.Connector;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;

/// A database that a command is connected to.
record OpenDatabase(Assignment assignment, Target target, Interruption interruption)
    implements AutoCloseable {

  /// Connects and looks; nothing is written.
  static OpenDatabase open(Assignment assignment, Events events, Interruption interruption)
      throws SQLException {
    Settings settings = assignment.settings();
    ConnectionString connection = assignment.connection();
    for (String warning : connection.warnings()) {
      events.warn(warning);
    }
    var connector =
        new Connector(settings.startWait(), settings.role().map(Identifier::new), events);
    Session session = interruption.connect(connector, connection);
    try {
      HistoryNames names =
          Histories.names(connection.searchPath(), settings, assignment.changelog());
      Target target = Target.open(session, names, settings.runLockWait(), events);
      return new OpenDatabase(assignment, target, interruption);
    } catch (SQLException | RuntimeException e) {
      interruption.forget(session);
      session.close();
      throw e;
    }
  }

  String name() {
    return assignment.name();
  }

  @Override
  public void close() {
    interruption.forget(target.session());
    target.session().close();
  }
}
