package dev.slipway.cli;

import dev.slipway.config.ConnectionString;
import dev.slipway.config.Setting;
import dev.slipway.config.Settings;
import dev.slipway.history.HistorySql;
import dev.slipway.migrate.Conflicts;
import dev.slipway.migrate.RunInProgress;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import dev.slipway.script.ScriptOrder;
import dev.slipway.script.ScriptSettings;
import dev.slipway.script.ScriptSettings.Client;
import dev.slipway.script.ScriptSettings.MissingSchema;
import dev.slipway.sql.Identifier;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `slipway script`: what a run would do, as SQL for whoever applies it by hand. Without
/// `--pending` no database is asked.
public final class ScriptCommand {
  private final Environment environment;
  private final Settings settings;
  private final ScriptOutput output;

  public ScriptCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
    this.output = new ScriptOutput(environment.console(), settings);
  }

  /// @return the exit code
  public int run() {
    if (settings.pending() && settings.from().isPresent()) {
      throw new UsageException(
          "--from and --pending together",
          "What is pending begins where the database ends.",
          "Leave out one of them.");
    }
    return settings.pending() ? writePending() : writeAll();
  }

  private int writeAll() {
    List<Path> paths = LocalChangelogs.paths(settings);
    checkDatabase();
    output.check(paths.size());
    output.write(scripts(paths));
    return ExitCodes.DONE;
  }

  private List<ScriptOutput.Script> scripts(List<Path> paths) {
    List<ScriptOutput.Script> scripts = new ArrayList<>();
    List<ChangelogProblem> problems = new ArrayList<>();
    for (Path path : paths) {
      try {
        scripts.add(script(path, name(path, paths.size())));
      } catch (ChangelogException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    return scripts;
  }

  private ScriptOutput.Script script(Path path, String name) {
    Settings own = LocalChangelogs.own(settings, path);
    Changelog changelog = LocalChangelogs.load(path, environment.readers(), own);
    return ScriptOutput.Script.of(name, order(name, changelog, own));
  }

  /// Its search path is the connection string's, where there are connection strings. A folder of
  /// its own names it as well.
  private void checkDatabase() {
    if (LocalChangelogs.areNamed(settings)) {
      return;
    }
    List<String> names = settings.connectionNames();
    settings
        .database()
        .filter(name -> !names.isEmpty() && names.stream().noneMatch(name::equalsIgnoreCase))
        .ifPresent(
            name -> {
              throw Assignments.AssignmentException.unknownDatabase(name, settings);
            });
  }

  /// The database's name: its folder's, if each has one; spelled like the connection string's.
  private String name(Path changelog, int changelogs) {
    List<String> connections = settings.connectionNames();
    if (changelogs == 1 && settings.database().isEmpty() && connections.size() == 1) {
      return connections.getFirst();
    }
    String name =
        changelogs == 1 && settings.database().isPresent()
            ? settings.database().get()
            : String.valueOf(changelog.getFileName());
    return connections.stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
  }

  private ScriptOrder order(String name, Changelog changelog, Settings own) {
    List<Migration> all = changelog.migrations();
    int behind =
        settings.from().map(id -> end(changelog, settings.source(Setting.FROM), id)).orElse(0);
    int to =
        settings.to().map(id -> end(changelog, settings.source(Setting.TO), id)).orElse(all.size());
    if (behind > to) {
      throw new UsageException(
          "--from \"%s\" comes behind --to \"%s\""
              .formatted(settings.from().orElse(""), settings.to().orElse("")),
          "The script would be empty.",
          "Change one of them; --from is left out of the script, --to is its last.");
    }
    return new ScriptOrder(
        changelog,
        all.subList(0, to),
        new HashSet<>(all.subList(behind, to)),
        HistorySql.of(Histories.definition(own, changelog)),
        scriptSettings(own, searchPath(name)));
  }

  /// The number of migrations up to this one.
  private static int end(Changelog changelog, String option, String reference) {
    Migration migration =
        UsageException.only(changelog.find(reference), option, reference, changelog.name());
    return changelog.migrations().indexOf(migration) + 1;
  }

  /// That of the connection string with this name, if there is one.
  private Optional<String> searchPath(String name) {
    return settings.connectionNames().stream()
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .map(settings::connectionString)
        .flatMap(ConnectionString::searchPath);
  }

  private ScriptSettings scriptSettings(Settings own, Optional<String> searchPath) {
    return new ScriptSettings(
        searchPath,
        own.role().map(Identifier::new),
        own.lockTimeout(),
        own.runLockWait(),
        own.createSchema() ? MissingSchema.CREATE : MissingSchema.REFUSE,
        own.plain() ? Client.ANY : Client.PSQL,
        environment.version());
  }

  private int writePending() {
    Assignments assignments = Assignments.load(settings, environment.readers());
    output.check(assignments.all().size());
    List<ScriptOutput.Script> scripts = new ArrayList<>();
    List<Report> reports =
        new Inspection(environment, settings)
            .run(
                assignments,
                (assignment, database, report, events) ->
                    scripts.add(
                        ScriptOutput.Script.of(
                            assignment.name(), pending(assignment, database, report, events))));
    int code = Databases.exitCode(reports);
    if (code == ExitCodes.DONE) {
      output.write(scripts);
    } else if (settings.json()) {
      Json.printDatabases(environment.console(), reports, (json, report) -> {});
    }
    return code;
  }

  private ScriptOrder pending(
      Assignment assignment, OpenDatabase database, Report report, Events events)
      throws SQLException {
    Changelog changelog = assignment.changelog();
    List<Migration> all = changelog.migrations();
    int to =
        settings.to().map(id -> end(changelog, settings.source(Setting.TO), id)).orElse(all.size());
    Plan plan =
        RunInProgress.settle(
            database.target(),
            () -> Planner.planTo(changelog, database.target().history(), all.get(to - 1)));
    report.found(plan, database.target().history());
    Notices.tell(database, plan, events);
    Conflicts.refuse(plan, database.target(), changelog);
    Set<Migration> due = new HashSet<>(plan.due());
    return new ScriptOrder(
        changelog,
        all.subList(0, to),
        due,
        HistorySql.onceMade(database.target().historyTable()),
        scriptSettings(assignment.settings(), assignment.connection().searchPath()));
  }
}
