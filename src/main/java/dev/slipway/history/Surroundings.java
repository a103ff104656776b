package dev.slipway.history;

import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;

/// Where a session finds itself: facts that the server tells after connecting.
///
/// @param user the role whose rights count (`current_user`, after SET ROLE)
/// @param searchPath the setting that is in force, read back because poolers drop it silently
/// @param writable false on a standby, and where role or database are set to read-only
public record Surroundings(
    String database, String sessionUser, Identifier user, String searchPath, boolean writable) {
  private static final String SELECT =
      """
      SELECT current_database(), session_user, current_user, current_setting('search_path'),
             NOT pg_catalog.pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'
      """;

  public static Surroundings read(Session session) throws SQLException {
    Row row = session.query(SELECT).getFirst();
    return new Surroundings(
        row.text(0), row.text(1), new Identifier(row.text(2)), row.text(3), row.isTrue(4));
  }
}
