package dev.slipway.cli;

import dev.slipway.config.Settings;
import dev.slipway.failure.SlipwayException;
import dev.slipway.history.LockHolder;
import dev.slipway.history.SessionActivity.Progress;
import dev.slipway.migrate.RunEvent;
import dev.slipway.migration.MigrationId;
import dev.slipway.postgres.Connector;
import dev.slipway.resync.Contents;
import dev.slipway.resync.Wipe;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What happens in one database, noted in its report and told: what was recorded on stdout, all
/// else on stderr.
final class Events implements RunEvent.Listener, Connector.Listener, Wipe.Listener {
  private static final String MIGRATION_ID = "MigrationId";

  /// How often it is told again that the same still goes on, where lines stay.
  private static final long REPEAT_NANOS = Duration.ofSeconds(5).toNanos();

  private final Console console;
  private final Settings settings;
  private final Report report;

  /// When the migration that is being applied was begun, by [System#nanoTime].
  private long begun;

  /// The migration that is being applied; empty before the first.
  private String current = "";

  /// What was told last of what goes on, and when, by [System#nanoTime].
  private String told = "";

  private long toldAt;

  /// A run looks before it has the lock and again when it has it; what it warns of is told once.
  private final Set<String> warnings = new HashSet<>();

  Events(Console console, Settings settings, Report report) {
    this.console = console;
    this.settings = settings;
    this.report = report;
  }

  /// Told once, however often it is noticed.
  void warn(String text) {
    if (warnings.add(text)) {
      tell(LogEvent.Type.WARNING, text, Map.of());
    }
  }

  /// Something that the command does without.
  void warn(SlipwayException failure) {
    FailureText.printAside(console, report.name(), failure);
  }

  void notice(String text) {
    tell(LogEvent.Type.NOTICE, text, Map.of());
  }

  void createdDatabase(String database) {
    tell(LogEvent.Type.CREATED_DATABASE, "created database \"" + database + "\"", Map.of());
  }

  private void tell(LogEvent.Type type, String text, Map<String, Object> values) {
    console.progress(LogEvent.of(type, report.name(), text, values));
  }

  /// The end of the work on this database.
  void failed(SlipwayException failure) {
    report.failed(failure);
    if (!settings.json()) {
      FailureText.print(console, report.name(), failure);
    }
  }

  /// The summary line.
  void finished(String text) {
    if (settings.json()) {
      return;
    }
    Map<String, Object> values = new HashMap<>();
    report.state().ifPresent(state -> values.put("State", state.id()));
    report
        .plan()
        .ifPresent(
            plan -> {
              values.put("Applied", plan.applied().size());
              values.put("Pending", plan.pending().size());
              values.put("AppliedNow", report.appliedNow().size());
            });
    var event = LogEvent.of(LogEvent.Type.FINISHED, report.name(), text, values);
    console.result(event, event.sentence());
  }

  @Override
  public void waitingForServer(String reason, Duration waited) {
    tell(
        LogEvent.Type.WAITING,
        "waiting for the server (%d s): %s".formatted(waited.toSeconds(), reason),
        Map.of("For", "server", "Seconds", waited.toSeconds()));
  }

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.WaitingForRun(var holder, var waited) ->
          waiting("run", "waiting for the migration lock", holder, waited);
      case RunEvent.WaitingForHistory(var holder, var waited) ->
          waiting(
              "history", "EF is migrating: waiting for its lock on the history", holder, waited);
      case RunEvent.WaitingForBuild(var builder, var waited) ->
          waiting("build", "waiting for the build of an index", Optional.of(builder), waited);
      case RunEvent.WaitingForRecord(var id, var other, var waited) ->
          waiting(
              "record",
              "waiting for another session, which may be applying " + id,
              Optional.of(other),
              waited);
      case RunEvent.Started(var migration, int number, int due) -> {
        begun = System.nanoTime();
        current = migration.id().value();
        told = "";
        if (settings.verbose()) {
          tell(
              LogEvent.Type.APPLYING,
              "applying %s (%d of %d) from %s"
                  .formatted(migration, number, due, migration.origin()),
              of(migration.id()));
        }
      }
      case RunEvent.Applied(var id, var duration) -> applied(id, duration);
      case RunEvent.AppliedElsewhere(var id) ->
          tell(LogEvent.Type.NOTICE, id + " was applied by somebody else", of(id));
      case RunEvent.Marked(var id, var why) -> marked(id, why);
      case RunEvent.PassedOver(var id, var why) -> {
        report.passedOver(id);
        tell(LogEvent.Type.PASSED_OVER, "%s was passed over: %s".formatted(id, why), of(id));
      }
      case RunEvent.GaveUp(var id, var failure) -> {
        report.passedOver(id);
        FailureText.printWarning(console, report.name(), failure);
      }
      case RunEvent.Warning(var text) -> warn(text);
      case RunEvent.Note(var text) -> notice(text);
      case RunEvent.Blocked(var on, var blocker, var waited) ->
          goesOn(
              on + blocker.pid(),
              waitingEvent(
                  "lock",
                  on.isEmpty()
                      ? "waiting for another transaction"
                      : "waiting for a lock on \"%s\": blocked by".formatted(on),
                  Optional.of(blocker),
                  waited));
      case RunEvent.Working(var elapsed, var progress) ->
          goesOn(progress.map(Progress::phase).orElse(""), working(elapsed, progress));
      case RunEvent.Retrying(var id, var why) -> {
        told = "";
        tell(LogEvent.Type.RETRYING, "trying %s again: %s".formatted(id, why), of(id));
      }
      case RunEvent.Repaired(var text) -> {
        if (settings.verbose()) {
          notice("repaired " + text);
        }
      }
      case RunEvent.Notice(var text) -> {
        if (settings.verbose() || text.startsWith("WARNING")) {
          tell(LogEvent.Type.SERVER_NOTICE, text, Map.of());
        }
      }
    }
  }

  @Override
  public void ended(LockHolder client) {
    notice("ended the session of " + client.text());
  }

  @Override
  public void dropped(int done, int objects) {
    int percent = (int) (100L * done / objects);
    goesOn(
        "emptying",
        LogEvent.of(
            LogEvent.Type.WORKING,
            report.name(),
            "emptying: %d of %d objects are gone".formatted(done, objects),
            Map.of("Phase", "emptying", "Percent", percent)));
  }

  @Override
  public void retrying(String why) {
    tell(LogEvent.Type.RETRYING, "trying to empty it again: " + why, Map.of());
  }

  /// All that lay there is gone.
  void wiped(Contents contents) {
    String what = ContentsText.extent(contents);
    recorded(
        LogEvent.Type.WIPED,
        "wiped " + what,
        Map.of("Objects", contents.found().size(), "Bytes", contents.bytes()),
        "wiped    " + what);
  }

  /// The migration whose COMMIT got no answer is applied.
  void settled(MigrationId id) {
    notice("the answer to the COMMIT of " + id + " was lost; it is applied");
    applied(id, Duration.ofNanos(System.nanoTime() - begun));
  }

  /// On a terminal a line that is written over; else what is new at once, and the same again every
  /// few seconds.
  private void goesOn(String what, LogEvent event) {
    long now = System.nanoTime();
    if (console.showsProgress()) {
      console.show(event);
    } else if (!what.equals(told) || now - toldAt >= REPEAT_NANOS) {
      told = what;
      toldAt = now;
      console.progress(event);
    }
  }

  private LogEvent working(Duration elapsed, Optional<Progress> progress) {
    String phase =
        progress
            .map(
                at ->
                    ": %s, %s%s"
                        .formatted(
                            at.command(),
                            at.phase(),
                            at.percent() < 0 ? "" : " %d %%".formatted(at.percent())))
            .orElse("");
    Map<String, Object> values = new HashMap<>();
    values.put(MIGRATION_ID, current);
    values.put("Seconds", elapsed.toSeconds());
    progress.ifPresent(at -> values.put("Phase", at.phase()));
    progress.filter(at -> at.percent() >= 0).ifPresent(at -> values.put("Percent", at.percent()));
    return LogEvent.of(
        LogEvent.Type.WORKING,
        report.name(),
        "applying %s for %d s%s".formatted(current, elapsed.toSeconds(), phase),
        values);
  }

  private static Map<String, Object> of(MigrationId id) {
    return Map.of(MIGRATION_ID, id.value());
  }

  private void applied(MigrationId id, Duration duration) {
    report.applied(id, duration);
    long milliseconds = duration.toMillis();
    recorded(
        LogEvent.Type.APPLIED,
        "%s applied in %d ms".formatted(id, milliseconds),
        Map.of(MIGRATION_ID, id.value(), "Milliseconds", milliseconds),
        "applied  " + id + "  " + milliseconds + " ms");
  }

  private void marked(MigrationId id, String why) {
    report.marked(id);
    notice("%s is recorded without being run: %s".formatted(id, why));
    recorded(LogEvent.Type.MARKED, id + " marked", of(id), "marked   " + id);
  }

  private void recorded(
      LogEvent.Type type, String message, Map<String, Object> values, String line) {
    if (!settings.json()) {
      console.result(LogEvent.of(type, report.name(), message, values), line);
    }
  }

  private void waiting(String forWhat, String what, Optional<LockHolder> holder, Duration waited) {
    console.progress(waitingEvent(forWhat, what, holder, waited));
  }

  private LogEvent waitingEvent(
      String forWhat, String what, Optional<LockHolder> holder, Duration waited) {
    return LogEvent.of(
        LogEvent.Type.WAITING,
        report.name(),
        what
            + holder.map(h -> (what.endsWith(" by") ? " " : ": ") + h.text()).orElse("")
            + (waited.toSeconds() > 0 ? " (waited %d s)".formatted(waited.toSeconds()) : ""),
        Map.of("For", forWhat, "Seconds", waited.toSeconds()));
  }
}
