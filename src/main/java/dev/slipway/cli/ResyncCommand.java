package dev.slipway.cli;

import dev.slipway.config.Settings;
import dev.slipway.failure.ShellWord;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.Route;
import dev.slipway.history.RunLock;
import dev.slipway.migrate.InterruptedRunException;
import dev.slipway.migrate.LockedRun;
import dev.slipway.migrate.Readiness;
import dev.slipway.migrate.RunSettings;
import dev.slipway.migrate.Runner;
import dev.slipway.migrate.Surface;
import dev.slipway.migrate.Target;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.MadeSchemas;
import dev.slipway.migration.Migration;
import dev.slipway.postgres.ConnectionFailedException;
import dev.slipway.postgres.DatabaseCreation;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.resync.Contents;
import dev.slipway.resync.Remarks;
import dev.slipway.resync.Wipe;
import dev.slipway.resync.WipeException;
import dev.slipway.resync.WipedSchemas;
import dev.slipway.sql.Identifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// `slipway resync`: for a release that starts with an empty database. `--check` says what lies in
/// its schemas, and would be lost if they were emptied; `--wipe` empties them, and migrates.
public final class ResyncCommand {
  private final Environment environment;
  private final Settings settings;
  private final Console console;

  public ResyncCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
    this.console = environment.console();
  }

  /// @return 0 if they are empty, 1 otherwise
  public int check() {
    Assignment assignment = onlyOne().all().getFirst();
    var events = new Events(console, settings, new Report(assignment.name()));
    try (OpenDatabase database =
        OpenDatabase.look(assignment, events, environment.interruption())) {
      Surface surface = Surface.of(database.target(), assignment.changelog());
      Contents contents =
          Contents.of(
              database.target().session(), surface.schemas(), database.target().historyTable());
      if (settings.json()) {
        Json.print(
            console,
            json -> {
              json.writeBooleanField("clean", contents.isClean());
              ContentsText.write(json, "found", contents);
            });
      } else {
        ContentsText.lines(contents).forEach(console::result);
        console.result(
            contents.isClean()
                ? assignment.name() + ": clean"
                : "%s: not clean, would lose %s"
                    .formatted(assignment.name(), ContentsText.extent(contents)));
      }
      tellRemarks(database.target(), surface, events);
      return contents.isClean() ? ExitCodes.DONE : ExitCodes.NO;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// What a signal cancels was a look, so far.
  private SlipwayException failure(SQLException e) {
    return environment.interruption().hasCome()
        ? new InterruptedRunException("", TargetState.UNCHANGED, e)
        : DatabaseException.of(e);
  }

  private static void tellRemarks(Target target, Surface surface, Events events)
      throws SQLException {
    if (target.history().emptying().isPresent()) {
      events.warn("emptying it was begun, and is not finished");
    }
    for (String remark : Remarks.of(target.session(), surface.schemas())) {
      events.notice(remark);
    }
  }

  /// @return the exit code
  public int wipe() {
    Assignments assignments = onlyOne();
    Assignment assignment = assignments.all().getFirst();
    requireConsent(assignment, "resync --wipe", database -> command(assignment, database));
    return wipe(assignments);
  }

  /// The same where `WIPE_DATABASE=true` asks for it.
  ///
  /// @return the exit code
  int wipeByVariable() {
    Assignments assignments = onlyOne();
    Assignment assignment = assignments.all().getFirst();
    requireConsent(
        assignment, "WIPE_DATABASE=true", database -> "Slipway__Confirm=" + ShellWord.of(database));
    int code = wipe(assignments);
    if (code == ExitCodes.DONE) {
      new Events(console, settings, new Report(assignment.name()))
          .warn("WIPE_DATABASE=true empties it at each start: take it out of the environment");
    }
    return code;
  }

  /// @param consent how it is given for the database of this name
  private void requireConsent(Assignment assignment, String asking, UnaryOperator<String> consent) {
    if (settings.confirm().isEmpty()) {
      String database = DatabaseCreation.name(assignment.connection());
      throw UsageException.noConsent(asking, assignment.name(), database, consent.apply(database));
    }
  }

  private Assignments onlyOne() {
    Assignments assignments = Assignments.load(settings, environment.readers());
    if (assignments.all().size() > 1) {
      throw UsageException.severalDatabases(
          "resync", assignments.all().stream().map(Assignment::name).toList());
    }
    return assignments;
  }

  private String command(Assignment assignment, String database) {
    return "slipway resync --wipe --database %s --confirm %s%s"
        .formatted(
            ShellWord.of(assignment.name()),
            ShellWord.of(database),
            settings.terminate() ? " --terminate" : "");
  }

  private int wipe(Assignments assignments) {
    if (settings.dryRun()) {
      throw UsageException.wipeNotTried();
    }
    Assignment assignment = assignments.all().getFirst();
    Optional<Migration> to = MigrateCommand.last(settings, assignment);
    var report = new Report(assignment.name());
    var events = new Events(console, settings, report);
    Contents lost;
    try (OpenDatabase database =
        OpenDatabase.open(assignment, events, environment.interruption())) {
      lost = wipe(database, to, events);
    } catch (UsageException e) {
      throw e;
    } catch (ConnectionFailedException e) {
      if (!e.isMissingDatabase() || !assignment.settings().createDatabase()) {
        return refused(e, report, events);
      }
      lost = Contents.NONE; // Migrating makes it.
    } catch (SQLException e) {
      return refused(failure(e), report, events);
    } catch (SlipwayException e) {
      return refused(e, report, events);
    }
    return migrate(assignments, lost);
  }

  private int migrate(Assignments assignments, Contents lost) {
    String next = assignments.all().getFirst().changelog().afterResync();
    int code =
        new MigrateCommand(environment, settings)
            .run(
                assignments,
                Optional.of(
                    (json, report) -> {
                      ContentsText.write(json, "wiped", lost);
                      if (report.failure().isEmpty()) {
                        json.writeStringField("next", next);
                      }
                    }));
    if (code == ExitCodes.DONE && !settings.json()) {
      console.result("next     " + next.replace("\n", "\n         "));
    }
    return code;
  }

  private int refused(SlipwayException failure, Report report, Events events) {
    events.failed(failure);
    if (settings.json()) {
      Json.printDatabases(console, List.of(report), (_, _) -> {});
    }
    return ExitCodes.of(failure.kind());
  }

  /// @return what was lost
  private Contents wipe(OpenDatabase database, Optional<Migration> to, Events events)
      throws SQLException {
    Assignment assignment = database.assignment();
    Target target = database.target();
    refuse(target, assignment);
    Surface surface = Surface.of(target, assignment.changelog());
    var schemas = new WipedSchemas(surface.schemas(), remade(surface, assignment));
    var wipe =
        new Wipe(
            target.session(),
            target.historyTable(),
            schemas,
            target.history().emptying(),
            options(target, assignment),
            events);
    wipe.prepare();
    tellRemarks(target, surface, events);
    RunSettings runSettings = assignment.runSettings(environment.version());
    var run = new LockedRun(target, runSettings, events);
    var runner = new Runner(target, assignment.changelog(), to, runSettings, events);
    try (RunLock _ = run.acquireLock()) {
      target.refresh();
      wipe.prepare();
      Contents lost = wipe.measure();
      if (!lost.isClean() || !schemas.remade().isEmpty()) {
        wipe.run(runner::rehearseWithin);
      }
      if (!lost.isClean()) {
        events.wiped(lost);
      }
      return lost;
    }
  }

  private void refuse(Target target, Assignment assignment) throws SQLException {
    String database = target.surroundings().database();
    String confirmed = settings.confirm().orElseThrow();
    if (!confirmed.equals(database)) {
      throw UsageException.otherConsent(confirmed, database, assignment.name());
    }
    if (target.surroundings().route() == Route.POOLER) {
      throw WipeException.pooler(database);
    }
    Readiness.checkAccess(target);
    // What cannot be applied afterwards is no reason to empty anything.
    CompiledMigration.check(assignment.changelog().migrations());
  }

  /// The history's own schema is there before the changelog is applied.
  private static List<Identifier> remade(Surface surface, Assignment assignment) {
    List<Identifier> remade = new ArrayList<>(MadeSchemas.anew(assignment.changelog()));
    remade.retainAll(surface.schemas());
    remade.remove(surface.target().historyTable().schema());
    return remade;
  }

  private Wipe.Options options(Target target, Assignment assignment) {
    Settings own = assignment.settings();
    String database = target.surroundings().database();
    return new Wipe.Options(
        own.lockTimeout(),
        own.lockWait(),
        settings.terminate() ? Wipe.Others.END : Wipe.Others.REFUSE,
        environment.version(),
        database,
        command(assignment, database));
  }
}
