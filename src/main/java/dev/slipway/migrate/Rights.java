package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.HistoryTable;
import dev.slipway.history.Surroundings;
import dev.slipway.migrate.MissingRights.Privilege;
import dev.slipway.migration.Needs;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Whether the server lets us do what a run must do; asked before its first write.
final class Rights {
  private static final int OLDEST_SERVER = 140_000;
  private static final String REASON = "A run needs rights for history and journal.";
  private static final String TO_READ = "History and journal are to be read.";

  /// A role, a database, a configuration file, a client.
  private static final String READ_ONLY_SOURCE =
      """
      SELECT source FROM pg_catalog.pg_settings
      WHERE name = 'default_transaction_read_only'""";

  private static final String RESET = "RESET default_transaction_read_only";

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

  private static final String USABLE = "SELECT pg_catalog.has_schema_privilege($1, 'USAGE')";
  private static final String READABLE = "SELECT pg_catalog.has_table_privilege($1, 'SELECT')";

  private final Target target;
  private final MissingRights missing;

  private Rights(Target target) {
    this.target = target;
    this.missing = new MissingRights(target.surroundings());
  }

  /// @param needs those of what is due
  /// @throws SlipwayException of kind `CONFIGURATION` that names for every missing right the
  /// statement that gives it
  static void check(Target target, Needs needs) throws SQLException {
    checkAccess(target);
    var rights = new Rights(target);
    rights.checkHistory();
    RightsOfStatements.check(target, needs, rights.missing);
    rights.missing.refuse();
  }

  static void checkAccess(Target target) throws SQLException {
    Session session = target.session();
    if (session.serverVersion() < OLDEST_SERVER) {
      throw new UnfitServerException(
          "the server is too old: PostgreSQL %d".formatted(session.serverVersion() / 10_000),
          "Its server_version_num is %d.".formatted(session.serverVersion()),
          "Slipway works with PostgreSQL 14 and newer.");
    }
    Surroundings surroundings = target.surroundings();
    switch (surroundings.access()) {
      case WRITABLE -> {}
      case READ_ONLY -> {
        String source = target.session().query(READ_ONLY_SOURCE).getFirst().text(0);
        throw new UnfitServerException(
            "database \"%s\" is read-only".formatted(surroundings.database()),
            "default_transaction_read_only is on for role \"%s\"; what sets it: %s."
                .formatted(surroundings.sessionUser(), source),
            writable(surroundings, source));
      }
      case STANDBY ->
          throw new UnfitServerException(
              "the server is a standby, where nothing can be written",
              "pg_is_in_recovery() is true in database \"%s\".".formatted(surroundings.database()),
              "Connect to the primary server: Host, or of several hosts Target Session"
                  + " Attributes=primary.");
    }
  }

  private static String writable(Surroundings surroundings, String source) {
    String role = quoted(surroundings.sessionUser());
    String database = quoted(surroundings.database());
    return switch (source) {
      case "user" -> "Let a superuser run:\nALTER ROLE %s %s;".formatted(role, RESET);
      case "database" ->
          // The owner's own session is read-only, too.
          "Let the owner run:\nSET default_transaction_read_only = off;\nALTER DATABASE %s %s;"
              .formatted(database, RESET);
      case "database user" ->
          "Let a superuser run:\nALTER ROLE %s IN DATABASE %s %s;".formatted(role, database, RESET);
      case "client" -> "Take it out of the connection string: its key is Options.";
      default ->
          """
          Connect to a server that is not, or let a superuser run:
          ALTER SYSTEM SET default_transaction_read_only = off;
          SELECT pg_reload_conf();""";
    };
  }

  /// What is wrong when the history cannot even be read.
  static void checkTables(Target target, Target.Purpose purpose) throws SQLException {
    var rights = new Rights(target);
    switch (purpose) {
      case LOOK -> rights.checkReading();
      case CHANGE -> rights.checkHistory();
    }
    rights.missing.refuse();
  }

  private void checkReading() throws SQLException {
    HistoryTable history = target.historyTable();
    Session session = target.session();
    String schema = history.schema().value();
    if (history.presence() != HistoryTable.Presence.NO_SCHEMA
        && !session.query(USABLE, schema).getFirst().isTrue(0)) {
      missing.grant(TO_READ, "SCHEMA " + history.schema().quoted(), Privilege.USAGE);
    }
    List<String> tables = new ArrayList<>();
    if (history.presence() == HistoryTable.Presence.TABLE) {
      tables.add(history.quoted());
    }
    if (history.hasJournal()) {
      tables.add(history.quotedJournal());
    }
    for (String table : tables) {
      if (!session.query(READABLE, table).getFirst().isTrue(0)) {
        missing.grant(TO_READ, table, Privilege.SELECT);
      }
    }
  }

  private void checkHistory() throws SQLException {
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
        checkTable(
            history.quoted(), HISTORY_RIGHTS, Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE);
      }
    }
    if (history.hasJournal()) {
      checkTable(
          history.quotedJournal(),
          JOURNAL_RIGHTS,
          Privilege.SELECT,
          Privilege.INSERT,
          Privilege.UPDATE,
          Privilege.DELETE);
      checkExtension(history);
    }
  }

  private void checkCreateSchema() throws SQLException {
    Row row =
        target
            .session()
            .query("SELECT pg_catalog.has_database_privilege(current_database(), 'CREATE')")
            .getFirst();
    if (!row.isTrue(0)) {
      grant("DATABASE " + quoted(target.surroundings().database()), Privilege.CREATE);
    }
  }

  private void checkCreate(HistoryTable history) throws SQLException {
    Row row =
        target
            .session()
            .query("SELECT pg_catalog.has_schema_privilege($1, 'CREATE')", history.schema().value())
            .getFirst();
    if (!row.isTrue(0)) {
      grant("SCHEMA " + history.schema().quoted(), Privilege.USAGE, Privilege.CREATE);
    }
  }

  private void checkExtension(HistoryTable history) throws SQLException {
    List<String> extension = target.sql().journal().extend();
    if (!extension.isEmpty()
        && !target.session().query(OWNED, history.quotedJournal()).getFirst().isTrue(0)) {
      for (String statement : extension) {
        missing.statement(REASON, statement);
      }
    }
  }

  private void checkTable(String table, String question, Privilege... privileges)
      throws SQLException {
    if (!target.session().query(question, table).getFirst().isTrue(0)) {
      grant(table, privileges);
    }
  }

  private void grant(String object, Privilege... privileges) {
    missing.grant(REASON, object, privileges);
  }

  private static String quoted(String name) {
    return new Identifier(name).quoted();
  }

  /// The server cannot take what a run writes.
  static final class UnfitServerException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    UnfitServerException(String message, String detail, String hint) {
      super(FailureKind.CONFIGURATION, message, detail, hint, TargetState.UNCHANGED, null);
    }
  }
}
