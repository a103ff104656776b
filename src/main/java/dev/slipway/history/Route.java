package dev.slipway.history;

import dev.slipway.postgres.Session;

/// Whether something else answers than what was connected to.
public enum Route {
  DIRECT,
  POOLER;

  /// Of a session that has looked ([Session#findsPooler]).
  static Route of(Session session) {
    return session.isPooled() ? POOLER : DIRECT;
  }
}
