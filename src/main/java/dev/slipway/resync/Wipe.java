package dev.slipway.resync;

import static java.util.stream.Collectors.joining;

import dev.slipway.failure.TargetState;
import dev.slipway.history.HistorySql;
import dev.slipway.history.HistoryTable;
import dev.slipway.history.LockHolder;
import dev.slipway.history.OtherSessions;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Empties the schemas of a release: all that lies in them goes, but for what belongs to
/// extensions.
/// The schemas stay, with their grants and default privileges. Nothing of another schema goes with
/// it: what depends on theirs from there is named, and nothing is done.
///
/// It is one transaction, unless that would need more than its share of the server's lock table.
/// Then it is several, under a mark in the journal, which goes with the last: until then every
/// command says that the database is half emptied. The migration lock must be held meanwhile.
public final class Wipe {
  private static final String BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED";

  /// CASCADE tells everything that goes along.
  private static final String QUIET = "SET LOCAL client_min_messages = warning";

  private static final String PAUSE = "SELECT pg_catalog.pg_sleep(0.5)";

  private static final int LOOKS = 5;

  private static final String BETWEEN_LOOKS = "SELECT pg_catalog.pg_sleep(0.2)";

  /// Others on the same server need locks, too.
  private static final int SHARE_OF_LOCKS = 2;

  /// A portion is rather too small than too large: how many locks it takes is a guess.
  private static final int SHARE_OF_PORTION = 4;

  /// How many statements, or names in one, travel together.
  private static final int TOGETHER = 200;

  /// How many objects' locks the server has room for (PostgreSQL documentation,
  /// `max_locks_per_transaction`).
  private static final String LOCK_TABLE =
      """
      SELECT pg_catalog.current_setting('max_locks_per_transaction')::bigint
        * (pg_catalog.current_setting('max_connections')::bigint
          + pg_catalog.current_setting('max_prepared_transactions')::bigint)""";

  private final Session session;
  private final HistoryTable history;
  private final WipedSchemas schemas;
  private final Options options;
  private final Listener listener;

  /// What has come of it so far.
  private TargetState state = TargetState.UNCHANGED;

  /// How it is done.
  ///
  /// @param lockTimeout how long a statement may wait for a lock; zero for no limit
  /// @param lockWait how long it is tried again when it lost against others
  /// @param version this program's
  /// @param database as the server calls it
  /// @param command what finishes it, should it stop half-way
  public record Options(
      Duration lockTimeout,
      Duration lockWait,
      Others others,
      String version,
      String database,
      String command) {}

  /// What to do while other clients are connected with the database.
  public enum Others {
    REFUSE,
    END
  }

  /// Hears what happens on the way.
  public interface Listener {
    /// A client's session was ended.
    void ended(LockHolder client);

    /// So many of the objects are gone for good.
    void dropped(int done, int objects);

    /// It lost against others, and is tried again.
    void retrying(String why);
  }

  /// A part of the work, in a transaction.
  @FunctionalInterface
  private interface Step {
    void run() throws SQLException;
  }

  public Wipe(
      Session session,
      HistoryTable history,
      WipedSchemas schemas,
      Options options,
      Listener listener) {
    this.session = session;
    this.history = history;
    this.schemas = schemas;
    this.options = options;
    this.listener = listener;
  }

  /// Looks whether it can be done. Nothing is written, nobody's session is ended.
  ///
  /// @throws WipeException if something stands in its way
  public void prepare() throws SQLException {
    List<SchemaObject> objects = look();
    refuseObstacles(objects, reach(objects));
    if (options.others() == Others.REFUSE) {
      refuseOthers();
    }
  }

  /// What would be lost, with its size. Ends the sessions of others, if that is wanted: they might
  /// keep it from being measured.
  public Contents measure() throws SQLException {
    if (options.others() == Others.END) {
      endOthers();
    }
    return Contents.of(session, schemas.all(), history);
  }

  /// Does it.
  ///
  /// @throws WipeException saying in which state the schemas are now
  public void run() throws SQLException {
    List<SchemaObject> objects = look();
    long locks = reach(objects).locks();
    long most = lockTable() / SHARE_OF_LOCKS;
    if (locks > most || !isDoneAtOnce()) {
      inPortions(objects, locks);
    }
  }

  /// @return false if the lock table is too small for that after all
  private boolean isDoneAtOnce() throws SQLException {
    try {
      transaction(new TargetState.PerhapsEmptied(), () -> drop(look(), schemas.drops()));
      return true;
    } catch (LockTableFullException _) {
      return false;
    }
  }

  private void inPortions(List<SchemaObject> objects, long locks) throws SQLException {
    int all = objects.size();
    var begun = new TargetState.HalfEmptied(0, all);
    transaction(begun, () -> mark(all));
    state = begun;
    List<SchemaObject> left =
        inOrder(objects).stream().filter(it -> it.use() == SchemaObject.Use.CONTENT).toList();
    long size = Math.max(1, left.size() * lockTable() / SHARE_OF_PORTION / Math.max(1, locks));
    while (!left.isEmpty()) {
      List<SchemaObject> portion = left.subList(0, (int) Math.min(size, left.size()));
      int done = all - left.size() + portion.size();
      var after = new TargetState.HalfEmptied(done, all);
      try {
        transaction(after, () -> drop(portion, List.of(sql().journal().emptied(done))));
        state = after;
        listener.dropped(done, all);
        left = left.subList(portion.size(), left.size());
      } catch (LockTableFullException e) {
        if (portion.size() == 1) {
          throw WipeException.lockTable(portion.getFirst(), state, options.command(), e);
        }
        size = portion.size() / 2;
      }
    }
    // With what others may have made since.
    transaction(new TargetState.PerhapsEmptied(), () -> drop(look(), schemas.drops()));
  }

  /// What finds the schemas half empty is to see that.
  private void mark(int objects) throws SQLException {
    refuseOthersInTransaction();
    List<String> statements = new ArrayList<>();
    if (history.hasJournal()) {
      statements.addAll(sql().journal().extend());
    } else {
      statements.add(sql().journal().create());
    }
    statements.add(sql().journal().emptying(objects, options.version()));
    session.together(statements);
  }

  private HistorySql sql() {
    return new HistorySql(history);
  }

  /// @param last what is done when all of them are gone
  private void drop(List<SchemaObject> objects, List<String> last) throws SQLException {
    lock(objects);
    refuseOthersInTransaction();
    refuseObstacles(objects, reach(objects));
    List<String> statements = new ArrayList<>();
    inOrder(objects).forEach(object -> statements.add(object.drop()));
    statements.addAll(last);
    for (int from = 0; from < statements.size(); from += TOGETHER) {
      session.together(statements.subList(from, Math.min(from + TOGETHER, statements.size())));
    }
  }

  /// So that nobody refers to them any more while it is looked who does.
  private void lock(List<SchemaObject> objects) throws SQLException {
    List<String> names =
        objects.stream().filter(SchemaObject::lockable).map(SchemaObject::identity).toList();
    for (int from = 0; from < names.size(); from += TOGETHER) {
      session.execute(
          names.subList(from, Math.min(from + TOGETHER, names.size())).stream()
              .collect(joining(", ", "LOCK TABLE ", " IN ACCESS EXCLUSIVE MODE")));
    }
  }

  /// What depends on others, and was therefore made later, first: so each goes by itself, and takes
  /// little along.
  private static List<SchemaObject> inOrder(List<SchemaObject> objects) {
    return objects.stream()
        .sorted(
            Comparator.comparing(SchemaObject::use)
                .thenComparing(Comparator.comparingLong(SchemaObject::number).reversed()))
        .toList();
  }

  private List<SchemaObject> look() throws SQLException {
    return Contents.unmeasured(session, schemas.all(), history).objects();
  }

  private Reach reach(List<SchemaObject> objects) throws SQLException {
    return Reach.of(session, objects, schemas.all());
  }

  private long lockTable() throws SQLException {
    return session.query(LOCK_TABLE).getFirst().number(0);
  }

  private void refuseObstacles(List<SchemaObject> objects, Reach reach) throws SQLException {
    List<SchemaObject> foreign = objects.stream().filter(it -> !it.droppable()).toList();
    if (!foreign.isEmpty()) {
      Identifier user = new Identifier(session.query("SELECT current_user").getFirst().text(0));
      throw WipeException.notOurs(foreign, user, state, options.command());
    }
    if (!reach.others().isEmpty()) {
      throw WipeException.others(schemas.all(), reach.others(), state, options.command());
    }
    List<String> obstacles = schemas.obstacles(session);
    if (!obstacles.isEmpty()) {
      throw WipeException.remade(obstacles, state, options.command());
    }
  }

  /// Who has just left may be seen for a moment.
  private void refuseOthers() throws SQLException {
    List<LockHolder> clients = OtherSessions.clients(session);
    for (int look = 1; look < LOOKS && !clients.isEmpty(); look++) {
      session.query(BETWEEN_LOOKS);
      clients = OtherSessions.clients(session);
    }
    if (!clients.isEmpty()) {
      throw WipeException.inUse(options.database(), clients, state, options.command());
    }
  }

  /// Once nobody can get in between.
  private void refuseOthersInTransaction() throws SQLException {
    if (options.others() == Others.REFUSE) {
      refuseOthers();
    }
  }

  private void endOthers() throws SQLException {
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

  /// In a transaction of its own, tried again while others are in its way.
  ///
  /// @param perhaps the state if the answer to its COMMIT is lost
  private void transaction(TargetState perhaps, Step step) throws SQLException {
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
      if (options.others() == Others.END) {
        endOthers();
      }
      session.queries(BEGIN, "SET LOCAL lock_timeout = " + options.lockTimeout().toMillis(), QUIET);
      step.run();
      ifUnanswered = perhaps;
      session.execute("COMMIT");
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
    } catch (WipeException e) {
      session.rollback(e);
      // Who only looks at it is gone soon; nobody is to be left with a half.
      if (patient && e.isInUse() && !state.equals(TargetState.UNCHANGED)) {
        return Optional.of(e.message());
      }
      throw e;
    }
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

  /// Not a failure yet: a smaller portion may do.
  private static final class LockTableFullException extends SQLException {
    private static final long serialVersionUID = 1L;

    LockTableFullException(SQLException cause) {
      super(cause.getMessage(), cause.getSQLState(), cause);
    }
  }
}
