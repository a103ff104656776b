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
  private static final String HISTORY_RIGHTS =
      """
      SELECT pg_catalog.has_table_privilege($1, 'SELECT')
         AND pg_catalog.has_table_privilege($1, 'INSERT')
         AND pg_catalog.has_table_privilege($1, 'UPDATE, DELETE, TRUNCATE')""";

  private static final String JOURNAL_RIGHTS =
      """
      SELECT pg_catalog.has_table_privilege($1, 'SELECT')
         AND pg_catalog.has_table_privilege($1, 'INSERT')
         AND pg_catalog.has_table_privilege($1, 'UPDATE')
         AND pg_catalog.has_table_privilege($1, 'DELETE')""";

  /// ALTER TABLE is for the owner and its members alone; no GRANT on the table gives it.
  private static final String OWNED =
      """
      SELECT pg_catalog.pg_has_role(relowner, 'USAGE')
      FROM pg_catalog.pg_class WHERE oid = $1::regclass""";

  private final Target target;
  private final List<String> missing = new ArrayList<>();

  private Rights(Target target) {
    this.target = target;
  }

  /// @throws SlipwayException of kind `CONFIGURATION` that names for every missing right the
  /// statement that gives it
  static void check(Target target) throws SQLException {
    Session session = target.session();
    if (session.serverVersion() < OLDEST_SERVER) {
      throw new UnfitServerException(
          "the server is too old: PostgreSQL %d".formatted(session.serverVersion() / 10_000),
          "Its server_version_num is %d.".formatted(session.serverVersion()),
          "Slipway works with PostgreSQL 14 and newer.");
    }
    checkAccess(target.surroundings());
    checkTables(target);
  }

  private static void checkAccess(Surroundings surroundings) {
    switch (surroundings.access()) {
      case WRITABLE -> {}
      case READ_ONLY ->
          throw new UnfitServerException(
              "database \"%s\" is read-only".formatted(surroundings.database()),
              "transaction_read_only is on for role \"%s\".".formatted(surroundings.sessionUser()),
              "Connect to a server that is not, or take default_transaction_read_only off the role.");
      case STANDBY ->
          throw new UnfitServerException(
              "the server is a standby, where nothing can be written",
              "pg_is_in_recovery() is true in database \"%s\".".formatted(surroundings.database()),
              "Connect to the primary server: Host, or of several hosts Target Session"
                  + " Attributes=primary.");
    }
  }

  /// The part of [#check] that tells what is wrong when the history cannot even be read.
  static void checkTables(Target target) throws SQLException {
    new Rights(target).check();
  }

  private void check() throws SQLException {
    HistoryTable history = target.historyTable();
    if (!target.found().missing().isEmpty()) {
      checkCreateSchema();
    }
    switch (history.presence()) {
      case NO_SCHEMA -> {}
      case NO_TABLE -> checkCreate(history);
      case TABLE -> {
        if (!history.hasJournal()) {
          checkCreate(history);
        }
        checkTable(history.quoted(), HISTORY_RIGHTS, "SELECT, INSERT, UPDATE");
      }
    }
    if (history.hasJournal()) {
      checkTable(history.quotedJournal(), JOURNAL_RIGHTS, "SELECT, INSERT, UPDATE, DELETE");
      checkExtension(history);
    }
    if (!missing.isEmpty()) {
      throw new MissingRightsException(target.surroundings(), missing);
    }
  }

  private void checkCreateSchema() throws SQLException {
    Row row =
        target
            .session()
            .query("SELECT pg_catalog.has_database_privilege(current_database(), 'CREATE')")
            .getFirst();
    if (!row.isTrue(0)) {
      missing.add(
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
      missing.add(
          "GRANT USAGE, CREATE ON SCHEMA %s TO %s".formatted(history.schema().quoted(), role()));
    }
  }

  private void checkExtension(HistoryTable history) throws SQLException {
    List<String> extension = target.sql().journal().extend();
    if (!extension.isEmpty()
        && !target.session().query(OWNED, history.quotedJournal()).getFirst().isTrue(0)) {
      missing.addAll(extension);
    }
  }

  private void checkTable(String table, String question, String rights) throws SQLException {
    if (!target.session().query(question, table).getFirst().isTrue(0)) {
      missing.add("GRANT %s ON %s TO %s".formatted(rights, table, role()));
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

    MissingRightsException(Surroundings surroundings, List<String> missing) {
      super(
          FailureKind.CONFIGURATION,
          "role \"%s\" lacks rights in database \"%s\""
              .formatted(surroundings.user(), surroundings.database()),
          "A run needs them for history and journal.",
          "Let the owner run:\n" + String.join(";\n", missing) + ";",
          TargetState.UNCHANGED,
          null);
    }
  }

  /// The server cannot take what a run writes.
  static final class UnfitServerException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    UnfitServerException(String message, String detail, String hint) {
      super(FailureKind.CONFIGURATION, message, detail, hint, TargetState.UNCHANGED, null);
    }
  }
}
