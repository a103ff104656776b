package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.config.Settings;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Condition;
import dev.slipway.migration.Conduct.OnFailure;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Precondition;
import dev.slipway.migration.Precondition.Otherwise;
import dev.slipway.migration.Remark;
import dev.slipway.migration.TransactionMode;
import dev.slipway.sql.Statement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `slipway show ID|head`: the SQL of one migration, as it would be sent. Needs no database.
public final class ShowCommand {
  private final Environment environment;
  private final Settings settings;

  public ShowCommand(Environment environment, Settings settings) {
    this.environment = environment;
    this.settings = settings;
  }

  /// @param reference the id, its name behind the digits, or `head`
  /// @return the exit code
  public int run(String reference) {
    CompiledMigration compiled = CompiledMigration.of(find(reference));
    if (settings.json()) {
      printJson(compiled);
    } else {
      print(compiled);
    }
    return ExitCodes.DONE;
  }

  private Migration find(String reference) {
    List<Migration> found = new ArrayList<>();
    for (Path path : LocalChangelogs.paths(settings)) {
      Changelog changelog =
          LocalChangelogs.load(path, environment.readers(), LocalChangelogs.own(settings, path));
      found.addAll(changelog.find(reference));
    }
    return UsageException.only(
        found, "show", reference, settings.changelog().normalize().toString());
  }

  private void print(CompiledMigration compiled) {
    Console console = environment.console();
    Migration migration = compiled.migration();
    console.document("-- " + migration.id());
    console.document("-- " + migration.origin() + ", checksum " + migration.checksum());
    if (migration.transaction() == TransactionMode.NONE) {
      console.document("-- without a transaction");
    }
    if (migration.conduct().onFailure() == OnFailure.GO_ON) {
      console.document("-- failOnError false: a failure of it does not stop the run");
    }
    compiled.precondition().ifPresent(this::print);
    for (Remark remark : compiled.remarks()) {
      console.document("-- %s: %s".formatted(remark.kind().word(), remark));
    }
    for (Statement statement : compiled.statements()) {
      console.document("");
      console.document(statement.text() + ";");
    }
  }

  private void print(Precondition precondition) {
    String otherwise =
        " (onFail "
            + precondition.onFail()
            + (precondition.onError() == Otherwise.HALT
                ? ""
                : ", onError " + precondition.onError())
            + ")";
    for (Condition condition : conditions(precondition)) {
      environment.console().document("-- precondition: " + condition.text() + otherwise);
    }
  }

  /// What must hold, each by itself.
  private static List<Condition> conditions(Precondition precondition) {
    return precondition.condition() instanceof Condition.All(var conditions)
        ? conditions
        : List.of(precondition.condition());
  }

  private void printJson(CompiledMigration compiled) {
    Migration migration = compiled.migration();
    Json.print(
        environment.console(),
        json -> {
          json.writeStringField("id", migration.id().value());
          json.writeStringField("file", migration.origin().file());
          json.writeNumberField("line", migration.origin().line());
          json.writeBooleanField("transactional", migration.transaction() == TransactionMode.ONE);
          json.writeStringField("checksum", migration.checksum().value());
          if (migration.conduct().onFailure() == OnFailure.GO_ON) {
            json.writeBooleanField("fail_on_error", false);
          }
          if (compiled.precondition().isPresent()) {
            write(json, compiled.precondition().get());
          }
          if (!compiled.remarks().isEmpty()) {
            write(json, compiled.remarks());
          }
          Json.writeIds(
              json, "statements", compiled.statements().stream().map(Statement::text).toList());
        });
  }

  private static void write(JsonGenerator json, List<Remark> remarks) throws IOException {
    json.writeArrayFieldStart("remarks");
    for (Remark remark : remarks) {
      json.writeStartObject();
      json.writeStringField("kind", remark.kind().word());
      json.writeStringField("file", remark.origin().file());
      json.writeNumberField("line", remark.origin().line());
      json.writeStringField("message", remark.text());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, Precondition precondition) throws IOException {
    json.writeObjectFieldStart("precondition");
    Json.writeIds(
        json, "conditions", conditions(precondition).stream().map(Condition::text).toList());
    json.writeStringField("on_fail", precondition.onFail().name());
    json.writeStringField("on_error", precondition.onError().name());
    json.writeEndObject();
  }
}
