package dev.slipway.resync;

import dev.slipway.history.HistoryTable;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
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
/// @param objects the same, and partitions, as they can be dropped
public record Contents(List<Found> found, List<SchemaObject> objects) {
  private static final String HISTORY = "history";
  private static final String JOURNAL = "journal";

  /// Separates schema names in one bound value; no sane name holds it.
  static final String SEPARATOR = "\u0001";

  /// An object.
  ///
  /// @param kind as PostgreSQL calls it (`table`, `view`, `function`), or `history`, `journal`
  /// @param name of a function with its arguments
  /// @param rows how many there are, as the server estimates
  /// @param bytes on disk, with indexes and large values
  public record Found(String kind, String schema, String name, long rows, long bytes) {}

  /// Of a database that is not there.
  public static final Contents NONE = new Contents(List.of(), List.of());

  public Contents {
    found = List.copyOf(found);
    objects = List.copyOf(objects);
  }

  /// Looks; nothing is written. A table that somebody keeps locked cannot be measured: then this
  /// fails
  /// with 55P03 (lock_not_available) after a second.
  ///
  /// @param schemas those that are not there hold nothing
  public static Contents of(Session session, List<Identifier> schemas, HistoryTable history)
      throws SQLException {
    try {
      session.queries("BEGIN READ ONLY", "SET LOCAL lock_timeout = '1s'");
      List<Row> rows = session.query(sql(), joined(schemas), "true");
      session.execute("ROLLBACK");
      return of(rows, history);
    } catch (SQLException e) {
      session.rollback(e);
      if (SqlStates.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        return unmeasured(session, schemas, history);
      }
      throw e;
    }
  }

  /// The same without sizes, for which nobody has to be waited for.
  static Contents unmeasured(Session session, List<Identifier> schemas, HistoryTable history)
      throws SQLException {
    return of(session.query(sql(), joined(schemas), "false"), history);
  }

  private static String sql() {
    return SqlFile.read(Contents.class, "contents.sql");
  }

  private static Contents of(List<Row> rows, HistoryTable history) {
    List<Found> found = new ArrayList<>();
    List<SchemaObject> objects = new ArrayList<>();
    for (Row row : rows) {
      String kind = kind(row, history);
      if (!row.isTrue(5)) {
        found.add(new Found(kind, row.text(1), row.text(2), row.number(3), row.number(4)));
      }
      objects.add(object(row, kind));
    }
    return new Contents(found, objects);
  }

  /// The names of schemas as one value.
  static String joined(List<Identifier> schemas) {
    var names = new StringJoiner(SEPARATOR);
    for (Identifier schema : schemas) {
      names.add(schema.value());
    }
    return names.toString();
  }

  private static String kind(Row row, HistoryTable history) {
    if (row.text(0).equals("table") && row.text(1).equals(history.schema().value())) {
      if (row.text(2).equals(history.table().value())) {
        return HISTORY;
      }
      if (row.text(2).equals(HistoryTable.JOURNAL.value())) {
        return JOURNAL;
      }
    }
    return row.text(0);
  }

  private static SchemaObject object(Row row, String kind) {
    return new SchemaObject(
        row.text(6),
        row.number(7),
        row.text(0),
        row.text(8),
        isRecord(kind) ? SchemaObject.Use.RECORD : SchemaObject.Use.CONTENT,
        row.text(9),
        row.isTrue(10),
        row.isTrue(11));
  }

  private static boolean isRecord(String kind) {
    return kind.equals(HISTORY) || kind.equals(JOURNAL);
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
    return found.stream().filter(object -> !isRecord(object.kind())).mapToLong(Found::rows).sum();
  }
}
