package dev.slipway.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Field;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Oid;
import org.postgresql.core.ParameterList;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandler;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.core.TransactionState;
import org.postgresql.core.Tuple;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/// A session with a server. Transactions are begun and ended by SQL; between them every statement
/// is its own.
///
/// It talks to pgjdbc's query executor below JDBC, which is half the classes to load and time to
/// start, and gives what JDBC does not: a statement goes to
/// the server exactly as it is (pgjdbc does not parse it again), statements that differ are sent
/// together and a failure says exactly which it was, rows that nobody reads are dropped as they
/// arrive without stopping the statement early, and notices are handed on one by one.
public final class Session implements AutoCloseable {
  private static final int COMMON_FLAGS =
      QueryExecutor.QUERY_SUPPRESS_BEGIN
          | QueryExecutor.QUERY_ONESHOT
          | QueryExecutor.QUERY_NO_BINARY_TRANSFER;
  private static final int SIMPLE_FLAGS =
      COMMON_FLAGS | QueryExecutor.QUERY_EXECUTE_AS_SIMPLE | QueryExecutor.QUERY_NO_RESULTS;
  private static final int PIPELINE_FLAGS =
      COMMON_FLAGS | QueryExecutor.QUERY_NO_METADATA | QueryExecutor.QUERY_NO_RESULTS;
  private static final int[] NO_BINDS = {};

  /// Between statements that are sent as one text.
  static final String SEPARATOR = ";\n";

  private static final String BEGIN = "BEGIN";
  private static final String COMMIT = "COMMIT";
  private static final String ROLLBACK = "ROLLBACK";

  private final QueryExecutor executor;
  private final Optional<Duration> commandTimeout;
  private final SessionSettings settings;

  /// Whether each transaction has to make the settings.
  private boolean pooled;

  /// What the open transaction found on the pooler's connection.
  private SessionSettings.Found found = SessionSettings.Found.NOTHING;

  private Consumer<String> noticeListener = notice -> {};
  private volatile boolean cancelled;

  /// When the message was sent that has no answer yet, by [System#nanoTime]; 0 while there is none.
  private volatile long busySince;

  /// @param commandTimeout how long one message may take; empty for as long as it takes
  Session(QueryExecutor executor, Optional<Duration> commandTimeout, SessionSettings settings) {
    this.executor = executor;
    this.commandTimeout = commandTimeout;
    this.settings = settings;
  }

  /// Finds out whether a pooler is between: then another process answers than the one that was
  /// announced. One that keeps a session on one connection looks the same as one that hands out
  /// transactions, and is taken for that. From here on each transaction makes the settings.
  ///
  /// @param answering the process that answers (`pg_backend_pid()`)
  /// @return whether it has just been found
  public boolean findsPooler(long answering) {
    boolean before = pooled;
    pooled = executor.getBackendPID() != answering;
    return pooled && !before;
  }

  /// Whether each transaction may run on another connection of a pooler.
  public boolean isPooled() {
    return pooled;
  }

  /// The statements that take the session back to the state in which it began, so that a migration
  /// cannot affect the next; behind a pooler its connection, to what the open transaction found.
  /// Where none is open there, nothing is left.
  public List<String> reset() {
    if (!pooled) {
      return settings.reset();
    }
    return hasToBegin() ? List.of() : settings.restore(found);
  }

  /// Begins a transaction's statements of ours between those of a migration that may have taken
  /// another role, or made its transactions read-only.
  public List<String> asideFromMigration() {
    return settings.asideFromMigration();
  }

  /// Lets each answer take as long as it takes, as a migration's statement may; while a session is
  /// being opened there is a limit.
  void waitForAnswers() throws SQLException {
    try {
      executor.setNetworkTimeout(0);
    } catch (IOException e) {
      throw new SQLException(e.getMessage(), SqlStates.CONNECTION_FAILURE, e);
    }
  }

  /// Receives each notice and warning of the statements that follow, as `SEVERITY: message`.
  public void onNotice(Consumer<String> listener) {
    noticeListener = listener;
  }

  /// The server's version as `server_version_num` has it, for example 180006.
  public int serverVersion() {
    return executor.getServerVersionNum();
  }

  /// The process that was announced when this session began: the one that answers, unless
  /// [#isPooled].
  public int announcedPid() {
    return executor.getBackendPID();
  }

  /// Whether string literals are read by the standard, as our lexer reads them.
  public boolean hasStandardStrings() {
    return executor.getStandardConformingStrings();
  }

  /// Runs one statement of ours and returns its rows.
  ///
  /// @param sql with `$1`, `$2`, … where values go
  public List<Row> query(String sql, String... values) throws SQLException {
    if (!hasToBegin()) {
      return ask(sql, values);
    }
    queries(BEGIN);
    try {
      List<Row> rows = ask(sql, values);
      execute(COMMIT);
      return rows;
    } catch (SQLException e) {
      rollback(e);
      throw e;
    }
  }

  private List<Row> ask(String sql, String... values) throws SQLException {
    Query query = wrap(sql, values.length == 0 ? NO_BINDS : new int[values.length]);
    ParameterList parameters = query.createParameterList();
    for (int i = 0; i < values.length; i++) {
      parameters.setStringParameter(i + 1, values[i], Oid.UNSPECIFIED);
    }
    var rows = new RowCollector();
    send(query, parameters, rows, COMMON_FLAGS);
    return rows.results.getFirst();
  }

  /// Whether a transaction is open.
  public boolean isInTransaction() {
    return executor.getTransactionState() != TransactionState.IDLE;
  }

  /// Whether what is sent next is to stand in a transaction that makes the settings.
  private boolean hasToBegin() {
    return pooled && !isInTransaction();
  }

  /// Runs statements of ours together in one transaction of their own, and returns the rows of each
  /// that gives rows, in order. Where the first begins a transaction, that stays open.
  public List<List<Row>> queries(String... statements) throws SQLException {
    if (!hasToBegin()) {
      return askTogether(statements);
    }
    boolean begins = statements[0].startsWith(BEGIN);
    List<String> all = new ArrayList<>();
    all.add(begins ? statements[0] : BEGIN);
    all.add(SessionSettings.FOUND);
    all.addAll(settings.local());
    all.addAll(Arrays.asList(statements).subList(begins ? 1 : 0, statements.length));
    if (!begins) {
      all.add(COMMIT);
    }
    try {
      List<List<Row>> results = askTogether(all.toArray(String[]::new));
      found = SessionSettings.Found.of(results.getFirst());
      return results.subList(2, results.size());
    } catch (SQLException e) {
      rollback(e);
      throw e;
    }
  }

  private List<List<Row>> askTogether(String... statements) throws SQLException {
    var rows = new RowCollector();
    send(
        wrap(String.join(SEPARATOR, statements), NO_BINDS),
        null,
        rows,
        COMMON_FLAGS | QueryExecutor.QUERY_EXECUTE_AS_SIMPLE);
    return rows.results;
  }

  /// Runs a text of one or several statements as a whole (simple query protocol) and drops whatever
  /// rows come back. Outside a transaction, one statement alone runs without any.
  public void execute(String sql) throws SQLException {
    if (sql.isEmpty()) {
      return;
    }
    if (hasToBegin() && !sql.equals(ROLLBACK)) {
      queries(sql.split(SEPARATOR, 2));
    } else {
      send(wrap(sql, NO_BINDS), null, new Counter(), SIMPLE_FLAGS);
    }
  }

  /// Sends statements together and waits once. Each must be exactly one statement, and must not
  /// return rows that are computed while they are fetched: only the first would be.
  ///
  /// The texts together should stay well below what a socket buffers: the server does not read on
  /// while it waits for us to read its notices.
  public void pipeline(List<String> statements) throws PipelineException {
    List<NativeQuery> queries = new ArrayList<>(statements.size());
    for (String statement : statements) {
      queries.add(new NativeQuery(statement, NO_BINDS, false, SqlCommand.BLANK));
    }
    var done = new Counter();
    try {
      send(executor.wrap(queries), null, done, PIPELINE_FLAGS);
    } catch (SQLException e) {
      throw new PipelineException(Math.min(done.count, statements.size() - 1), 0, e);
    }
  }

  /// Sends statements as one message of the simple query protocol, which costs the least: one round
  /// trip, and none of them is prepared. None runs behind one that failed. The server reads all of
  /// them before it runs the first, so one that cannot be parsed keeps all from running.
  ///
  /// @param statements each exactly one, without a comment at its end
  public void together(List<String> statements) throws PipelineException {
    String message = String.join(SEPARATOR, statements);
    var done = new Counter();
    try {
      send(wrap(message, NO_BINDS), null, done, SIMPLE_FLAGS);
    } catch (SQLException e) {
      throw PipelineException.in(statements, done.count, e);
    }
  }

  private void send(
      Query query, @Nullable ParameterList parameters, ResultHandler handler, int flags)
      throws SQLException {
    busySince = System.nanoTime();
    try {
      await(query, parameters, handler, flags);
    } finally {
      busySince = 0;
    }
  }

  private void await(
      Query query, @Nullable ParameterList parameters, ResultHandler handler, int flags)
      throws SQLException {
    if (commandTimeout.isEmpty()) {
      executor.execute(query, parameters, handler, 0, 0, flags);
      return;
    }
    try (var watch = new CommandWatch(executor, commandTimeout.get())) {
      try {
        executor.execute(query, parameters, handler, 0, 0, flags);
      } catch (SQLException e) {
        throw watch.explained(e);
      }
    }
  }

  private Query wrap(String sql, int[] binds) {
    return executor.wrap(List.of(new NativeQuery(sql, binds, false, SqlCommand.BLANK)));
  }

  /// Ends the transaction that a failure left, if there is one. Nothing is thrown: where the
  /// session is gone, so is its transaction.
  public void rollback(Throwable failure) {
    if (!isInTransaction()) {
      return;
    }
    try {
      execute(pooled ? rollbackOfPooled() : ROLLBACK);
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /// In one message: behind the end of the transaction the pooler may give another connection.
  private String rollbackOfPooled() {
    List<String> statements = new ArrayList<>();
    statements.add(ROLLBACK);
    statements.addAll(settings.dropWhatOutlivesTransactions(found));
    return String.join(SEPARATOR, statements);
  }

  /// Asks the server, over a connection of its own, to cancel what this session runs. May be called
  /// by any thread.
  public void cancel() throws SQLException {
    cancelled = true;
    executor.sendQueryCancel();
  }

  /// Whether this session was told to stop.
  public boolean isCancelled() {
    return cancelled;
  }

  /// For how long the server has been at work on what was sent last; zero if it has answered. May
  /// be
  /// asked by any thread.
  public Duration busy() {
    long since = busySince;
    return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
  }

  public boolean isClosed() {
    return executor.isClosed();
  }

  @Override
  public void close() {
    executor.close();
  }

  private class Counter extends ResultHandlerBase {
    private int count;

    @Override
    public void handleCommandStatus(String status, long updateCount, long insertOid) {
      count++;
    }

    @Override
    public void handleResultRows(
        Query from, Field[] fields, List<Tuple> tuples, @Nullable ResultCursor cursor) {
      count++;
    }

    @Override
    public void handleWarning(SQLWarning warning) {
      noticeListener.accept(text(warning));
    }
  }

  private static String text(SQLWarning warning) {
    ServerErrorMessage said = warning instanceof PSQLWarning w ? w.getServerErrorMessage() : null;
    return said == null ? "" + warning.getMessage() : said.getSeverity() + ": " + said.getMessage();
  }

  private final class RowCollector extends Counter {
    private final List<List<Row>> results = new ArrayList<>();

    @Override
    public void handleResultRows(
        Query from, Field[] fields, List<Tuple> tuples, @Nullable ResultCursor cursor) {
      List<Row> rows = new ArrayList<>(tuples.size());
      for (Tuple tuple : tuples) {
        rows.add(row(tuple));
      }
      results.add(rows);
    }

    private static Row row(Tuple tuple) {
      @Nullable String[] columns = new @Nullable String[tuple.fieldCount()];
      for (int i = 0; i < columns.length; i++) {
        byte @Nullable [] bytes = tuple.get(i);
        columns[i] = bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
      }
      return new Row(columns);
    }
  }
}
