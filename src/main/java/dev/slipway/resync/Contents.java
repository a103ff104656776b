package dev.slipway.resync;

import dev.slipway.history.HistoryTable;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.SqlFile;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// What lies in the schemas of a release: all that emptying them would lose. Objects of extensions
/// do not count. What belongs to an object that is listed, as the partitions of a table, is a part
/// of that.
///
/// @param found in the order of schema, kind and name
public record Contents(List<Found> found) {
  /// Separates schema names in one bound value; no sane name holds it.
  private static final String SEPARATOR = "\u0001";

  /// An object.
  ///
  /// @param kind as PostgreSQL calls it (`table`, `view`, `function`), or `history`, `journal`
  /// @param name of a function with its arguments
  /// @param rows how many there are, as the server estimates
  /// @param bytes on disk, with indexes and large values
  public record Found(String kind, String schema, String name, long rows, long bytes) {}

  public Contents {
    found = List.copyOf(found);
  }

  /// Looks; nothing is written.
  ///
  /// @param schemas those that are not there hold nothing
  public static Contents of(Session session, List<Identifier> schemas, HistoryTable history)
      throws SQLException {
    var names = new StringJoiner(SEPARATOR);
    for (Identifier schema : schemas) {
      names.add(schema.value());
    }
    List<Found> found = new ArrayList<>();
    for (Row row : session.query(SqlFile.read(Contents.class, "contents.sql"), names.toString())) {
      found.add(
          new Found(kind(row, history), row.text(1), row.text(2), row.number(3), row.number(4)));
    }
    return new Contents(found);
  }

  private static String kind(Row row, HistoryTable history) {
    if (row.text(0).equals("table") && row.text(1).equals(history.schema().value())) {
      if (row.text(2).equals(history.table().value())) {
        return "history";
      }
      if (row.text(2).equals(HistoryTable.JOURNAL.value())) {
        return "journal";
      }
    }
    return row.text(0);
  }

  public boolean isClean() {
    return found.isEmpty();
  }

  /// On disk, of all of it.
  public long bytes() {
    return found.stream().mapToLong(Found::bytes).sum();
  }

  /// Of all tables, as the server estimates; history and journal do not count.
  public long rows() {
    return found.stream()
        .filter(object -> !object.kind().equals("history") && !object.kind().equals("journal"))
        .mapToLong(Found::rows)
        .sum();
  }
}
