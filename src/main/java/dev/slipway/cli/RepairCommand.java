package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.config.Settings;
import dev.slipway.migrate.Repair;
import dev.slipway.migrate.Repair.Action;
import dev.slipway.migrate.Repair.Change;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.History;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// `slipway repair`: carries out what a person has decided about a migration that stopped half-way,
/// or that was edited after it was applied.
public final class RepairCommand {
  private final Environment environment;
  private final Settings settings;
  private final Console console;
  private final List<Change> changes = new ArrayList<>();

  /// What is asked for.
  ///
  /// @param resume the number of the statement to go on with, or nothing in it for the one at which
  ///     the migration stopped
  /// @param markApplied ids or names, as in all the others
  record Wanted(
      Optional<String> resume,
      List<String> markApplied,
      List<String> markPending,
      List<String> acceptEdited) {
    boolean isEmpty() {
      return resume.isEmpty()
          && markApplied.isEmpty()
          && markPending.isEmpty()
          && acceptEdited.isEmpty();
    }
  }

  public RepairCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
    this.console = environment.console();
  }

  /// @return the exit code
  int run(Wanted wanted) {
    if (settings.dryRunExecutes()) {
      throw UsageException.notTried("repair");
    }
    Assignments assignments = Assignments.load(settings, environment.readers());
    List<Assignment> all = assignments.all();
    if (all.size() > 1) {
      throw UsageException.severalDatabases("repair", all.stream().map(Assignment::name).toList());
    }
    List<Report> reports =
        new Inspection(environment, settings)
            .run(
                assignments,
                (assignment, database, report, events) ->
                    repair(wanted, assignment, database, report, events));
    if (settings.json()) {
      String member = settings.dryRun() ? "would_repair" : "repaired";
      Json.printDatabases(console, reports, (json, _) -> write(json, member));
    }
    return Databases.exitCode(reports);
  }

  private void repair(
      Wanted wanted, Assignment assignment, OpenDatabase database, Report report, Events events)
      throws SQLException {
    Databases.look(database, report);
    var repair =
        new Repair(
            database.target(),
            assignment.changelog(),
            actions(wanted, assignment.changelog(), database.target().history()),
            assignment.runSettings(environment.version()),
            events);
    changes.addAll(settings.dryRun() ? repair.prepare() : repair.run());
    Databases.look(database, report);
    if (!settings.json()) {
      print(report);
    }
  }

  private static List<Action> actions(Wanted wanted, Changelog changelog, History history) {
    List<Action> actions = new ArrayList<>();
    for (String reference : wanted.acceptEdited()) {
      actions.add(
          new Action.AcceptEdited(migration(changelog, CommandSpecs.ACCEPT_EDITED, reference)));
    }
    wanted.resume().ifPresent(number -> actions.add(new Action.Resume(statement(number))));
    for (String reference : wanted.markApplied()) {
      actions.add(
          new Action.MarkApplied(migration(changelog, CommandSpecs.MARK_APPLIED, reference)));
    }
    for (String reference : wanted.markPending()) {
      actions.add(new Action.MarkPending(recorded(reference, changelog, history)));
    }
    return actions;
  }

  private static Migration migration(Changelog changelog, String option, String reference) {
    return UsageException.only(changelog.find(reference), option, reference, changelog.name());
  }

  /// What is to be forgotten need not be in the changelog any more.
  private static String recorded(String reference, Changelog changelog, History history) {
    String key = MigrationId.key(reference);
    boolean known =
        history.journal(reference).isPresent()
            || history.rows().stream().anyMatch(row -> MigrationId.key(row.id()).equals(key));
    return known
        ? reference
        : migration(changelog, CommandSpecs.MARK_PENDING, reference).id().value();
  }

  private static OptionalInt statement(String number) {
    if (number.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(number));
    } catch (NumberFormatException _) {
      throw new UsageException(
          "\"%s\" is no number of a statement".formatted(number),
          "It was read from %s.".formatted(CommandSpecs.RESUME),
          "Write the number of the statement to go on with, from 1, or nothing for the one at which"
              + " the migration stopped.");
    }
  }

  private void print(Report report) {
    for (Change change : changes) {
      console.result(
          (settings.dryRun() ? "would be " : "")
              + word(change.to())
              + "  "
              + change.id()
              + (change.detail().isEmpty() ? "" : "  " + change.detail()));
    }
    String what = changes.isEmpty() ? "nothing to repair" : changes.size() + " repaired";
    console.result(
        settings.dryRun()
            ? "%s: %d would be repaired, nothing was changed"
                .formatted(report.name(), changes.size())
            : report.name() + ": " + what + Databases.standing(report));
  }

  private void write(JsonGenerator json, String member) throws IOException {
    json.writeArrayFieldStart(member);
    for (Change change : changes) {
      json.writeStartObject();
      json.writeStringField("id", change.id());
      json.writeStringField("to", word(change.to()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String word(Repair.To to) {
    return switch (to) {
      case RESUMABLE -> "resumable";
      case APPLIED -> "applied";
      case PENDING -> "pending";
      case ACCEPTED -> "accepted";
    };
  }
}
