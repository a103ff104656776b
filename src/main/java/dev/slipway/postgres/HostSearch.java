package dev.slipway.postgres;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.HostAddress;
import dev.slipway.config.TargetSession;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.ConnectionFactory;
import org.postgresql.util.HostSpec;

/// One look at a connection string's hosts, in their order, for one that will do. As with Npgsql,
/// whatever goes wrong with one leads to the next.
final class HostSearch implements AutoCloseable {
  private final ConnectionString to;
  private final TargetSession target;
  private final Optional<String> database;
  private final Optional<Identifier> role;
  private final String user;
  private final List<HostFailure> failures = new ArrayList<>();

  /// What is taken where the kind that is preferred is not to be had.
  private @Nullable Session substitute;

  /// @param database instead of the connection string's
  /// @param role as for [Connector]
  HostSearch(
      ConnectionString to,
      TargetSession target,
      Optional<String> database,
      Optional<Identifier> role) {
    this.to = to;
    this.target = target;
    this.database = database;
    this.role = role;
    this.user = user(to);
  }

  /// Who logs in.
  static String user(ConnectionString to) {
    return to.username().orElse(System.getProperty("user.name", "postgres"));
  }

  /// @param leftMillis how long all of it may take, in equal parts, as one host that does not
  /// answer must not leave nothing to the others; no host has less than a second
  /// @return nothing if no host will do: see [#failures]
  @Nullable Session find(long leftMillis) {
    long begin = System.nanoTime();
    List<HostAddress> hosts = to.hosts();
    for (int i = 0; i < hosts.size(); i++) {
      long left = leftMillis - (System.nanoTime() - begin) / 1_000_000;
      Session session = open(hosts.get(i), left / (hosts.size() - i));
      if (session != null) {
        return session;
      }
    }
    Session second = substitute;
    substitute = null;
    return second;
  }

  /// Why none of the hosts will do, in their order.
  List<HostFailure> failures() {
    return failures;
  }

  private @Nullable Session open(HostAddress address, long leftMillis) {
    try {
      return sorted(connect(address, leftMillis), address);
    } catch (SQLException e) {
      failures.add(HostFailure.Refused.of(address, to, e));
      return null;
    }
  }

  /// The session, if it is what is wished for most.
  private @Nullable Session sorted(Session session, HostAddress address) throws SQLException {
    HostState state;
    try {
      if (target == TargetSession.ANY) {
        session.waitForAnswers();
        return session;
      }
      state = HostState.of(session);
      session.waitForAnswers();
    } catch (SQLException e) {
      session.close();
      throw e;
    }
    if (state.suits(target)) {
      return session;
    }
    if (isPreference() && substitute == null) {
      substitute = session;
    } else {
      session.close();
    }
    failures.add(new HostFailure.Unsuitable(address, state));
    return null;
  }

  private boolean isPreference() {
    return target == TargetSession.PREFER_PRIMARY || target == TargetSession.PREFER_STANDBY;
  }

  private Session connect(HostAddress address, long leftMillis) throws SQLException {
    var host =
        new HostSpec(
            address.unixSocket().isPresent() ? "localhost" : address.host(), address.port());
    Properties properties = properties(address, leftMillis);
    Session session;
    try {
      session = login(host, properties);
    } catch (SQLException e) {
      if (!refusesSettings(e)) {
        throw e;
      }
      properties.remove("currentSchema");
      properties.remove("options");
      session = login(host, properties);
    }
    try {
      prepare(session);
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private Session login(HostSpec host, Properties properties) throws SQLException {
    return new Session(
        ConnectionFactory.openConnection(new HostSpec[] {host}, properties),
        to.commandTimeout(),
        new SessionSettings(to, role));
  }

  /// PgBouncer refuses what it cannot hand on, unless it is told to ignore it. Behind a pooler each
  /// transaction sets it anyhow.
  private boolean refusesSettings(SQLException e) {
    return String.valueOf(e.getMessage()).contains("unsupported startup parameter")
        && (to.options().isEmpty() || StartupOptions.settings(to.options().get()).isPresent());
  }

  /// pgjdbc's connectTimeout ends with the TCP connection. A server that accepts and says nothing
  /// must not hold us either, so until the session stands, no answer may take longer.
  private Properties properties(HostAddress address, long leftMillis) {
    Properties properties = ConnectionProperties.of(to, address, user, leftMillis);
    if (database.isPresent()) {
      properties.setProperty("PGDBNAME", database.get());
    }
    String seconds = properties.getProperty("connectTimeout");
    properties.setProperty("socketTimeout", seconds);
    properties.setProperty("sslResponseTimeout", seconds.concat("000"));
    return properties;
  }

  /// What is set here would stay on a pooler's connection, and be in force for others.
  private void prepare(Session session) throws SQLException {
    if (session.hasStandardStrings() && role.isEmpty()) {
      return;
    }
    session.findsPooler(session.query("SELECT pg_catalog.pg_backend_pid()").getFirst().number(0));
    if (!session.hasStandardStrings() && !session.isPooled()) {
      session.execute(SessionReset.STANDARD_STRINGS);
    }
    if (role.isPresent()) {
      takeRole(session, role.get());
    }
  }

  private void takeRole(Session session, Identifier name) throws SQLException {
    try {
      // Behind a pooler whatever is asked first takes it.
      session.execute(session.isPooled() ? "SELECT" : SessionReset.setRole(role));
    } catch (SQLException e) {
      if (ServerError.isAnswer(e) && !ServerError.of(e).endsSession()) {
        throw new RoleRefusedException(name, user, e);
      }
      throw e;
    }
  }

  @Override
  public void close() {
    Session unused = substitute;
    if (unused != null) {
      unused.close();
    }
  }
}
