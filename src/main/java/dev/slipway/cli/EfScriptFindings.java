package dev.slipway.cli;

import dev.slipway.changelog.ChangelogLoader;
import dev.slipway.changelog.ef.EfScriptCheck;
import dev.slipway.changelog.ef.Repair;
import dev.slipway.config.ConnectionString;
import dev.slipway.config.Settings;
import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.migrate.MigrationFailedException;
import dev.slipway.migrate.Rehearsal;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Planner;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.script.Finding;
import dev.slipway.script.Finding.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What is wrong with a script of EF's: what keeps Slipway from applying it, or else what would
/// break if psql ran it, and Slipway mends. In a database, what that does not have is tried as
/// Slipway would apply it.
final class EfScriptFindings {
  private final Environment environment;
  private final Settings settings;

  EfScriptFindings(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
  }

  /// @param file as the user named it
  /// @param database where it is tried; empty if it is not
  List<Finding> of(String file, Path path, Optional<ConnectionString> database) throws IOException {
    EfScriptCheck check = EfScriptCheck.of(file, Files.readAllBytes(path));
    List<Finding> findings = new ArrayList<>();
    for (ChangelogProblem problem : check.problems()) {
      findings.add(
          new Finding(
              problem.origin().line(), Kind.REFUSED, problem.message() + "; " + problem.hint()));
    }
    for (Repair repair : check.repairs()) {
      kind(repair).ifPresent(kind -> findings.add(new Finding(repair.line(), kind, repair.text())));
    }
    if (database.isPresent() && check.problems().isEmpty()) {
      findings.addAll(tried(path, database.get()));
    }
    findings.sort(Comparator.comparingInt(Finding::line));
    return findings;
  }

  /// Empty for what works as it stands.
  private static Optional<Kind> kind(Repair repair) {
    return switch (repair.kind()) {
      case MISSING_SEMICOLON -> Optional.of(Kind.MISSING_SEMICOLON);
      case NO_DESTINATION -> Optional.of(Kind.NO_DESTINATION);
      case PLPGSQL -> Optional.empty();
      case OUTSIDE_TRANSACTION -> Optional.of(Kind.OUTSIDE_TRANSACTION);
      case NESTED_QUOTE -> Optional.of(Kind.NESTED_QUOTE);
      case INDENTED_TEXT -> Optional.of(Kind.INDENTED_TEXT);
    };
  }

  private List<Finding> tried(Path path, ConnectionString connection) {
    Changelog changelog = ChangelogLoader.load(path, environment.readers(), ChangelogOptions.NONE);
    var assignment = new Assignment(connection.name(), connection, changelog, settings);
    var report = new Report(assignment.name());
    var events = new Events(environment.console(), settings, report);
    try (OpenDatabase database =
        OpenDatabase.open(assignment, events, environment.interruption())) {
      Rehearsal.Result result =
          new Rehearsal(database.target(), assignment.runSettings(environment.version()), events)
              .of(Planner.plan(changelog, database.target().history()).due());
      if (!result.leftOut().isEmpty()) {
        events.notice(
            result.leftOut().stream()
                .map(leftOut -> leftOut.id().value())
                .collect(Collectors.joining(", ", "not tried: ", "")));
      }
      return result.failure().map(EfScriptFindings::finding).stream().toList();
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /// What the script is not to blame for is a failure of the command.
  private static Finding finding(SlipwayException failure) {
    if (failure.kind() != FailureKind.FAILED
        || !(failure instanceof MigrationFailedException failed)) {
      throw failure;
    }
    return new Finding(
        failed.line(),
        Kind.FAILS,
        "\"%s\" fails: %s (SQLSTATE %s)"
            .formatted(failed.migration(), failed.reason(), failed.sqlState()));
  }
}
