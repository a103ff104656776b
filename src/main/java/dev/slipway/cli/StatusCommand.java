package dev.slipway.cli;

import dev.slipway.config.Settings;
import dev.slipway.migrate.Conflicts;
import dev.slipway.migrate.RunInProgress;
import dev.slipway.migration.History;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import dev.slipway.migration.Step;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/// `slipway status`: where each database stands towards its changelog. Writes nothing.
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
      Json.printDatabases(console, reports, (json, report) -> {});
    }
    return code;
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
      case Step.RepeatableDue(var migration) -> due(migration);
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

  private static String due(Migration migration) {
    return switch (migration.rerun()) {
      case ALWAYS -> "always    " + migration.id();
      case ON_CHANGE, NEVER -> "changed   " + migration.id();
    };
  }
}
