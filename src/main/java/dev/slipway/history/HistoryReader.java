package dev.slipway.history;

import dev.slipway.migration.Checksum;
import dev.slipway.migration.History;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads what a database records.
public final class HistoryReader {
  private HistoryReader() {}

  /// Reads history and journal in one go. EF 9 and 10 lock the table while they migrate so that it
  /// cannot even be read: then this fails with 55P03 (lock_not_available) after a second.
  public static History read(Session session, HistoryTable table) throws SQLException {
    if (!table.exists() && !table.hasJournal()) {
      return History.EMPTY;
    }
    var sql = new HistorySql(table);
    String none = "SELECT WHERE false";
    List<List<Row>> results =
        session.queries(
            "SET LOCAL lock_timeout = '1s'",
            table.exists() ? sql.readHistory() : none,
            table.hasJournal() ? sql.journal().read() : none);
    List<History.Row> rows = new ArrayList<>(results.get(0).size());
    for (Row row : results.get(0)) {
      rows.add(new History.Row(row.text(0), row.text(1)));
    }
    List<History.JournalEntry> journal = new ArrayList<>(results.get(1).size());
    for (Row row : results.get(1)) {
      journal.add(journalEntry(row));
    }
    return new History(rows, journal);
  }

  /// Who keeps the history from being read or locked, if anyone.
  public static Optional<LockHolder> holder(Session session, HistoryTable table)
      throws SQLException {
    return LockHolders.ofTableLock(session, table);
  }

  private static History.JournalEntry journalEntry(Row row) {
    return new History.JournalEntry(
        row.text(0),
        new Checksum(row.text(1)),
        instant(row, 2),
        instant(row, 3),
        (int) row.number(4),
        (int) row.number(5),
        row.isNull(6) ? null : Integer.valueOf((int) row.number(6)));
  }

  private static @Nullable Instant instant(Row row, int column) {
    return row.isNull(column) ? null : Instant.EPOCH.plus(row.number(column), ChronoUnit.MICROS);
  }
}
