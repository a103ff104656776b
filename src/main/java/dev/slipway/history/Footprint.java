package dev.slipway.history;

import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a transaction does to the relations that were there before it: how it locks them, and whose
/// file it replaces. What it makes itself is nobody else's business; history and journal, which
/// each run locks, and the system's catalogs are left out.
public final class Footprint {
  private static final String RELATIONS =
      """
      SELECT c.oid, n.nspname, c.relname, pg_catalog.pg_table_is_visible(c.oid),
             c.relkind IN ('r', 'm'), pg_catalog.pg_relation_filenode(c.oid)
      FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
      LEFT JOIN pg_catalog.pg_class AS indexed ON indexed.oid = i.indrelid
      WHERE c.relkind IN ('r', 'p', 'i', 'I', 'v', 'm', 'S', 'f')
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT (n.nspname = $1 AND COALESCE(indexed.relname, c.relname) IN ($2, $3))""";

  /// Whatever replaces a relation's file locks it. Of one that was dropped there is no file. What
  /// is made later has, but for a wrap-around, a higher number than what was there.
  private static final String LOCKED =
      """
      SELECT relation, mode, pg_catalog.pg_relation_filenode(relation)
      FROM pg_catalog.pg_locks
      WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND granted
        AND relation::bigint <= $1::bigint""";

  private final Session session;
  private final Map<String, Known> known = new HashMap<>();
  private long last;

  /// A relation by its name, as it was before the transaction.
  public record Relation(Identifier schema, Identifier name, Visibility visibility) {
    /// The name with the schema, where it is needed.
    public String text() {
      return visibility == Visibility.IN_PATH ? name.value() : schema + "." + name;
    }

    /// The same as SQL.
    public String quoted() {
      return visibility == Visibility.IN_PATH
          ? name.quoted()
          : schema.quoted() + "." + name.quoted();
    }
  }

  /// Whether the search path leads to a relation.
  public enum Visibility {
    IN_PATH,
    OUTSIDE
  }

  public record Lock(Relation relation, LockMode mode) {}

  /// What came in one step.
  ///
  /// @param locks the strongest on each relation that is new or stronger than before, the gravest
  ///     first
  /// @param rewritten tables that have a new file, so that all their rows were written, or none is
  public record Step(List<Lock> locks, List<Relation> rewritten) {
    public Step {
      locks = List.copyOf(locks);
      rewritten = List.copyOf(rewritten);
    }
  }

  /// One that was there, as the last step left it.
  private static final class Known {
    private final Relation relation;
    private final boolean holdsRows;
    private String file;
    private Optional<LockMode> locked = Optional.empty();

    Known(Relation relation, boolean holdsRows, String file) {
      this.relation = relation;
      this.holdsRows = holdsRows;
      this.file = file;
    }
  }

  private Footprint(Session session) {
    this.session = session;
  }

  /// Looks what is there, before the transaction.
  public static Footprint before(Session session, HistoryTable history) throws SQLException {
    var footprint = new Footprint(session);
    List<Row> rows =
        session.query(
            RELATIONS,
            history.schema().value(),
            history.table().value(),
            HistoryTable.JOURNAL.value());
    for (Row row : rows) {
      var relation =
          new Relation(
              new Identifier(row.text(1)),
              new Identifier(row.text(2)),
              row.isTrue(3) ? Visibility.IN_PATH : Visibility.OUTSIDE);
      footprint.last = Math.max(footprint.last, row.number(0));
      footprint.known.put(row.text(0), new Known(relation, row.isTrue(4), row.text(5)));
    }
    return footprint;
  }

  /// What the transaction has done since the last step.
  public Step step() throws SQLException {
    Map<Known, LockMode> stronger = new HashMap<>();
    List<Relation> rewritten = new ArrayList<>();
    for (Row row : session.query(LOCKED, Long.toString(last))) {
      Known at = known.get(row.text(0));
      if (at != null) {
        LockMode.of(row.text(1))
            .filter(mode -> at.locked.isEmpty() || mode.compareTo(at.locked.get()) > 0)
            .ifPresent(mode -> stronger.merge(at, mode, Footprint::strongest));
        String file = row.text(2);
        if (!file.isEmpty() && !file.equals(at.file)) {
          at.file = file;
          if (at.holdsRows) {
            rewritten.add(at.relation);
          }
        }
      }
    }
    List<Lock> locks = new ArrayList<>();
    stronger.forEach(
        (at, mode) -> {
          at.locked = Optional.of(mode);
          locks.add(new Lock(at.relation, mode));
        });
    locks.sort(
        Comparator.comparing(Lock::mode).reversed().thenComparing(lock -> lock.relation().text()));
    rewritten.sort(Comparator.comparing(Relation::text));
    return new Step(locks, rewritten);
  }

  private static LockMode strongest(LockMode one, LockMode other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
