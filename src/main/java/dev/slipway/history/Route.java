package dev.slipway.history;

import dev.slipway.postgres.Session;

/// Whether something else answers than what was connected to. Poolers announce a process of their
/// own at the connect. One that keeps a session on one server connection looks the same as one that
/// hands out transactions, and is taken for that.
public enum Route {
  DIRECT,
  POOLER;

  /// @param answering the process that answers (`pg_backend_pid()`)
  static Route of(Session session, long answering) {
    return session.announcedPid() == answering ? DIRECT : POOLER;
  }
}
