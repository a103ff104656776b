package dev.slipway.history;

import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// What a server tells of a session, for people who want to know where they are and what they may
/// do there. Nothing is written.
///
/// @param clockDifference how far the server's clock is ahead of ours; negative: behind
public record SessionFacts(
    Server server, Roles roles, Path path, Duration clockDifference, String timeZone) {
  /// Separates schema names in one bound value; no sane name holds it.
  private static final String SEPARATOR = "\u0001";

  private static final String SERVER =
      """
      SELECT pg_catalog.current_setting('server_version'),
             pg_catalog.host(pg_catalog.inet_server_addr()), pg_catalog.inet_server_port(),
             pg_catalog.current_setting('server_encoding'), pg_catalog.pg_is_in_recovery(),
             pg_catalog.current_setting('transaction_read_only') = 'on',
             pg_catalog.pg_backend_pid(), s.ssl, s.version, s.cipher,
             pg_catalog.current_setting('TimeZone'), pg_catalog.current_setting('search_path')
      FROM (SELECT 1) AS one
      LEFT JOIN pg_catalog.pg_stat_ssl AS s ON s.pid = pg_catalog.pg_backend_pid()""";

  private static final String ROLES =
      """
      SELECT current_database(), session_user, current_user,
             (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
             pg_catalog.has_database_privilege(current_database(), 'CONNECT'),
             pg_catalog.has_database_privilege(current_database(), 'CREATE')""";

  private static final String SCHEMAS =
      """
      SELECT nspname, pg_catalog.has_schema_privilege(oid, 'USAGE'),
             pg_catalog.has_schema_privilege(oid, 'CREATE')
      FROM pg_catalog.pg_namespace
      WHERE nspname = ANY (pg_catalog.string_to_array($1, pg_catalog.chr(1)))""";

  private static final String TABLE_RIGHTS =
      """
      SELECT p FROM pg_catalog.unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[])
        WITH ORDINALITY AS rights(p, place)
      WHERE pg_catalog.has_table_privilege($1, p) ORDER BY place""";

  private static final String CLOCK =
      "SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint";

  /// The server that answers.
  ///
  /// @param address as the server knows it; empty: a Unix-domain socket
  /// @param tls of the connection that the server has
  public record Server(
      String version,
      Optional<String> address,
      String encoding,
      Standing standing,
      Route route,
      Optional<Tls> tls) {}

  /// Whether it can be written to.
  public enum Standing {
    WRITABLE,
    /// The role, the database or the server is set to read-only.
    READ_ONLY,
    /// It is in recovery.
    STANDBY
  }

  /// How a connection is encrypted.
  public record Tls(String version, String cipher) {}

  /// Who works, and what the database lets them do.
  ///
  /// @param inForce the role whose rights count, after SET ROLE
  /// @param rights of CONNECT and CREATE, those that it has
  public record Roles(
      String database, String login, String inForce, Privilege privilege, List<String> rights) {
    public Roles {
      rights = List.copyOf(rights);
    }
  }

  /// Whether rights are checked at all.
  public enum Privilege {
    ORDINARY,
    SUPERUSER
  }

  /// Where names without a schema lead.
  ///
  /// @param setting as it is in force
  /// @param first the first named schema; empty if none is named
  public record Path(String setting, Optional<Schema> first) {}

  /// A schema, there or not.
  ///
  /// @param rights of USAGE and CREATE, those that the role has; empty if the schema is missing
  public record Schema(String name, Presence presence, List<String> rights) {
    public Schema {
      rights = List.copyOf(rights);
    }
  }

  /// Whether something is there.
  public enum Presence {
    PRESENT,
    MISSING
  }

  /// @param clock ours
  public static SessionFacts read(Session session, Clock clock) throws SQLException {
    Row row = session.query(SERVER).getFirst();
    if (session.findsPooler(row.number(6))) {
      row = session.query(SERVER).getFirst();
    }
    Roles roles = roles(session.query(ROLES).getFirst());
    var server =
        new Server(
            row.text(0),
            row.isNull(1) ? Optional.empty() : Optional.of(address(row.text(1), row.text(2))),
            row.text(3),
            row.isTrue(4)
                ? Standing.STANDBY
                : row.isTrue(5) ? Standing.READ_ONLY : Standing.WRITABLE,
            Route.of(session),
            row.isTrue(7) ? Optional.of(new Tls(row.text(8), row.text(9))) : Optional.empty());
    Path path = path(session, row.text(11), new Identifier(roles.inForce()));
    return new SessionFacts(server, roles, path, clockDifference(session, clock), row.text(10));
  }

  /// What the role may do with a table, of SELECT, INSERT, UPDATE and DELETE.
  ///
  /// @param table its name as SQL
  public static List<String> rights(Session session, String table) throws SQLException {
    List<String> rights = new ArrayList<>();
    for (Row row : session.query(TABLE_RIGHTS, table)) {
      rights.add(row.text(0));
    }
    return rights;
  }

  private static String address(String host, String port) {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  private static Roles roles(Row row) {
    return new Roles(
        row.text(0),
        row.text(1),
        row.text(2),
        row.isTrue(3) ? Privilege.SUPERUSER : Privilege.ORDINARY,
        rights(row, 4, "CONNECT", "CREATE"));
  }

  private static List<String> rights(Row row, int from, String... names) {
    List<String> rights = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      if (row.isTrue(from + i)) {
        rights.add(names[i]);
      }
    }
    return rights;
  }

  private static Path path(Session session, String setting, Identifier user) throws SQLException {
    SearchPath path = SearchPath.parse(setting);
    var joined = new StringJoiner(SEPARATOR);
    path.schemas(user).forEach(schema -> joined.add(schema.value()));
    Map<String, List<String>> there = new HashMap<>();
    for (Row row : session.query(SCHEMAS, joined.toString())) {
      there.put(row.text(0), rights(row, 1, "USAGE", "CREATE"));
    }
    for (SearchPath.Entry entry : path.entries()) {
      String name = entry.schema(user).value();
      @Nullable List<String> rights = there.get(name);
      if (rights != null) {
        return new Path(setting, Optional.of(new Schema(name, Presence.PRESENT, rights)));
      }
      if (!entry.isOptional()) {
        return new Path(setting, Optional.of(new Schema(name, Presence.MISSING, List.of())));
      }
    }
    return new Path(setting, Optional.empty());
  }

  /// The server read its clock in the middle of the round trip, as far as anybody can know.
  private static Duration clockDifference(Session session, Clock clock) throws SQLException {
    Instant before = clock.instant();
    long microseconds = session.query(CLOCK).getFirst().number(0);
    Instant after = clock.instant();
    Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
    return Duration.between(middle, Instant.EPOCH.plus(microseconds, ChronoUnit.MICROS));
  }
}
