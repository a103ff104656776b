package dev.slipway.postgres;

import dev.slipway.config.TargetSession;
import java.sql.SQLException;
import java.util.List;

/// What a server is to those who write, as Npgsql tells servers apart.
enum HostState {
  PRIMARY("is a primary"),
  READ_ONLY_PRIMARY("is a read-only primary"),
  STANDBY("is a standby");

  private final String text;

  HostState(String text) {
    this.text = text;
  }

  /// Asks a server; one round trip.
  static HostState of(Session session) throws SQLException {
    List<List<Row>> rows =
        session.queries("SELECT pg_is_in_recovery()", "SHOW default_transaction_read_only");
    if (rows.get(0).getFirst().isTrue(0)) {
      return STANDBY;
    }
    return rows.get(1).getFirst().text(0).equals("off") ? PRIMARY : READ_ONLY_PRIMARY;
  }

  /// Whether a session there is one of those that are wished for most.
  boolean suits(TargetSession target) {
    return switch (target) {
      case ANY -> true;
      case PRIMARY, PREFER_PRIMARY -> this != STANDBY;
      case STANDBY, PREFER_STANDBY -> this == STANDBY;
      case READ_WRITE -> this == PRIMARY;
      case READ_ONLY -> this != PRIMARY;
    };
  }

  /// A predicate: `is a standby`.
  String text() {
    return text;
  }
}
