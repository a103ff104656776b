package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.config.ResyncProgress;
import dev.slipway.config.Settings;
import dev.slipway.migrate.Conflicts;
import dev.slipway.migrate.RunInProgress;
import dev.slipway.migration.History;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import dev.slipway.migration.Step;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.postgres.Session;
import dev.slipway.resync.Progress;
import dev.slipway.resync.ProgressQuery;
import dev.slipway.resync.ProgressUnknownException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// `slipway status`: where each database stands towards its changelog. Writes nothing, except that
/// it remembers how far a resync was, where the changelog's author defines that.
public final class StatusCommand {
  private final Environment environment;
  private final Settings settings;
  private final Console console;

  public StatusCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
    this.console = environment.console();
  }

  /// @return 0 if all are up to date, 1 if something is pending, the gravest failure otherwise
  public int run() {
    List<Report> reports = new Inspection(environment, settings).run(this::look);
    int code = ExitCodes.DONE;
    for (Report report : reports) {
      code = ExitCodes.gravest(code, code(report));
    }
    if (settings.json()) {
      Json.printDatabases(console, reports, StatusCommand::writeResync);
    }
    return code;
  }

  /// What is not known is left out.
  private static void writeResync(JsonGenerator json, Report report) throws IOException {
    if (report.resync().isEmpty()) {
      return;
    }
    Progress progress = report.resync().get();
    json.writeObjectFieldStart("resync");
    json.writeNumberField("done", progress.done());
    json.writeNumberField("total", progress.total());
    if (progress.pace().isPresent()) {
      Progress.Pace pace = progress.pace().get();
      json.writeNumberField("rate", pace.perSecond());
      json.writeStringField("since", seconds(pace.since()));
      if (pace.expectedEnd().isPresent()) {
        json.writeStringField("expected_end", seconds(pace.expectedEnd().get()));
      }
    }
    json.writeEndObject();
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static int code(Report report) {
    return report
        .failure()
        .map(failure -> ExitCodes.of(failure.kind()))
        .orElseGet(() -> report.state().map(ExitCodes::of).orElse(ExitCodes.DONE));
  }

  /// What looked as if it had stopped half-way, and is being applied by a run that is alive.
  private static void tellRunning(Plan seen, Plan settled, Events events) {
    for (Step.PartiallyApplied step : seen.partiallyApplied()) {
      if (settled.pending().contains(step.migration().id().value())
          && settled.partiallyApplied().isEmpty()) {
        events.notice("a run is applying \"%s\" at this moment".formatted(step.migration()));
      }
    }
    if (!seen.halfEmptied().isEmpty() && settled.halfEmptied().isEmpty()) {
      events.notice("a run is emptying the database at this moment");
    }
  }

  private void look(Assignment assignment, OpenDatabase database, Report report, Events events)
      throws SQLException {
    Supplier<Plan> planner =
        () -> Planner.plan(assignment.changelog(), database.target().history());
    Plan seen = planner.get();
    Plan plan = RunInProgress.settle(database.target(), planner);
    report.found(plan, database.target().history());
    if (!settings.json()) {
      print(report, plan);
    }
    Notices.tell(database, plan, events);
    Conflicts.refuse(plan, database.target(), assignment.changelog());
    for (Step.PartiallyApplied step : plan.partiallyApplied()) {
      events.notice("the next run goes on with \"%s\"".formatted(step.migration()));
    }
    tellRunning(seen, plan, events);
    Optional<ResyncProgress> defined = assignment.settings().resync().progress();
    if (defined.isPresent() && isComplete(plan)) {
      lookAtResync(defined.get(), database, report, events);
    }
  }

  /// Before that, the tables may not be there.
  private static boolean isComplete(Plan plan) {
    return switch (plan.state()) {
      case UP_TO_DATE, AHEAD -> true;
      case EMPTY, PENDING, CONFLICT, PARTIALLY_APPLIED -> false;
    };
  }

  private void lookAtResync(
      ResyncProgress defined, OpenDatabase database, Report report, Events events)
      throws SQLException {
    Session session = database.target().session();
    var query = ProgressQuery.of(session, database.target().historyTable(), defined);
    try {
      ProgressQuery.Seen seen = query.look();
      report.resync(seen.progress());
      if (!settings.json()) {
        console.result("resync    " + seen.progress().text());
      }
      query.note(seen);
    } catch (ProgressUnknownException e) {
      events.warn(e);
    } catch (SQLException e) {
      if (session.isCancelled()) {
        throw e;
      }
      events.warn(DatabaseException.of(e));
    }
  }

  private void print(Report report, Plan plan) {
    for (Step step : plan.steps()) {
      String line = line(step);
      if (!line.isEmpty()) {
        console.result(line);
      }
    }
    console.result(report.name() + Databases.standing(report).replaceFirst("^,", ":"));
  }

  /// Applied migrations are many, and not what one asks for; `--verbose` shows them.
  private String line(Step step) {
    return switch (step) {
      case Step.Applied(var migration) -> settings.verbose() ? "applied   " + migration.id() : "";
      case Step.Rewritten(var migration) -> settings.verbose() ? "applied   " + migration.id() : "";
      case Step.Pending(var migration) -> "pending   " + migration.id();
      case Step.OutOfOrder(var migration, _) -> "pending   " + migration.id();
      case Step.Beyond(var migration) -> "pending   " + migration.id();
      case Step.RepeatableDue(var migration, var text) ->
          switch (text) {
            case SAME -> "always    " + migration.id();
            case OTHER -> "changed   " + migration.id();
          };
      case Step.Modified(var migration, _) -> "modified  " + migration.id();
      case Step.PartiallyApplied(var migration, var begun, _) ->
          partial(migration.id().value(), begun);
      case Step.Abandoned(var begun) -> partial(begun.id(), begun);
      case Step.HalfEmptied _ -> ""; // The failure says it.
      case Step.UnknownOlder(var id) -> "unknown   " + id;
      case Step.UnknownNewer(var id) -> "unknown   " + id;
      case Step.OfOthers(var id) -> settings.verbose() ? "others'   " + id : "";
    };
  }

  private static String partial(String id, History.JournalEntry begun) {
    return "partial   " + id + "  stopped at statement " + (begun.statementsDone() + 1);
  }
}
