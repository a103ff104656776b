package dev.slipway.resync;

import dev.slipway.config.ResyncProgress;
import dev.slipway.config.ResyncProgress.Figure;
import dev.slipway.history.HistorySql;
import dev.slipway.history.HistoryTable;
import dev.slipway.history.JournalSql;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Lexer;
import dev.slipway.sql.Script;
import dev.slipway.sql.Statement;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// A look at the progress of a resync, which is remembered in the journal, so that the next one can
/// tell the pace.
public final class ProgressQuery {
  /// More digits than anybody counts to, before and behind the point.
  private static final int MOST_DIGITS = 30;

  private static final String NOW =
      "(extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint";

  private final Session session;
  private final JournalSql journal;
  private final ResyncProgress defined;

  private ProgressQuery(Session session, HistoryTable history, ResyncProgress defined) {
    this.session = session;
    this.journal = new HistorySql(history).journal();
    this.defined = defined;
  }

  /// What is known before the figures are.
  ///
  /// @param at by the server's clock
  /// @param isToBeNoted whether there is room for this look, and the right to write it
  private record Occasion(Instant at, boolean isToBeNoted, Optional<Progress.Look> last) {}

  /// What a look gave.
  ///
  /// @param at by the server's clock
  /// @param isToBeNoted whether there is room for this look, and the right to write it
  public record Seen(Progress progress, Instant at, boolean isToBeNoted) {}

  public static ProgressQuery of(Session session, HistoryTable history, ResyncProgress defined) {
    return new ProgressQuery(session, history, defined);
  }

  /// Writes nothing.
  ///
  /// @throws ProgressUnknownException if what the author wrote does not give the figures
  public Seen look() throws SQLException {
    try {
      Occasion occasion = begin();
      Progress progress = Progress.of(done(), total(), occasion.at(), occasion.last());
      session.execute("ROLLBACK");
      return new Seen(progress, occasion.at(), occasion.isToBeNoted());
    } catch (SQLException | ProgressUnknownException e) {
      session.rollback(e);
      throw e;
    }
  }

  /// One transaction has it all, as behind a pooler each may be on another connection. It is rolled
  /// back in the end: then no setting is left that a function makes.
  private Occasion begin() throws SQLException {
    boolean remembers = journal.remembersProgress();
    List<List<Row>> results =
        session.queries(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY",
            "SET LOCAL statement_timeout = '10s'",
            "SELECT " + NOW + ", " + (remembers ? journal.mayNoteProgress() : "false"),
            remembers ? journal.lastProgress() : "SELECT WHERE false");
    Row facts = results.getFirst().getFirst();
    return new Occasion(
        instant(facts, 0),
        facts.isTrue(1),
        results.get(1).stream().findFirst().flatMap(ProgressQuery::lookOf));
  }

  private static Optional<Progress.Look> lookOf(Row row) {
    return number(row.text(0))
        .map(done -> new Progress.Look(done, instant(row, 1), instant(row, 2)));
  }

  private static Instant instant(Row row, int column) {
    return Instant.EPOCH.plus(row.number(column), ChronoUnit.MICROS);
  }

  /// Nothing yet is 0.
  private BigDecimal done() throws SQLException {
    Row row = ask(ProgressUnknownException.QUERY, defined.query());
    if (row.isNull(0)) {
      return BigDecimal.ZERO;
    }
    return number(row.text(0))
        .filter(number -> number.signum() >= 0)
        .orElseThrow(
            () ->
                ProgressUnknownException.of(
                    ProgressUnknownException.QUERY, defined.query(), "gives no number from 0 on"));
  }

  private BigDecimal total() throws SQLException {
    Optional<BigDecimal> given = number(defined.target().text());
    Optional<BigDecimal> total =
        given.isPresent()
            ? given
            : number(ask(ProgressUnknownException.TARGET, defined.target()).text(0));
    return total
        .filter(number -> number.signum() > 0)
        .orElseThrow(
            () ->
                ProgressUnknownException.of(
                    ProgressUnknownException.TARGET, defined.target(), "gives no number above 0"));
  }

  private Row ask(String key, Figure figure) throws SQLException {
    Script script = Lexer.split(figure.text());
    if (script.statements().size() != 1 || !script.problems().isEmpty()) {
      throw ProgressUnknownException.of(key, figure, "is not one SELECT");
    }
    List<Row> rows = query(key, figure, script.statements().getFirst());
    if (rows.size() != 1) {
      throw ProgressUnknownException.of(
          key, figure, rows.isEmpty() ? "gives no row" : "gives more than one row");
    }
    if (rows.getFirst().columns() != 1) {
      throw ProgressUnknownException.of(
          key, figure, "gives %d columns".formatted(rows.getFirst().columns()));
    }
    return rows.getFirst();
  }

  /// A cursor takes nothing but a query, and gives no more rows than tell that there are too many.
  /// In the extended protocol a text is one statement, or refused.
  private List<Row> query(String key, Figure figure, Statement statement) throws SQLException {
    String cursor = "slipway_" + key;
    try {
      session.pipeline(List.of("DECLARE " + cursor + " NO SCROLL CURSOR FOR\n" + statement.text()));
      return session.query("FETCH 2 FROM " + cursor);
    } catch (SQLException e) {
      if (session.isCancelled()) {
        throw e;
      }
      throw ProgressUnknownException.failed(key, figure, e);
    }
  }

  /// Remembers a look, if there is room for it. One that cannot be noted at once is none to wait
  /// for: the next one tells the pace since the one before.
  ///
  /// @throws ProgressUnknownException if the server does not take it
  public void note(Seen seen) throws SQLException {
    if (!seen.isToBeNoted()) {
      return;
    }
    try {
      session.queries(
          "SET LOCAL lock_timeout = '200ms'",
          journal.lookedAtProgress(seen.progress().done(), seen.at()));
    } catch (SQLException e) {
      session.rollback(e);
      if (session.isCancelled()) {
        throw e;
      }
      if (!SqlStates.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw ProgressUnknownException.notNoted(journal.table(), e);
      }
    }
  }

  private static Optional<BigDecimal> number(String text) {
    try {
      var number = new BigDecimal(text.strip());
      return number.precision() - number.scale() > MOST_DIGITS || number.scale() > MOST_DIGITS
          ? Optional.empty()
          : Optional.of(number);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
