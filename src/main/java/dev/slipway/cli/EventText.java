package dev.slipway.cli;

import dev.slipway.config.Settings;
import dev.slipway.failure.SlipwayException;
import dev.slipway.history.LockHolder;
import dev.slipway.migrate.RunEvent;
import dev.slipway.migration.MigrationId;
import dev.slipway.postgres.Connector;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// What happens in one database, as lines for people: what was recorded on stdout, all else on
/// stderr.
final class EventText implements RunEvent.Listener, Connector.Listener {
  private final Console console;
  private final Settings settings;
  private final Report report;

  /// A run looks before it has the lock and again when it has it; what it warns of is told once.
  private final Set<String> warnings = new HashSet<>();

  EventText(Console console, Settings settings, Report report) {
    this.console = console;
    this.settings = settings;
    this.report = report;
  }

  void warn(String text) {
    console.progress(
        console.colored(Console.Color.YELLOW, "warning: ") + report.name() + ": " + text);
  }

  void notice(String text) {
    console.progress("notice: " + report.name() + ": " + text);
  }

  /// The end of the work on this database.
  void failed(SlipwayException failure) {
    report.failed(failure);
    if (!settings.json()) {
      FailureText.print(console, report.name(), failure);
    }
  }

  @Override
  public void waitingForServer(String reason, Duration waited) {
    console.progress(
        "%s: waiting for the server (%d s): %s"
            .formatted(report.name(), waited.toSeconds(), reason));
  }

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.WaitingForRun(var holder, var waited) ->
          waiting("waiting for the migration lock", holder, waited);
      case RunEvent.WaitingForHistory(var holder, var waited) ->
          waiting("EF is migrating: waiting for its lock on the history", holder, waited);
      case RunEvent.Started(var migration, int number, int due) -> {
        if (settings.verbose()) {
          console.progress(
              "%s: applying %s (%d of %d) from %s"
                  .formatted(report.name(), migration, number, due, migration.origin()));
        }
      }
      case RunEvent.Applied(var id, var duration) -> applied(id, duration);
      case RunEvent.AppliedElsewhere(var id) -> notice(id + " was applied by somebody else");
      case RunEvent.Marked(var id, var why) -> marked(id, why);
      case RunEvent.PassedOver(var id, var why) -> {
        report.passedOver(id);
        notice("%s was passed over: %s".formatted(id, why));
      }
      case RunEvent.GaveUp(var id, var failure) -> {
        report.passedOver(id);
        FailureText.printWarning(console, report.name(), failure);
      }
      case RunEvent.Warning(var text) -> {
        if (warnings.add(text)) {
          warn(text);
        }
      }
      case RunEvent.Notice(var text) -> {
        if (settings.verbose() || text.startsWith("WARNING")) {
          console.progress("%s: %s".formatted(report.name(), text));
        }
      }
    }
  }

  private void applied(MigrationId id, Duration duration) {
    report.applied(id, duration);
    if (!settings.json()) {
      console.result("applied  " + id + "  " + duration.toMillis() + " ms");
    }
  }

  private void marked(MigrationId id, String why) {
    report.marked(id);
    notice("%s is recorded without being run: %s".formatted(id, why));
    if (!settings.json()) {
      console.result("marked   " + id);
    }
  }

  private void waiting(String what, Optional<LockHolder> holder, Duration waited) {
    console.progress(
        report.name()
            + ": "
            + what
            + holder.map(h -> ": " + h.text()).orElse("")
            + (waited.toSeconds() > 0 ? " (waited %d s)".formatted(waited.toSeconds()) : ""));
  }
}
