package dev.slipway.cli;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.Settings;
import dev.slipway.failure.SlipwayException;
import dev.slipway.history.HistoryNames;
import dev.slipway.history.HistoryTable;
import dev.slipway.history.Route;
import dev.slipway.history.SessionFacts;
import dev.slipway.history.SessionFacts.Presence;
import dev.slipway.history.SessionFacts.Privilege;
import dev.slipway.history.SessionFacts.Standing;
import dev.slipway.migrate.Readiness;
import dev.slipway.migrate.RunSettings.MissingSchema;
import dev.slipway.migrate.Target;
import dev.slipway.migration.Changelog;
import dev.slipway.postgres.Connector;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a connection looks like from inside, and whether a run could begin there. Nothing is
/// written. What was found before a failure stays found.
final class ConnectionCheck {
  private final Environment environment;
  private final Configuration.Database database;
  private final Verdict verdict;
  private final Report report;
  private final Events events;
  private final List<CheckFact> facts = new ArrayList<>();

  /// Whether it is a failure that a run could not begin.
  enum Verdict {
    JUDGE,
    /// No run will begin there.
    DESCRIBE
  }

  ConnectionCheck(Environment environment, Configuration.Database database, Verdict verdict) {
    this.environment = environment;
    this.database = database;
    this.verdict = verdict;
    this.report = new Report(database.name());
    this.events = new Events(environment.console(), database.own(), report);
  }

  List<CheckFact> facts() {
    return facts;
  }

  /// With the failure, if there was one.
  Report report() {
    return report;
  }

  /// The failure, if there was one, is told behind the facts.
  void tellFailure() {
    report.failure().ifPresent(events::failed);
  }

  /// @param clock ours
  void run(ConnectionString connection, Clock clock) {
    Settings own = database.own();
    var connector = new Connector(own.startWait(), own.role().map(Identifier::new), events);
    try (Session session = environment.interruption().connect(connector, connection)) {
      try {
        describe(SessionFacts.read(session, clock));
        Optional<Changelog> changelog =
            database
                .changelog()
                .map(path -> LocalChangelogs.load(path, environment.readers(), own));
        look(session, connection, changelog);
      } finally {
        environment.interruption().forget(session);
      }
    } catch (SQLException e) {
      report.failed(DatabaseException.of(e));
    } catch (SlipwayException e) {
      report.failed(e);
    }
  }

  private void describe(SessionFacts found) {
    SessionFacts.Server server = found.server();
    facts.add(CheckFact.of("server_version", server.version()));
    facts.add(
        server
            .address()
            .map(address -> CheckFact.of("address", address))
            .orElseGet(() -> CheckFact.none("address", "Unix-domain socket")));
    facts.add(
        server
            .tls()
            .map(tls -> CheckFact.of("tls", tls.version()))
            .orElseGet(() -> CheckFact.none("tls", "none")));
    server.tls().ifPresent(tls -> facts.add(CheckFact.of("tls_cipher", tls.cipher())));
    facts.add(CheckFact.of("pooler", server.route() == Route.POOLER));
    facts.add(CheckFact.of("standby", server.standing() == Standing.STANDBY));
    facts.add(CheckFact.of("read_only", server.standing() != Standing.WRITABLE));
    facts.add(CheckFact.of("database", found.roles().database()));
    facts.add(CheckFact.of("encoding", server.encoding()));
    facts.add(CheckFact.of("time_zone", found.timeZone()));
    facts.add(CheckFact.of("clock_difference_ms", found.clockDifference().toMillis()));
    facts.add(CheckFact.of("login_role", found.roles().login()));
    facts.add(CheckFact.of("role", found.roles().inForce()));
    facts.add(CheckFact.of("superuser", found.roles().privilege() == Privilege.SUPERUSER));
    facts.add(CheckFact.of("database_rights", found.roles().rights()));
    describe(found.path());
  }

  private void describe(SessionFacts.Path path) {
    facts.add(CheckFact.of("search_path", path.setting()));
    if (path.first().isEmpty()) {
      facts.add(CheckFact.none("schema", "none"));
      return;
    }
    SessionFacts.Schema first = path.first().get();
    facts.add(CheckFact.of("schema", first.name()));
    facts.add(CheckFact.of("schema_exists", first.presence() == Presence.PRESENT));
    facts.add(CheckFact.of("schema_rights", first.rights()));
  }

  private void look(Session session, ConnectionString connection, Optional<Changelog> changelog)
      throws SQLException {
    Settings own = database.own();
    HistoryNames names =
        Histories.names(connection.searchPath(), own, changelog.flatMap(Changelog::history));
    Target target =
        Target.open(
            database.name(), session, names, Target.Purpose.CHANGE, own.runLockWait(), events);
    HistoryTable history = target.historyTable();
    facts.add(
        CheckFact.of("history_table", history.schema().value() + "." + history.table().value()));
    facts.add(CheckFact.of("history_exists", history.exists()));
    if (history.exists()) {
      facts.add(CheckFact.of("history_rows", target.history().rows().size()));
      facts.add(CheckFact.of("history_rights", SessionFacts.rights(session, history.quoted())));
    }
    facts.add(CheckFact.of("journal_exists", history.hasJournal()));
    if (history.hasJournal()) {
      facts.add(
          CheckFact.of("journal_rights", SessionFacts.rights(session, history.quotedJournal())));
    }
    if (verdict == Verdict.JUDGE) {
      Readiness.check(
          target, changelog, own.createSchema() ? MissingSchema.CREATE : MissingSchema.REFUSE);
    }
  }
}
