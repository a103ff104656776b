package dev.slipway.cli;

import dev.slipway.config.Settings;
import dev.slipway.failure.SlipwayException;
import dev.slipway.postgres.DatabaseException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// One database after another, each with its report: what commands have in common that look at them
/// one by one. A failure of one does not keep the others from being looked at.
final class Inspection {
  private final Environment environment;
  private final Settings settings;

  /// What a command does with an open database.
  @FunctionalInterface
  interface Look {
    /// @throws SlipwayException also where what was found is a failure
    void at(Assignment assignment, OpenDatabase database, Report report, Events events)
        throws SQLException;
  }

  Inspection(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
  }

  List<Report> run(Look look) {
    return run(Assignments.load(settings, environment.readers()), look);
  }

  List<Report> run(Assignments assignments, Look look) {
    Databases.tellSkipped(environment.console(), assignments);
    List<Report> reports = new ArrayList<>();
    for (Assignment assignment : assignments.all()) {
      reports.add(run(assignment, look));
    }
    return reports;
  }

  private Report run(Assignment assignment, Look look) {
    var report = new Report(assignment.name());
    var events = new Events(environment.console(), settings, report);
    try (OpenDatabase database =
        OpenDatabase.look(assignment, events, environment.interruption())) {
      look.at(assignment, database, report, events);
    } catch (SQLException e) {
      events.failed(DatabaseException.of(e));
    } catch (SlipwayException e) {
      events.failed(e);
    }
    return report;
  }
}
