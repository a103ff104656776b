package dev.slipway.resync;

import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// The transactions of a wipe, one after the other. Each is tried again while others are in its
/// way, and knows what state the schemas are in if it fails.
final class WipeTransactions {
  private static final String BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED";

  /// CASCADE tells everything that goes along.
  private static final String QUIET = "SET LOCAL client_min_messages = warning";

  private static final String PAUSE = "SELECT pg_catalog.pg_sleep(0.5)";

  private final Session session;
  private final Wipe.Options options;
  private final Wipe.Listener listener;
  private final OtherClients clients;

  /// What has come of it so far.
  private TargetState state;

  /// What is done in a transaction.
  @FunctionalInterface
  interface Step {
    void run() throws SQLException;
  }

  /// The server has no room for all the locks: a smaller portion may do.
  static final class LockTableFullException extends SQLException {
    private static final long serialVersionUID = 1L;

    LockTableFullException(SQLException cause) {
      super(cause.getMessage(), cause.getSQLState(), cause);
    }
  }

  /// @param found the state, if that is not what a release made
  WipeTransactions(
      Session session,
      Wipe.Options options,
      Wipe.Listener listener,
      OtherClients clients,
      Optional<TargetState> found) {
    this.session = session;
    this.options = options;
    this.listener = listener;
    this.clients = clients;
    this.state = found.orElse(TargetState.UNCHANGED);
  }

  TargetState state() {
    return state;
  }

  /// One of which nothing is left.
  ///
  /// @throws LockTableFullException if it cannot be tried for that reason
  void trial(Step step) throws SQLException {
    run(
        state,
        () -> {
          step.run();
          if (session.isInTransaction()) {
            session.execute("ROLLBACK");
          }
        });
  }

  /// One that makes the schemas what they are to be.
  ///
  /// @throws LockTableFullException if nothing is left of it for that reason
  void last(Step step) throws SQLException {
    run(new TargetState.PerhapsEmptied(), step);
  }

  /// One of several.
  ///
  /// @param after what state they are in once it is done
  /// @throws LockTableFullException if nothing is left of it for that reason
  void portion(TargetState after, Step step) throws SQLException {
    run(after, step);
    state = after;
  }

  /// @param perhaps the state if the answer to its COMMIT is lost
  private void run(TargetState perhaps, Step step) throws SQLException {
    long begin = System.nanoTime();
    while (true) {
      Optional<String> lost = lostAgainstOthers(perhaps, step, begin);
      if (lost.isEmpty()) {
        return;
      }
      listener.retrying(lost.get());
      try {
        session.query(PAUSE);
      } catch (SQLException e) {
        throw failure(e, state);
      }
    }
  }

  /// @return why it is to be tried again; empty if it is done
  private Optional<String> lostAgainstOthers(TargetState perhaps, Step step, long begin)
      throws SQLException {
    boolean patient = Duration.ofNanos(System.nanoTime() - begin).compareTo(options.lockWait()) < 0;
    TargetState ifUnanswered = state;
    try {
      refuseWhenCancelled();
      clients.end(state);
      session.queries(BEGIN, "SET LOCAL lock_timeout = " + options.lockTimeout().toMillis(), QUIET);
      step.run();
      ifUnanswered = perhaps;
      if (session.isInTransaction()) {
        session.execute("COMMIT");
      }
      return Optional.empty();
    } catch (SQLException e) {
      session.rollback(e);
      ServerError error = ServerError.of(e);
      if (error.sqlState().equals(SqlStates.OUT_OF_MEMORY)) {
        throw new LockTableFullException(e);
      }
      if (patient && isLostAgainstOthers(error) && !session.isCancelled()) {
        return Optional.of(error.message());
      }
      throw failure(e, ServerError.isAnswer(e) ? state : ifUnanswered);
    } catch (SlipwayException e) {
      session.rollback(e);
      // Who only looks at it is gone soon; nobody is to be left with a half.
      if (patient && isInUse(e) && !state.equals(TargetState.UNCHANGED)) {
        return Optional.of(e.message());
      }
      throw e;
    }
  }

  private static boolean isInUse(SlipwayException failure) {
    return failure instanceof WipeException wipe && wipe.isInUse();
  }

  private static boolean isLostAgainstOthers(ServerError error) {
    return switch (error.sqlState()) {
      case SqlStates.LOCK_NOT_AVAILABLE, SqlStates.DEADLOCK_DETECTED -> true;
      default -> false;
    };
  }

  private void refuseWhenCancelled() {
    if (session.isCancelled()) {
      throw WipeException.interrupted(state, options.command(), null);
    }
  }

  private WipeException failure(SQLException e, TargetState now) {
    return session.isCancelled()
        ? WipeException.interrupted(now, options.command(), e)
        : WipeException.failed(e, now, options.command());
  }
}
