package dev.slipway.migrate;

import dev.slipway.history.IndexSql;
import dev.slipway.history.JournalSql;
import dev.slipway.migration.Migration;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The marks by which the journal tells how far a migration without a transaction came. They are
/// written between its statements, so by the run's own role, also where it has taken another.
final class StatementMarks {
  private final Application application;
  private final Session session;
  private final JournalSql journal;
  private final Migration migration;

  StatementMarks(Application application) {
    this.application = application;
    this.session = application.session();
    this.journal = application.sql().journal();
    this.migration = application.migration();
  }

  /// The migration is begun.
  String started() {
    return journal.started(
        migration.id(), migration.checksum(), count(), application.settings().version());
  }

  /// It is done, once its history row is written.
  String finished() {
    return journal.finished(migration.id(), migration.checksum(), count());
  }

  private int count() {
    return application.compiled().statements().size();
  }

  /// The statement is begun by itself, which cannot take effect together with the mark that it did.
  ///
  /// @param index of the statement, from 0
  /// @return the indexes that there are before it builds any, as noted
  Optional<List<String>> begin(int index, Statement statement) throws SQLException {
    Optional<String> indexes =
        statement.isConcurrentReindex()
            ? Optional.of(IndexSql.TRANSIENT)
            : statement.concurrentIndex().map(built -> new IndexSql(built).namesBefore());
    String mark =
        indexes
            .map(names -> journal.begun(migration.id(), index + 1, names))
            .orElseGet(() -> journal.begun(migration.id(), index + 1));
    session.execute(String.join(";\n", aside(mark)));
    return indexes.isPresent() ? indexesBefore() : Optional.empty();
  }

  /// The statement took effect: a statement for its own transaction, or for one after it, with what
  /// has to precede it.
  ///
  /// @param index of the statement, from 0
  List<String> done(int index) {
    return aside(journal.progress(migration.id(), index + 1));
  }

  /// The indexes that the table had when one was begun to be built; empty where nobody noted them.
  Optional<List<String>> indexesBefore() throws SQLException {
    String noted = journal.indexesBefore(migration.id());
    List<List<Row>> rows =
        session.queries(
            aside(
                    """
                    SELECT noted IS NOT NULL FROM (%1$s) AS mark (noted);
                    SELECT pg_catalog.unnest(noted) FROM (%1$s) AS mark (noted)"""
                        .formatted(noted))
                .toArray(String[]::new));
    return rows.getFirst().stream().anyMatch(row -> row.isTrue(0))
        ? Optional.of(rows.getLast().stream().map(row -> row.text(0)).toList())
        : Optional.empty();
  }

  /// Takes back that the statement was begun, which took no effect.
  ///
  /// @param failure is told why that could not be done, if so
  void takeBack(SQLException failure) {
    change(failure, journal.notBegun(migration.id()));
  }

  /// Takes back that the migration was begun, of which nothing took effect.
  ///
  /// @param failure is told why that could not be done, if so
  /// @return whether it is as if it had not begun
  boolean forget(Throwable failure) {
    return change(failure, journal.forget(migration.id().value()));
  }

  private boolean change(Throwable failure, String mark) {
    try {
      List<String> statements = session.reset();
      session.execute(String.join(";\n", statements));
      session.execute(mark);
      return true;
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private List<String> aside(String statement) {
    List<String> statements = new ArrayList<>(session.asideFromMigration());
    statements.add(statement);
    return statements;
  }
}
