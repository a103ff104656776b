package dev.slipway.cli;

import dev.slipway.changelog.ef.EfScriptCheck;
import dev.slipway.config.ConnectionString;
import dev.slipway.config.Settings;
import dev.slipway.postgres.Connector;
import dev.slipway.postgres.DatabaseException;
import dev.slipway.postgres.Session;
import dev.slipway.script.Finding;
import dev.slipway.script.ScriptBlock;
import dev.slipway.script.ScriptCheck;
import dev.slipway.script.ScriptSettings.Client;
import dev.slipway.script.ScriptTrial;
import dev.slipway.sql.Identifier;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// `slipway check FILE`: what is wrong with a script that `slipway script` wrote and somebody may
/// have edited, or with one of EF's. With `--database` it is also run there, in a transaction that
/// is rolled back.
public final class CheckCommand {
  /// Of a file that may be of EF's; its first block stands in it.
  private static final int LOOKED_AT = 65_536;

  private final Environment environment;
  private final Settings settings;

  public CheckCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
  }

  /// @return 0 if nothing is wrong, 1 otherwise
  public int run(String file) {
    if (file.isEmpty()) {
      throw new UsageException(
          "check needs a file",
          "It was read from the command line.",
          "Name a script that `slipway script` or EF wrote.");
    }
    Path path = settings.resolve(file);
    if (!Files.isRegularFile(path)) {
      throw new UsageException(
          "no file \"%s\"".formatted(file),
          "It was read from the command line.",
          "Name a script that `slipway script` or EF wrote.");
    }
    List<Finding> findings = findings(file, path);
    if (settings.json()) {
      printJson(findings);
    } else {
      print(file, findings);
    }
    return findings.isEmpty() ? ExitCodes.DONE : ExitCodes.NO;
  }

  private List<Finding> findings(String file, Path path) {
    try {
      if (isOfEf(path)) {
        return new EfScriptFindings(environment, settings)
            .of(file, path, settings.database().map(this::connection));
      }
      return settings.database().isPresent() ? tryOut(path) : read(path, block -> {});
    } catch (IOException e) {
      throw new UsageException(
          "could not read \"%s\"".formatted(path),
          String.valueOf(e.getMessage()),
          "Let the user that runs slipway read it.");
    }
  }

  /// No more than the beginning is read of what is another thing.
  private static boolean isOfEf(Path path) throws IOException {
    try (var in = Files.newInputStream(path)) {
      byte[] beginning = in.readNBytes(LOOKED_AT);
      return !ScriptCheck.isOurs(beginning) && EfScriptCheck.concerns(beginning);
    }
  }

  private List<Finding> read(Path path, Consumer<ScriptBlock> listener) throws IOException {
    try (Reader reader =
        new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8.newDecoder())) {
      return ScriptCheck.read(reader, settings.plain() ? Client.ANY : Client.PSQL, listener);
    }
  }

  private List<Finding> tryOut(Path path) throws IOException {
    ConnectionString connection = connection(settings.database().orElseThrow());
    var report = new Report(connection.name());
    var events = new Events(environment.console(), settings, report);
    var connector =
        new Connector(settings.startWait(), settings.role().map(Identifier::new), events);
    try (Session session = environment.interruption().connect(connector, connection);
        var trial = new ScriptTrial(session)) {
      List<Finding> findings = new ArrayList<>(read(path, trial::run));
      findings.addAll(trial.findings());
      findings.sort(Comparator.comparingInt(Finding::line));
      trial
          .leftOut()
          .forEach(
              (reason, blocks) ->
                  events.notice("not tried, %s: blocks %s".formatted(reason, blocks)));
      return findings;
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  private ConnectionString connection(String name) {
    return settings.connectionNames().stream()
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .map(settings::connectionString)
        .orElseThrow(() -> Assignments.AssignmentException.unknownDatabase(name, settings));
  }

  private void print(String file, List<Finding> findings) {
    Console console = environment.console();
    for (Finding finding : findings) {
      console.document(
          "%s:%d: %s: %s".formatted(file, finding.line(), finding.kind().id(), finding.message()));
    }
    console.document(
        switch (findings.size()) {
          case 0 -> file + ": nothing is wrong";
          case 1 -> file + ": 1 finding";
          default -> "%s: %d findings".formatted(file, findings.size());
        });
  }

  private void printJson(List<Finding> findings) {
    Json.print(
        environment.console(),
        json -> {
          json.writeArrayFieldStart("findings");
          for (Finding finding : findings) {
            json.writeStartObject();
            json.writeNumberField("line", finding.line());
            json.writeStringField("kind", finding.kind().id());
            json.writeStringField("message", finding.message());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
