package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.HistoryTable;
import dev.slipway.history.Surroundings;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Whether the server lets us do what a run must do; asked before its first write.
final class Rights {
  private static final int OLDEST_SERVER = 140_000;

  /// LOCK TABLE … IN SHARE ROW EXCLUSIVE MODE wants UPDATE, DELETE or TRUNCATE; INSERT is not
  /// enough (PostgreSQL documentation, LOCK).
  private static final String TABLE_RIGHTS =
      """
      SELECT pg_catalog.has_table_privilege($1, 'SELECT'),
             pg_catalog.has_table_privilege($1, 'INSERT'),
             pg_catalog.has_table_privilege($1, 'UPDATE')
               OR pg_catalog.has_table_privilege($1, 'DELETE')
               OR pg_catalog.has_table_privilege($1, 'TRUNCATE')""";

  private final Target target;
  private final List<String> grants = new ArrayList<>();

  private Rights(Target target) {
    this.target = target;
  }

  /// @throws SlipwayException of kind `CONFIGURATION` that names every missing right as a GRANT
  static void check(Target target) throws SQLException {
    Session session = target.session();
    if (session.serverVersion() < OLDEST_SERVER) {
      throw new UnfitServerException(
          "the server is too old: PostgreSQL %d".formatted(session.serverVersion() / 10_000),
          "Slipway works with PostgreSQL 14 and newer.");
    }
    if (!target.surroundings().writable()) {
      throw new UnfitServerException(
          "database \"%s\" is read-only".formatted(target.surroundings().database()),
          "Connect to the primary server, or take default_transaction_read_only off the role.");
    }
    new Rights(target).check();
  }

  private void check() throws SQLException {
    HistoryTable history = target.historyTable();
    switch (history.presence()) {
      case NO_SCHEMA -> checkCreateSchema();
      case NO_TABLE -> checkCreate(history);
      case TABLE -> {
        if (!history.hasJournal()) {
          checkCreate(history);
        }
        checkTable(history.quoted(), "SELECT, INSERT, UPDATE");
      }
    }
    if (history.hasJournal()) {
      checkTable(
          history.schema().quoted() + "." + HistoryTable.JOURNAL.quoted(),
          "SELECT, INSERT, UPDATE, DELETE");
    }
    if (!grants.isEmpty()) {
      throw new MissingRightsException(target.surroundings(), grants);
    }
  }

  private void checkCreateSchema() throws SQLException {
    Row row =
        target
            .session()
            .query("SELECT pg_catalog.has_database_privilege(current_database(), 'CREATE')")
            .getFirst();
    if (!row.isTrue(0)) {
      grants.add(
          "GRANT CREATE ON DATABASE %s TO %s"
              .formatted(quoted(target.surroundings().database()), role()));
    }
  }

  private void checkCreate(HistoryTable history) throws SQLException {
    Row row =
        target
            .session()
            .query("SELECT pg_catalog.has_schema_privilege($1, 'CREATE')", history.schema().value())
            .getFirst();
    if (!row.isTrue(0)) {
      grants.add(
          "GRANT USAGE, CREATE ON SCHEMA %s TO %s".formatted(history.schema().quoted(), role()));
    }
  }

  private void checkTable(String table, String rights) throws SQLException {
    Row row = target.session().query(TABLE_RIGHTS, table).getFirst();
    if (!row.isTrue(0) || !row.isTrue(1) || !row.isTrue(2)) {
      grants.add("GRANT %s ON %s TO %s".formatted(rights, table, role()));
    }
  }

  private String role() {
    return target.surroundings().user().quoted();
  }

  private static String quoted(String name) {
    return new Identifier(name).quoted();
  }

  /// The role lacks what a run needs.
  static final class MissingRightsException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    MissingRightsException(Surroundings surroundings, List<String> grants) {
      super(
          FailureKind.CONFIGURATION,
          "role \"%s\" lacks rights in database \"%s\""
              .formatted(surroundings.user(), surroundings.database()),
          "%d needed for history and journal.".formatted(grants.size()),
          "Let their owner grant them:\n" + String.join(";\n", grants) + ";",
          TargetState.UNCHANGED,
          null);
    }
  }

  /// The server cannot take what a run writes.
  static final class UnfitServerException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    UnfitServerException(String message, String hint) {
      super(FailureKind.CONFIGURATION, message, "", hint, TargetState.UNCHANGED, null);
    }
  }
}
