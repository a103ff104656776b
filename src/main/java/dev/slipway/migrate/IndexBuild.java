package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.history.IndexSql;
import dev.slipway.history.LockHolder;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.ServerError;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.ConcurrentIndex;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The build of one index by CREATE INDEX CONCURRENTLY. A build that breaks leaves an invalid index
/// behind; one that was cut off may also have come to its end.
final class IndexBuild {
  private final Application application;
  private final Session session;
  private final ConcurrentIndex index;
  private final IndexSql sql;

  /// An index that the table has and had not when the build was begun, as far as that is known.
  ///
  /// @param name as SQL
  private record Found(String name, String plainName, Validity validity, String definition) {
    static Found of(Row row) {
      Validity validity =
          row.isTrue(2) ? Validity.VALID : row.isTrue(3) ? Validity.BEING_BUILT : Validity.INVALID;
      return new Found(row.text(0), row.text(1), validity, row.text(4));
    }
  }

  private enum Validity {
    VALID,
    INVALID,
    /// By another session.
    BEING_BUILT
  }

  /// What an earlier build has left.
  enum Left {
    /// The index, as the statement says.
    THE_INDEX,
    /// It was invalid, and is dropped.
    DROPPED,
    NOTHING
  }

  /// A build that failed.
  ///
  /// @param isNothingLeft if not, the next run finds out what there is
  record Broken(SQLException failure, boolean isNothingLeft) {}

  private enum LeftBehind {
    THE_INDEX,
    NOTHING,
    /// It stood in the way, and is dropped.
    BROKEN_ONE_OF_OTHERS,
    /// The next run finds out.
    UNKNOWN
  }

  IndexBuild(Application application, ConcurrentIndex index) {
    this.application = application;
    this.session = application.session();
    this.index = index;
    this.sql = new IndexSql(index);
  }

  /// Builds it, and tries again where it only lost against others, who may be building the same:
  /// EF's own migrator takes no lock meanwhile.
  ///
  /// @param before the names of the indexes of the table; empty if they are not known
  /// @return empty if the index is there and valid
  Optional<Broken> run(String statement, Optional<List<String>> before) {
    var retries = Retries.of(application);
    while (true) {
      try {
        letOthersFinish();
        session.execute(statement);
        refuseInvalid();
        return Optional.empty();
      } catch (InvalidIndexException e) {
        return Optional.of(new Broken(e, true));
      } catch (SQLException e) {
        switch (leftBy(before, e)) {
          case THE_INDEX -> {
            return Optional.empty();
          }
          case NOTHING -> {
            if (!retries.tryAgain(application.migration().id(), e)) {
              return Optional.of(new Broken(e, true));
            }
          }
          case BROKEN_ONE_OF_OTHERS -> {}
          case UNKNOWN -> {
            return Optional.of(new Broken(e, false));
          }
        }
      }
    }
  }

  /// What there is after a build that failed. Two that build on one table can deadlock, and whoever
  /// loses leaves an invalid index under the name that both of them want.
  private LeftBehind leftBy(Optional<List<String>> before, SQLException e) {
    boolean isThere = SqlStates.DUPLICATE_TABLE.equals(e.getSQLState());
    boolean isLost = MigrationFailedException.kind(ServerError.of(e)) == FailureKind.LOCKED;
    if (!(isThere || isLost) || before.isEmpty() || session.isCancelled()) {
      return dropNew(before, e) ? LeftBehind.NOTHING : LeftBehind.UNKNOWN;
    }
    if (application.isAppliedElsewhere(e)) {
      return LeftBehind.UNKNOWN;
    }
    try {
      return switch (settle(before)) {
        case THE_INDEX -> LeftBehind.THE_INDEX;
        case DROPPED -> isThere ? LeftBehind.BROKEN_ONE_OF_OTHERS : LeftBehind.NOTHING;
        case NOTHING -> LeftBehind.NOTHING;
      };
    } catch (SQLException unsettled) {
      e.addSuppressed(unsettled);
      return LeftBehind.UNKNOWN;
    }
  }

  /// Finds out what became of a build that was cut off: waits for it if it is still going on, and
  /// drops what it left invalid.
  ///
  /// @param before the names of the indexes of the table when it was begun; empty if nobody noted
  ///     them
  Left settle(Optional<List<String>> before) throws SQLException {
    awaitOthers();
    Optional<String> definition = definition();
    Left left = Left.NOTHING;
    for (Found found : found()) {
      if (isOurs(found, before, definition)) {
        if (found.validity() == Validity.VALID) {
          left = Left.THE_INDEX;
          application.tell("index %s was built to its end".formatted(found.name()));
        } else {
          drop(found);
          left = left == Left.NOTHING ? Left.DROPPED : left;
          application.tell(
              "dropped index %s, which a broken build left invalid".formatted(found.name()));
        }
      }
    }
    return left;
  }

  private boolean isOurs(Found found, Optional<List<String>> before, Optional<String> definition) {
    if (before.isPresent() && before.get().contains(found.name())) {
      return false;
    }
    boolean named = index.name().isPresent();
    if (named && !isOfThisName(found)) {
      return false;
    }
    // Where the server cannot be asked what the statement says, the name has to do.
    return definition.map(found.definition()::equals).orElse(named || before.isPresent());
  }

  private boolean isOfThisName(Found found) {
    return index.name().map(Identifier::value).filter(found.plainName()::equals).isPresent();
  }

  private List<Found> found() throws SQLException {
    return found(session, sql);
  }

  private static List<Found> found(Session session, IndexSql sql) throws SQLException {
    return session.query(sql.ofTable()).stream().map(Found::of).toList();
  }

  /// How the server understands the statement; empty if it does not tell.
  private Optional<String> definition() throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add("BEGIN");
    statements.addAll(sql.makeCopy());
    statements.add(IndexSql.copiedDefinition());
    statements.add("ROLLBACK");
    try {
      List<Row> rows = session.queries(statements.toArray(String[]::new)).getFirst();
      return rows.stream().findFirst().map(row -> row.text(0));
    } catch (SQLException e) {
      session.rollback(e);
      if (session.isClosed()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /// Waits while another session is building on the table; so would the server, but with a snapshot
  /// for which that build waits in turn.
  private void letOthersFinish() throws SQLException {
    Optional<LockHolder> _ = builderAfterWaiting();
  }

  /// @throws SQLException if they take too long
  private void awaitOthers() throws SQLException {
    Optional<LockHolder> builder = builderAfterWaiting();
    if (builder.isPresent()) {
      throw new SQLException(
          "another session is building an index on %s: %s"
              .formatted(index.qualifiedTable(), builder.get().text()),
          SqlStates.LOCK_NOT_AVAILABLE);
    }
  }

  /// Waits while another session is building on the table. No snapshot is held meanwhile, for which
  /// the build would wait in turn.
  ///
  /// @return the session that is still at it when the time is up
  private Optional<LockHolder> builderAfterWaiting() throws SQLException {
    var waiting = new Waiting(application.settings().runLockWait());
    Optional<LockHolder> builder = sql.builder(session);
    while (builder.isPresent() && !waiting.isOver()) {
      if (session.isCancelled()) {
        throw StatementwiseApplication.stoppedBySignal();
      }
      if (waiting.reportIsDue()) {
        application.listener().on(new RunEvent.WaitingForBuild(builder.get(), waiting.waited()));
      }
      waiting.pause();
      builder = sql.builder(session);
    }
    return builder;
  }

  /// @throws InvalidIndexException if the statement said that all is well over an invalid index, as
  ///     IF NOT EXISTS does
  private void refuseInvalid() throws SQLException {
    if (find(Validity.BEING_BUILT).isPresent()) {
      awaitOthers();
    }
    Optional<Found> invalid = find(Validity.INVALID);
    if (invalid.isPresent()) {
      throw new InvalidIndexException(invalid.get().name());
    }
  }

  /// The index that the statement builds if it is there and not valid; where PostgreSQL chooses the
  /// name, any of its table that is not valid.
  static Optional<String> invalid(Session session, ConcurrentIndex index) throws SQLException {
    return found(session, new IndexSql(index)).stream()
        .filter(found -> found.validity() != Validity.VALID)
        .filter(
            found -> index.name().isEmpty() || index.name().get().value().equals(found.plainName()))
        .map(Found::name)
        .findFirst();
  }

  private Optional<Found> find(Validity validity) throws SQLException {
    return found().stream()
        .filter(found -> isOfThisName(found) && found.validity() == validity)
        .findFirst();
  }

  /// Drops what the failed build left.
  ///
  /// @param before the names of the indexes of the table when it was begun; empty if nobody noted
  ///     them
  /// @return whether nothing is left; one that is valid may be the one built, cut off at its very
  ///     end
  private boolean dropNew(Optional<List<String>> before, SQLException failure) {
    if (before.isEmpty()) {
      return false;
    }
    boolean nothingLeft = true;
    try {
      for (Found found : found()) {
        // Others, too, may have begun to build on the table since, and failed.
        if (!before.get().contains(found.name())
            && (index.name().isEmpty() || isOfThisName(found))) {
          // Whether one is being built by a session of another role is shown for the table only.
          if (found.validity() == Validity.INVALID && sql.builder(session).isEmpty()) {
            session.execute("SET lock_timeout = '5s'");
            drop(found);
          } else {
            nothingLeft = false;
          }
        }
      }
      return nothingLeft;
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private void drop(Found found) throws SQLException {
    session.execute("DROP INDEX CONCURRENTLY " + found.name());
  }
}
