package dev.slipway.history;

import java.util.Optional;

/// How a relation is locked, the weakest first: PostgreSQL's table-level lock modes.
public enum LockMode {
  ACCESS_SHARE("AccessShareLock"),
  ROW_SHARE("RowShareLock"),
  ROW_EXCLUSIVE("RowExclusiveLock"),
  SHARE_UPDATE_EXCLUSIVE("ShareUpdateExclusiveLock"),
  SHARE("ShareLock"),
  SHARE_ROW_EXCLUSIVE("ShareRowExclusiveLock"),
  EXCLUSIVE("ExclusiveLock"),
  ACCESS_EXCLUSIVE("AccessExclusiveLock");

  private final String inPgLocks;

  LockMode(String inPgLocks) {
    this.inPgLocks = inPgLocks;
  }

  /// The one that `pg_locks` calls so; empty for what is no table's, as a predicate lock.
  static Optional<LockMode> of(String inPgLocks) {
    for (LockMode mode : values()) {
      if (mode.inPgLocks.equals(inPgLocks)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  /// Its name in PostgreSQL's documentation and in LOCK TABLE.
  public String text() {
    return name().replace('_', ' ');
  }
}
