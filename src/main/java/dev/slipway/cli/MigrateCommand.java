package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.config.Settings;
import dev.slipway.failure.SlipwayException;
import dev.slipway.migrate.RunSettings;
import dev.slipway.migrate.RunSettings.MissingSchema;
import dev.slipway.migrate.Runner;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.sql.Identifier;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `slipway migrate`, which is also what runs without arguments: applies what is missing in every
/// database that has a connection string and a changelog.
///
/// First all of them are looked at, then the work begins: a changelog that cannot be sent stops the
/// run before any database is touched. Otherwise a failure of one does not stop the others.
public final class MigrateCommand {
  private final Environment environment;
  private final Settings settings;
  private final Console console;
  private final List<Report> reports = new ArrayList<>();

  /// A database that was looked at and may be worked on.
  private record Prepared(OpenDatabase database, Runner runner, Report report, EventText events) {}

  public MigrateCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
    this.console = environment.console();
  }

  /// @return the exit code
  public int run() {
    Assignments assignments = Assignments.load(settings, environment.readers());
    List<Optional<Migration>> ends = new ArrayList<>();
    for (Assignment assignment : assignments.all()) {
      ends.add(end(assignment));
    }
    Databases.tellSkipped(console, assignments);
    List<Prepared> prepared = new ArrayList<>();
    try {
      for (int i = 0; i < assignments.all().size(); i++) {
        prepare(assignments.all().get(i), ends.get(i), prepared);
      }
      if (!changelogFailed()) {
        for (Prepared one : prepared) {
          work(one);
        }
      }
    } finally {
      for (Prepared one : prepared) {
        one.database.close();
      }
    }
    if (settings.json()) {
      Json.printDatabases(console, reports, this::writeExtra);
    }
    return Databases.exitCode(reports);
  }

  private Optional<Migration> end(Assignment assignment) {
    return settings
        .to()
        .map(
            reference ->
                assignment
                    .changelog()
                    .find(reference)
                    .orElseThrow(
                        () ->
                            UsageException.unknownMigration(
                                "--to", reference, assignment.changelog().name())));
  }

  private boolean changelogFailed() {
    return reports.stream()
        .anyMatch(report -> report.failure().orElse(null) instanceof ChangelogException);
  }

  private void prepare(Assignment assignment, Optional<Migration> to, List<Prepared> prepared) {
    var report = new Report(assignment.name());
    reports.add(report);
    var events = new EventText(console, settings, report);
    try {
      OpenDatabase database = OpenDatabase.open(assignment, events, environment.interruption());
      var runner =
          new Runner(
              database.target(), assignment.changelog(), to, runSettings(assignment), events);
      prepared.add(new Prepared(database, runner, report, events));
      look(database, report);
      refuseOlder(database, to);
      runner.prepare();
    } catch (SQLException e) {
      fail(report, DatabaseException.of(e));
    } catch (SlipwayException e) {
      if (e instanceof UsageException) {
        throw e;
      }
      fail(report, e);
    }
  }

  private static void look(OpenDatabase database, Report report) {
    report.found(
        Planner.plan(database.assignment().changelog(), database.target().history()),
        database.target().history());
  }

  /// There is no way down: an older end than what is applied cannot be reached.
  private static void refuseOlder(OpenDatabase database, Optional<Migration> to) {
    if (to.isEmpty()) {
      return;
    }
    boolean behind = false;
    for (Migration migration : database.assignment().changelog().migrations()) {
      if (behind && database.target().history().records(migration.id())) {
        throw UsageException.older(to.get().id().value(), migration.id().value());
      }
      behind = behind || migration.equals(to.get());
    }
  }

  private RunSettings runSettings(Assignment assignment) {
    Settings own = assignment.settings();
    return new RunSettings(
        own.lockTimeout(),
        own.runLockWait(),
        own.role().map(Identifier::new),
        own.createSchema() ? MissingSchema.CREATE : MissingSchema.REFUSE,
        environment.version());
  }

  private void work(Prepared prepared) {
    Report report = prepared.report;
    if (report.failure().isPresent()) {
      return;
    }
    Plan plan = prepared.runner.plan();
    Notices.tell(prepared.database, plan, prepared.events);
    try {
      if (settings.dryRun()) {
        tellDryRun(report, plan);
      } else {
        if (!plan.due().isEmpty()) {
          prepared.runner.run();
        }
        look(prepared.database, report);
        tellDone(report);
      }
    } catch (SQLException e) {
      fail(report, DatabaseException.of(e));
    } catch (SlipwayException e) {
      fail(report, e);
    }
  }

  private void tellDryRun(Report report, Plan plan) {
    if (settings.json()) {
      return;
    }
    List<Migration> due = plan.due();
    for (Migration migration : due) {
      console.result("would apply  " + migration.id());
    }
    console.result(report.name() + ": " + due.size() + " would be applied, nothing was changed");
  }

  private void tellDone(Report report) {
    if (!settings.json()) {
      int applied = report.appliedNow().size();
      console.result(
          report.name()
              + ": "
              + (applied == 0 ? "nothing to do" : applied + " applied")
              + Databases.standing(report));
    }
  }

  private void fail(Report report, SlipwayException failure) {
    report.failed(failure);
    if (!settings.json()) {
      FailureText.print(console, report.name(), failure);
    }
  }

  private void writeExtra(JsonGenerator json, Report report) throws IOException {
    if (settings.dryRun()) {
      Json.writeIds(
          json, "would_apply", report.plan().map(plan -> ids(plan.due())).orElse(List.of()));
      return;
    }
    json.writeArrayFieldStart("applied_now");
    for (Report.Done done : report.appliedNow()) {
      json.writeStartObject();
      json.writeStringField("id", done.id().value());
      json.writeNumberField("milliseconds", done.duration().toMillis());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static List<String> ids(List<Migration> migrations) {
    return migrations.stream().map(migration -> migration.id().value()).toList();
  }
}
