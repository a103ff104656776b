package dev.slipway.resync;

import static java.util.stream.Collectors.joining;

import dev.slipway.failure.TargetState;
import dev.slipway.history.HistorySql;
import dev.slipway.history.HistoryTable;
import dev.slipway.history.LockHolder;
import dev.slipway.migration.History;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.resync.WipeTransactions.LockTableFullException;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Empties the schemas of a release: all that lies in them goes, but for what belongs to
/// extensions. The schemas stay, with their grants and default privileges. Nothing of another
/// schema goes with it: what depends on theirs from there is named, and nothing is done.
///
/// It is one transaction, unless that would need more than its share of the server's lock table.
/// Then it is several, under a mark in the journal, which goes with the last: until then every
/// command says that the database is half emptied. The migration lock must be held meanwhile.
public final class Wipe {
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

  /// What an earlier portion took along is not.
  private static final String STILL_THERE =
      """
      SELECT name
      FROM pg_catalog.string_to_table($1, pg_catalog.chr(1)) AS name
      WHERE pg_catalog.to_regclass(name) IS NOT NULL""";

  private final Session session;
  private final HistoryTable history;
  private final WipedSchemas schemas;
  private final Options options;
  private final Listener listener;
  private final Optional<History.JournalEntry> begun;
  private final OtherClients clients;
  private final WipeTransactions transactions;

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

  /// @param begun what an earlier one that stopped half-way has noted
  public Wipe(
      Session session,
      HistoryTable history,
      WipedSchemas schemas,
      Optional<History.JournalEntry> begun,
      Options options,
      Listener listener) {
    this.session = session;
    this.history = history;
    this.schemas = schemas;
    this.options = options;
    this.listener = listener;
    this.clients = new OtherClients(session, options, listener);
    this.begun = begun;
    this.transactions =
        new WipeTransactions(session, options, listener, clients, begun.map(Wipe::state));
  }

  private static TargetState state(History.JournalEntry begun) {
    return new TargetState.HalfEmptied(begun.statementsDone(), begun.statements());
  }

  /// Looks whether it can be done. Nothing is written, nobody's session is ended.
  ///
  /// @throws WipeException if something stands in its way
  public void prepare() throws SQLException {
    List<SchemaObject> objects = look();
    refuseObstacles(objects, reach(objects));
    clients.refuse(transactions.state());
  }

  /// What would be lost, with its size. Ends the sessions of others, if that is wanted: they might
  /// keep it from being measured.
  public Contents measure() throws SQLException {
    clients.end(transactions.state());
    return Contents.of(session, schemas.all(), history);
  }

  /// What is tried in the emptied schemas, before they are emptied for good.
  @FunctionalInterface
  public interface Trial {
    void run() throws SQLException;
  }

  /// Does it.
  ///
  /// @param trial throws what keeps them as they are; not run where it takes portions
  /// @throws WipeException saying in which state the schemas are now
  public void run(Trial trial) throws SQLException {
    List<SchemaObject> objects = look();
    long locks = reach(objects).locks();
    long room = session.query(LOCK_TABLE).getFirst().number(0);
    if (locks > room / SHARE_OF_LOCKS || !isDoneAtOnce(trial)) {
      long size = objects.size() * room / SHARE_OF_PORTION / Math.max(1, locks);
      inPortions(inOrder(objects), Math.clamp(size, 1, Integer.MAX_VALUE));
    }
  }

  /// @return false if the lock table is too small for that after all
  private boolean isDoneAtOnce(Trial trial) throws SQLException {
    try {
      transactions.trial(
          () -> {
            dropAll();
            trial.run();
          });
      transactions.last(this::dropAll);
      return true;
    } catch (LockTableFullException _) {
      return false;
    }
  }

  private void dropAll() throws SQLException {
    drop(look(), schemas.drops());
  }

  /// @param size of the first portion
  private void inPortions(List<SchemaObject> objects, int size) throws SQLException {
    int all = Math.max(objects.size(), begun.map(History.JournalEntry::statements).orElse(0));
    int gone = all - objects.size();
    transactions.portion(new TargetState.HalfEmptied(gone, all), () -> mark(gone, all));
    List<SchemaObject> left =
        objects.stream().filter(object -> object.use() == SchemaObject.Use.CONTENT).toList();
    int records = objects.size() - left.size();
    int most = size;
    while (!left.isEmpty()) {
      List<SchemaObject> portion = left.subList(0, Math.min(most, left.size()));
      int done = all - left.size() + portion.size() - records;
      try {
        transactions.portion(
            new TargetState.HalfEmptied(done, all),
            () -> drop(portion, List.of(sql().journal().emptied(done))));
        listener.dropped(done, all);
        left = left.subList(portion.size(), left.size());
      } catch (LockTableFullException e) {
        if (portion.size() == 1) {
          throw WipeException.lockTable(
              portion.getFirst(), transactions.state(), options.command(), e);
        }
        most = portion.size() / 2;
      }
    }
    try {
      // With what others may have made since.
      transactions.last(this::dropAll);
    } catch (LockTableFullException e) {
      throw WipeException.failed(e, transactions.state(), options.command());
    }
  }

  /// What finds the schemas half empty is to see that.
  private void mark(int gone, int all) throws SQLException {
    clients.refuse(transactions.state());
    List<String> statements = new ArrayList<>();
    if (history.hasJournal()) {
      statements.addAll(sql().journal().extend());
    } else {
      statements.add(sql().journal().create());
    }
    statements.add(sql().journal().emptying(gone, all, options.version()));
    session.together(statements);
  }

  private HistorySql sql() {
    return new HistorySql(history);
  }

  /// @param last what is done when all of them are gone
  private void drop(List<SchemaObject> objects, List<String> last) throws SQLException {
    lock(objects);
    clients.refuse(transactions.state());
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
    List<String> names = new ArrayList<>();
    String lockable =
        objects.stream()
            .filter(SchemaObject::lockable)
            .map(SchemaObject::identity)
            .collect(joining(Contents.SEPARATOR));
    for (Row row : session.query(STILL_THERE, lockable)) {
      names.add(row.text(0));
    }
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

  private void refuseObstacles(List<SchemaObject> objects, Reach reach) throws SQLException {
    TargetState state = transactions.state();
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
}
