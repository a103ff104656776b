package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.config.Setting;
import dev.slipway.config.Settings;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migrate.MigrationFailedException;
import dev.slipway.migrate.Observer;
import dev.slipway.migrate.Rehearsal;
import dev.slipway.migrate.Runner;
import dev.slipway.migrate.Settlement;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.History;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import dev.slipway.migration.Step;
import dev.slipway.postgres.ConnectionFailedException;
import dev.slipway.postgres.DatabaseCreation;
import dev.slipway.postgres.DatabaseException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `slipway migrate`, which is also what runs without arguments: applies what is missing in every
/// database that has a connection string and a changelog.
///
/// A dry run tells what is due. Whether the preconditions of migrations hold it does not ask: what
/// they say may depend on the migrations before. One that executes does, see [Rehearsal].
///
/// First all of them are looked at, then the work begins: a changelog that cannot be sent stops the
/// run before any database is touched. Otherwise a failure of one does not stop the others, unless
/// that is wanted.
public final class MigrateCommand {
  private final Environment environment;
  private final Settings settings;
  private final Console console;
  private final List<Job> jobs = new ArrayList<>();

  /// Set by the first failure where it stops the others.
  private volatile boolean stopped;

  /// One database on its way through the run.
  private final class Job implements AutoCloseable {
    private final Assignment assignment;
    private final Optional<Migration> to;
    private final Report report;
    private final Events events;
    private @Nullable OpenDatabase database;
    private @Nullable Plan plan;

    Job(Assignment assignment) {
      this.assignment = assignment;
      this.to = last(settings, assignment);
      this.report = new Report(assignment.name());
      this.events = new Events(console, settings, report);
    }

    /// The open database; connects if it is not.
    private OpenDatabase open() throws SQLException {
      OpenDatabase opened = database;
      if (opened == null) {
        opened = OpenDatabase.open(assignment, events, environment.interruption());
        database = opened;
      }
      return opened;
    }

    private Runner runner(OpenDatabase opened) {
      return new Runner(
          opened.target(),
          assignment.changelog(),
          to,
          assignment.runSettings(environment.version()),
          events);
    }

    @Override
    public void close() {
      if (database != null) {
        database.close();
        database = null;
      }
    }
  }

  public MigrateCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
    this.console = environment.console();
  }

  /// With `WIPE_DATABASE=true` in the environment it is `resync --wipe`, which ends with it.
  ///
  /// @return the exit code
  public int run() {
    return settings.wipesDatabase()
        ? new ResyncCommand(environment, settings).wipeByVariable()
        : run(Assignments.load(settings, environment.readers()), Optional.empty());
  }

  /// @param extra what JSON says of each database beside what was migrated
  int run(Assignments assignments, Optional<Json.Extra> extra) {
    for (Assignment assignment : assignments.all()) {
      jobs.add(new Job(assignment));
    }
    Databases.tellSkipped(console, assignments);
    try {
      SideBySide.forEach(jobs, settings.parallel(), this::begin);
      if (!changelogFailed()) {
        SideBySide.forEach(jobs, settings.parallel(), this::end);
      }
    } finally {
      jobs.forEach(Job::close);
    }
    List<Report> reports = new ArrayList<>();
    for (Job job : jobs) {
      reports.add(job.report);
    }
    if (settings.json()) {
      Json.printDatabases(
          console,
          reports,
          (json, report) -> {
            if (extra.isPresent()) {
              extra.get().write(json, report);
            }
            writeExtra(json, report);
          });
    }
    return Databases.exitCode(reports);
  }

  private void begin(Job job) {
    attempt(job, this::prepare);
    // A role may be limited to one connection, on all databases of its server together.
    if (jobs.size() > 1) {
      job.close();
    }
  }

  private void end(Job job) {
    if (stopped && job.report.failure().isEmpty()) {
      job.events.finished(
          "not begun, since another database failed" + Databases.standing(job.report));
      return;
    }
    attempt(job, this::work);
    job.close();
  }

  /// The migration that is asked for as the last.
  static Optional<Migration> last(Settings settings, Assignment assignment) {
    return settings
        .to()
        .map(
            reference ->
                UsageException.only(
                    assignment.changelog().find(reference),
                    settings.source(Setting.TO),
                    reference,
                    assignment.changelog().name()));
  }

  private boolean changelogFailed() {
    for (Job job : jobs) {
      if (job.report.failure().orElse(null) instanceof ChangelogException) {
        return true;
      }
    }
    return false;
  }

  /// A part of a job.
  @FunctionalInterface
  private interface Part {
    void run(Job job) throws SQLException;
  }

  /// Does it, unless the job has failed; a failure is the job's own.
  private void attempt(Job job, Part part) {
    if (job.report.failure().isPresent()) {
      return;
    }
    try {
      environment.interruption().refuseToGoOn();
      part.run(job);
    } catch (SQLException e) {
      failed(job, DatabaseException.of(e));
    } catch (UsageException e) {
      throw e;
    } catch (SlipwayException e) {
      failed(job, e);
    }
  }

  private void failed(Job job, SlipwayException failure) {
    job.events.failed(failure);
    stopped = stopped || settings.stopOnError();
  }

  private void prepare(Job job) throws SQLException {
    try {
      job.open();
    } catch (ConnectionFailedException e) {
      if (!e.isMissingDatabase() || !job.assignment.settings().createDatabase()) {
        throw e;
      }
      if (settings.dryRunExecutes()) {
        throw DryRun.refusal(DatabaseCreation.name(job.assignment.connection()));
      }
      prepareWithout(job);
      if (settings.dryRun()) {
        return;
      }
      OpenDatabase.create(job.assignment, job.events, environment.interruption());
    }
    OpenDatabase database = job.open();
    Databases.look(database, job.report);
    refuseOlder(job, database);
    job.plan = job.runner(database).prepare();
    Notices.tell(database, job.plan, job.events);
  }

  /// The same for a database that is still to be made: not before its changelog is known to be fit
  /// to be sent.
  private void prepareWithout(Job job) {
    Changelog changelog = job.assignment.changelog();
    job.report.found(Planner.plan(changelog, History.EMPTY), History.EMPTY);
    Plan plan =
        job.to
            .map(migration -> Planner.planTo(changelog, History.EMPTY, migration))
            .orElseGet(() -> Planner.plan(changelog, History.EMPTY));
    CompiledMigration.check(plan.due());
    job.plan = plan;
    if (settings.dryRun()) {
      job.events.notice(
          "would create database \"%s\""
              .formatted(DatabaseCreation.name(job.assignment.connection())));
    }
  }

  /// What the failed run has changed; where the session is gone nobody knows, and nothing is said.
  private static void lookAgain(Job job) {
    OpenDatabase database = job.database;
    if (database == null || database.target().session().isClosed()) {
      job.report.foundNothing();
    } else {
      Databases.look(database, job.report);
    }
  }

  /// There is no way down: an older end than what is applied cannot be reached.
  private static void refuseOlder(Job job, OpenDatabase database) {
    if (job.to.isEmpty()) {
      return;
    }
    boolean behind = false;
    for (Migration migration : job.assignment.changelog().migrations()) {
      if (behind && database.target().history().records(migration.id())) {
        throw UsageException.older(job.to.get().id().value(), migration.id().value());
      }
      behind = behind || migration.equals(job.to.get());
    }
  }

  private void work(Job job) throws SQLException {
    Plan plan = job.plan;
    if (plan == null) {
      return;
    }
    List<Migration> due = plan.due();
    if (settings.dryRun()) {
      dryRun(job, due);
      return;
    }
    if (due.isEmpty()) {
      finish(job, "nothing to do");
      return;
    }
    try {
      run(job, plan);
    } catch (SlipwayException | SQLException e) {
      lookAgain(job);
      finish(job, "failed, " + tally(job.report));
      throw e;
    }
    Databases.look(job.open(), job.report);
    finish(job, didNothing(job.report) ? "nothing to do" : tally(job.report));
  }

  /// Goes on, with another session, where only an answer was lost.
  private void run(Job job, Plan plan) throws SQLException {
    boolean done = false;
    while (!done) {
      OpenDatabase database = job.open();
      try (Observer _ = database.observe(job.events)) {
        job.runner(database).run();
        done = true;
      } catch (MigrationFailedException failure) {
        if (!failure.isUnsettled()) {
          throw failure;
        }
        settle(job, plan, failure);
      }
    }
  }

  /// @throws MigrationFailedException unless the migration is applied and the run may go on
  private void settle(Job job, Plan plan, MigrationFailedException failure) {
    Migration migration = failure.migration();
    switch (settlement(job, failure)) {
      case OPEN -> throw failure;
      case ROLLED_BACK -> throw failure.settled(notApplied(job, plan, migration));
      case APPLIED -> {
        job.events.settled(migration.id());
        if (failure.isEndedByServer()) {
          throw failure.settled(new TargetState.Applied(migration.id().value()));
        }
      }
    }
  }

  /// What is left of a migration whose COMMIT had no effect: nothing, but for what the statements
  /// of one without a transaction have done by then.
  private static TargetState notApplied(Job job, Plan plan, Migration migration) {
    Databases.look(Objects.requireNonNull(job.database), job.report);
    for (Step.PartiallyApplied step : job.report.plan().orElse(plan).partiallyApplied()) {
      if (step.migration().equals(migration)) {
        return new TargetState.HalfApplied(
            migration.id().value(), step.begun().statementsDone(), step.begun().statements());
      }
    }
    List<Report.Done> before = job.report.appliedNow();
    return new TargetState.RolledBack(
        before.size(), plan.due().size(), before.isEmpty() ? "" : before.getLast().id().value());
  }

  private Settlement settlement(Job job, MigrationFailedException failure) {
    job.close();
    try {
      return Settlement.of(
          failure.migration(),
          job.open().target(),
          job.assignment.runSettings(environment.version()),
          job.events);
    } catch (SlipwayException | SQLException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private static boolean didNothing(Report report) {
    return report.appliedNow().isEmpty()
        && report.markedNow().isEmpty()
        && report.passedOverNow().isEmpty();
  }

  /// What this run did: `2 applied`, and where there are some `, 1 marked`, `, 1 passed over`.
  private static String tally(Report report) {
    return report.appliedNow().size()
        + " applied"
        + Databases.count(report.markedNow().size(), "marked")
        + Databases.count(report.passedOverNow().size(), "passed over");
  }

  private void dryRun(Job job, List<Migration> due) throws SQLException {
    var dryRun = new DryRun(console, job.report, job.events);
    job.report.wouldApply(due);
    if (!settings.dryRunExecutes()) {
      if (!settings.json()) {
        dryRun.tellDue();
      }
      return;
    }
    Rehearsal.Result result = due.isEmpty() ? Rehearsal.Result.EMPTY : rehearse(job);
    job.report.tried(result);
    if (!settings.json()) {
      dryRun.tell(result);
    }
    if (result.failure().isPresent()) {
      throw result.failure().get();
    }
  }

  private Rehearsal.Result rehearse(Job job) throws SQLException {
    OpenDatabase database = job.open();
    try (Observer _ = database.observe(job.events)) {
      return job.runner(database).rehearse();
    }
  }

  private static void finish(Job job, String what) {
    job.events.finished(what + Databases.standing(job.report));
  }

  /// With each migration's id: `applied_now` are those that were run, `marked_now` those that were
  /// recorded without that, `passed_over_now` those that a precondition or a failure left pending.
  private void writeExtra(JsonGenerator json, Report report) throws IOException {
    if (settings.dryRun()) {
      DryRun.write(json, report);
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
    Json.writeIds(json, "marked_now", texts(report.markedNow()));
    Json.writeIds(json, "passed_over_now", texts(report.passedOverNow()));
  }

  private static List<String> texts(List<MigrationId> ids) {
    return ids.stream().map(MigrationId::value).toList();
  }
}
