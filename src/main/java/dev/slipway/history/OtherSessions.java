package dev.slipway.history;

import dev.slipway.postgres.Session;
import dev.slipway.sql.Literal;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The sessions of the same database, asked whether one of them may be applying a migration that
/// failed here. A migrator that takes no migration lock, like EF's own, has no name of its own: it
/// is known by what it does.
public final class OtherSessions {
  /// So much of a text is compared. The server itself keeps about 1000 bytes
  /// (`track_activity_query_size`).
  private static final int COMPARED_CHARACTERS = 200;

  private static final int COMPARED_STATEMENTS = 500;

  private static final Duration END_WAIT = Duration.ofSeconds(5);

  private OtherSessions() {}

  /// A session that may be applying the statements: it changes something's definition, or runs one
  /// of these texts, or has just run one. Of another role than ours only its locks are shown,
  /// unless rights allow more.
  public static Optional<LockHolder> migrating(Session session, List<Statement> statements)
      throws SQLException {
    return LockHolders.changingDefinitions(session, texts(statements));
  }

  /// Whether anybody else is connected with the database.
  public static boolean any(Session session) throws SQLException {
    return !session
        .query(
            """
            SELECT 1 FROM pg_catalog.pg_stat_activity
            WHERE datname = pg_catalog.current_database() AND usename IS NOT NULL
              AND pid <> pg_catalog.pg_backend_pid()
            LIMIT 1""")
        .isEmpty();
  }

  /// The clients that are connected with the database beside ourselves, the oldest first. Servers
  /// of
  /// PostgreSQL's own (autovacuum, replication) are none; of another role's session the server says
  /// what it is only where rights allow.
  public static List<LockHolder> clients(Session session) throws SQLException {
    return LockHolders.clients(session);
  }

  /// Ends a session, and waits a moment until it is gone.
  ///
  /// @return whether it is
  public static boolean end(Session session, int pid) throws SQLException {
    return session
        .query(
            "SELECT pg_catalog.pg_terminate_backend($1::int, $2::bigint)",
            Integer.toString(pid),
            Long.toString(END_WAIT.toMillis()))
        .getFirst()
        .isTrue(0);
  }

  private static String texts(List<Statement> statements) {
    return statements.stream()
        .limit(COMPARED_STATEMENTS)
        .map(statement -> new Literal(comparable(statement.text())).quoted())
        .collect(Collectors.joining(", ", "ARRAY[", "]::pg_catalog.text[]"));
  }

  /// The same as [LockHolders] makes of what it compares it with.
  private static String comparable(String text) {
    String line = text.strip().replaceAll("[ \t\r\n]+", " ");
    return line.codePointCount(0, line.length()) <= COMPARED_CHARACTERS
        ? line
        : line.substring(0, line.offsetByCodePoints(0, COMPARED_CHARACTERS));
  }

  /// @param query the name of a column
  static String comparableSql(String query) {
    return "pg_catalog.left(pg_catalog.regexp_replace(pg_catalog.btrim(%s, E' \\t\\r\\n;'), E'[ \\t\\r\\n]+', ' ', 'g'), %d)"
        .formatted(query, COMPARED_CHARACTERS);
  }
}
