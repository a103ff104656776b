package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.cli.ConnectionCheck.Verdict;
import dev.slipway.config.ConfigurationException;
import dev.slipway.config.ConfigurationProblem;
import dev.slipway.config.ConnectionString;
import dev.slipway.config.EffectiveValue;
import dev.slipway.config.Settings;
import dev.slipway.failure.SlipwayException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `slipway config`: every setting and every connection string with the source of each value, and
/// all that is wrong with them. With `--check` it also connects, and says what it finds there.
public final class ConfigCommand {
  private final Environment environment;
  private final Settings settings;
  private final Console console;
  private final List<ConfigurationProblem> problems;

  /// @param settings those that are right
  /// @param problems what is wrong with the others
  public ConfigCommand(
      Environment environment, Settings settings, List<ConfigurationProblem> problems) {
    this.environment = environment;
    this.settings = settings;
    this.console = environment.console();
    this.problems = List.copyOf(problems);
  }

  /// Connects to nothing.
  ///
  /// @return the exit code
  public int show() {
    Configuration configuration = Configuration.read(settings, problems);
    tell(configuration);
    return finish(configuration, List.of());
  }

  /// Connects to each database; where the configuration is wrong, to none.
  ///
  /// @param clock ours, to compare the servers' with
  /// @return the exit code
  public int check(Clock clock) {
    Configuration configuration = Configuration.read(settings, problems);
    tell(configuration);
    List<ConnectionCheck> checks = new ArrayList<>();
    if (configuration.problems().isEmpty()) {
      boolean unassigned =
          configuration.databases().stream().allMatch(database -> database.changelog().isEmpty());
      for (Configuration.Database database : configuration.databases()) {
        Verdict verdict =
            unassigned || database.changelog().isPresent() ? Verdict.JUDGE : Verdict.DESCRIBE;
        checks.add(check(database, verdict, clock));
      }
    }
    return finish(configuration, checks);
  }

  private ConnectionCheck check(Configuration.Database database, Verdict verdict, Clock clock) {
    ConnectionString connection = database.view().connection().orElseThrow();
    var check = new ConnectionCheck(environment, database, verdict);
    check.run(connection, clock);
    if (!settings.json() && !check.facts().isEmpty()) {
      var lines = new AlignedLines();
      check.facts().forEach(fact -> lines.add(fact.label(), fact.text()));
      print(database.name() + ", connected", lines);
    }
    check.tellFailure();
    return check;
  }

  private int finish(Configuration configuration, List<ConnectionCheck> checks) {
    Optional<SlipwayException> failure =
        configuration.problems().isEmpty()
            ? Optional.empty()
            : Optional.of(new ConfigurationException(configuration.problems()));
    if (settings.json()) {
      Json.print(console, json -> write(json, configuration, checks, failure));
    } else if (failure.isPresent()) {
      FailureText.print(console, "", failure.get());
    }
    return failure.isPresent()
        ? ExitCodes.CONFIGURATION
        : Databases.exitCode(checks.stream().map(ConnectionCheck::report).toList());
  }

  private void tell(Configuration configuration) {
    if (settings.json()) {
      return;
    }
    for (String warning : configuration.warnings()) {
      console.progress(LogEvent.of(LogEvent.Type.WARNING, "", warning));
    }
    var lines = new AlignedLines();
    settings.effectiveValues().forEach(lines::add);
    print("settings", lines);
    for (Configuration.Database database : configuration.databases()) {
      print(database.name(), lines(database));
    }
  }

  private AlignedLines lines(Configuration.Database database) {
    var lines = new AlignedLines();
    lines.add(
        "changelog", database.changelog().map(Object::toString).orElse("none: it is skipped"));
    database.view().values().forEach(lines::add);
    own(database).forEach(lines::add);
    database.view().warnings().forEach(warning -> lines.add("warning", warning));
    return lines;
  }

  /// What the changelog's own slipway.yaml says.
  private List<EffectiveValue> own(Configuration.Database database) {
    List<EffectiveValue> own = new ArrayList<>(database.own().effectiveValues());
    own.removeAll(settings.effectiveValues());
    return own;
  }

  private void print(String heading, AlignedLines lines) {
    console.result(heading);
    lines.all().forEach(console::result);
  }

  private void write(
      JsonGenerator json,
      Configuration configuration,
      List<ConnectionCheck> checks,
      Optional<SlipwayException> failure)
      throws IOException {
    json.writeArrayFieldStart("databases");
    for (Configuration.Database database : configuration.databases()) {
      json.writeStartObject();
      write(json, database);
      for (ConnectionCheck check : checks) {
        if (check.report().name().equals(database.name())) {
          write(json, check);
        }
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    writeValues(json, "settings", settings.effectiveValues());
    writeSources(json, "sources", settings.effectiveValues());
    Json.writeIds(json, "warnings", configuration.warnings());
    if (failure.isPresent()) {
      Json.writeFailure(json, failure.get());
    }
  }

  private void write(JsonGenerator json, Configuration.Database database) throws IOException {
    json.writeStringField("name", database.name());
    writeValues(json, "connection", database.view().values());
    writeSources(json, "sources", database.view().values());
    json.writeStringField("changelog", database.changelog().map(Object::toString).orElse(null));
    writeValues(json, "changelog_settings", own(database));
    writeSources(json, "changelog_sources", own(database));
    Json.writeIds(json, "warnings", database.view().warnings());
  }

  private static void write(JsonGenerator json, ConnectionCheck check) throws IOException {
    json.writeObjectFieldStart("check");
    for (CheckFact fact : check.facts()) {
      fact.write(json);
    }
    json.writeEndObject();
    if (check.report().failure().isPresent()) {
      Json.writeFailure(json, check.report().failure().get());
    }
  }

  private static void writeValues(JsonGenerator json, String name, List<EffectiveValue> values)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (EffectiveValue value : values) {
      json.writeStringField(value.key(), value.value());
    }
    json.writeEndObject();
  }

  private static void writeSources(JsonGenerator json, String name, List<EffectiveValue> values)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (EffectiveValue value : values) {
      json.writeStringField(value.key(), value.source());
    }
    json.writeEndObject();
  }
}
