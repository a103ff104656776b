package dev.slipway.resync;

import dev.slipway.failure.TargetState;
import dev.slipway.history.LockHolder;
import dev.slipway.history.OtherSessions;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import java.sql.SQLException;
import java.util.List;

/// The clients that use a database while it is to be emptied.
final class OtherClients {
  private static final int LOOKS = 5;
  private static final String BETWEEN_LOOKS = "SELECT pg_catalog.pg_sleep(0.2)";

  private final Session session;
  private final Wipe.Options options;
  private final Wipe.Listener listener;

  OtherClients(Session session, Wipe.Options options, Wipe.Listener listener) {
    this.session = session;
    this.options = options;
    this.listener = listener;
  }

  /// Refuses to go on while there are any, unless they are to be ended. Who has just left may be
  /// seen for a moment.
  void refuse(TargetState state) throws SQLException {
    if (options.others() == Wipe.Others.END) {
      return;
    }
    List<LockHolder> clients = OtherSessions.clients(session);
    for (int look = 1; look < LOOKS && !clients.isEmpty(); look++) {
      session.query(BETWEEN_LOOKS);
      clients = OtherSessions.clients(session);
    }
    if (!clients.isEmpty()) {
      throw WipeException.inUse(options.database(), clients, state, options.command());
    }
  }

  /// Ends their sessions, if that is wanted.
  void end(TargetState state) throws SQLException {
    if (options.others() == Wipe.Others.REFUSE) {
      return;
    }
    for (LockHolder client : OtherSessions.clients(session)) {
      try {
        if (OtherSessions.end(session, client.pid())) {
          listener.ended(client);
        }
      } catch (SQLException e) {
        if (SqlStates.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
          throw WipeException.cannotEnd(client, e, state, options.command());
        }
        throw e;
      }
    }
  }
}
