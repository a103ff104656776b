package dev.slipway.history;

import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;

/// Where a session finds itself: facts that the server tells after connecting.
///
/// @param user the role whose rights count (`current_user`, after SET ROLE)
/// @param searchPath the setting that is in force, read back because poolers drop it silently
/// @param access what can be done here at all
/// @param route to the server
public record Surroundings(
    String database,
    String sessionUser,
    Identifier user,
    String searchPath,
    Access access,
    Route route) {
  private static final String SELECT =
      """
      SELECT current_database(), session_user, current_user, current_setting('search_path'),
             pg_catalog.pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
             pg_catalog.pg_backend_pid()
      """;

  /// Whether transactions can write.
  public enum Access {
    WRITABLE,
    /// Server, database or role are set so.
    READ_ONLY,
    /// A server that follows another.
    STANDBY
  }

  public static Surroundings read(Session session) throws SQLException {
    Row row = session.query(SELECT).getFirst();
    if (session.findsPooler(row.number(6))) {
      row = session.query(SELECT).getFirst();
    }
    return new Surroundings(
        row.text(0),
        row.text(1),
        new Identifier(row.text(2)),
        row.text(3),
        access(row),
        Route.of(session));
  }

  private static Access access(Row row) {
    if (row.isTrue(4)) {
      return Access.STANDBY;
    }
    return row.isTrue(5) ? Access.READ_ONLY : Access.WRITABLE;
  }
}
