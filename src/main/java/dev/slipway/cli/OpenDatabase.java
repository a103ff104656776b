package dev.slipway.cli;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.Settings;
import dev.slipway.failure.SlipwayException;
import dev.slipway.history.HistoryNames;
import dev.slipway.history.Route;
import dev.slipway.migrate.Observer;
import dev.slipway.migrate.Target;
import dev.slipway.postgres.ConnectionFailedException;
import dev.slipway.postgres.Connector;
import dev.slipway.postgres.DatabaseCreation;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A database that a command is connected to.
record OpenDatabase(Assignment assignment, Target target, Interruption interruption)
    implements AutoCloseable {

  /// Connects and looks; nothing is written.
  static OpenDatabase open(Assignment assignment, Events events, Interruption interruption)
      throws SQLException {
    return open(assignment, events, interruption, Target.Purpose.CHANGE);
  }

  /// The same for one of which nothing is to be changed.
  static OpenDatabase look(Assignment assignment, Events events, Interruption interruption)
      throws SQLException {
    return open(assignment, events, interruption, Target.Purpose.LOOK);
  }

  private static OpenDatabase open(
      Assignment assignment, Events events, Interruption interruption, Target.Purpose purpose)
      throws SQLException {
    Settings settings = assignment.settings();
    return open(
        assignment,
        events,
        interruption,
        connector(settings, settings.startWait(), events),
        purpose,
        settings.runLockWait());
  }

  /// Looks within the time that `wait` has left.
  ///
  /// @param left how long to wait for a server that starts, and while EF keeps the history from
  ///     being read
  static OpenDatabase openWithin(
      Duration left, Assignment assignment, Events events, Interruption interruption)
      throws SQLException {
    Connector connector =
        connector(assignment.settings(), left, events).limitedBy("Slipway__Timeout");
    return open(assignment, events, interruption, connector, Target.Purpose.LOOK, left);
  }

  private static OpenDatabase open(
      Assignment assignment,
      Events events,
      Interruption interruption,
      Connector connector,
      Target.Purpose purpose,
      Duration patience)
      throws SQLException {
    Settings settings = assignment.settings();
    ConnectionString connection = assignment.connection();
    for (String warning : connection.warnings()) {
      events.warn(warning);
    }
    Session session = interruption.connect(connector, connection);
    try {
      HistoryNames names =
          Histories.names(connection.searchPath(), settings, assignment.changelog());
      Target target = Target.open(assignment.name(), session, names, purpose, patience, events);
      return new OpenDatabase(assignment, target, interruption);
    } catch (SQLException | RuntimeException e) {
      interruption.forget(session);
      session.close();
      throw e;
    }
  }

  private static Connector connector(Settings settings, Duration startWait, Events events) {
    return new Connector(startWait, settings.role().map(Identifier::new), events);
  }

  /// Looks at what its session does when that takes long. With several hosts a second session might
  /// look at another server, and behind a pooler nobody knows the session's process.
  Observer observe(Events events) {
    ConnectionString connection = assignment.connection();
    return Observer.of(
        target.session(),
        assignment.settings().lockTimeout(),
        () -> {
          if (connection.hosts().size() > 1 || target.surroundings().route() == Route.POOLER) {
            throw new SQLException("it may be another server", SqlStates.FEATURE_NOT_SUPPORTED);
          }
          return connector(assignment.settings(), Duration.ZERO, events).connect(connection);
        },
        events);
  }

  /// Makes the database, which is missing, and tells it.
  static void create(Assignment assignment, Events events, Interruption interruption) {
    Settings settings = assignment.settings();
    ConnectionString connection = assignment.connection();
    Session maintenance =
        maintenance(connector(settings, settings.startWait(), events), connection, interruption);
    try (maintenance) {
      if (DatabaseCreation.create(maintenance, connection, settings.role().map(Identifier::new))) {
        events.createdDatabase(DatabaseCreation.name(connection));
      }
    } catch (SlipwayException e) {
      interruption.refuseToGoOn();
      throw e;
    } finally {
      interruption.forget(maintenance);
    }
  }

  /// A session with the first of the databases that lets us in; why none does, the first tells.
  private static Session maintenance(
      Connector connector, ConnectionString connection, Interruption interruption) {
    @Nullable ConnectionFailedException first = null;
    for (String database : DatabaseCreation.MAINTENANCE_DATABASES) {
      try {
        return interruption.connect(connector.toMaintenance(database), connection);
      } catch (ConnectionFailedException e) {
        first = first == null ? e : first;
        if (!e.isRefusal()) {
          throw first;
        }
      }
    }
    throw Objects.requireNonNull(first);
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
