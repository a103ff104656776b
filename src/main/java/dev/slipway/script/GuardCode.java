package dev.slipway.script;

import dev.slipway.history.HistorySql;
import dev.slipway.history.PreconditionSql;
import dev.slipway.migration.Checksum;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Edits;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Precondition.Otherwise;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import dev.slipway.script.SessionSql.Counter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The code that decides whether a migration is to be applied: is it its turn, is it recorded, what
/// does its precondition say?
///
/// @param places of the script's changelog
record GuardCode(HistorySql history, ScriptSettings settings, Places places) {

  /// @param next the id of the one behind it; empty for the last
  /// @param body writes what is done if it is to be applied
  void append(CompiledMigration compiled, String next, PlpgsqlCode code, Runnable body) {
    Migration migration = compiled.migration();
    code.begin("IF " + SessionSql.isNext(migration.id()) + " THEN");
    code.add(SessionSql.take());
    code.add(SessionSql.lock());
    migration
        .conduct()
        .lockTimeout()
        .ifPresent(own -> code.line("SET LOCAL lock_timeout = %d;".formatted(own.toMillis())));
    if (migration.rerun() == Rerun.ALWAYS) {
      appendPrecondition(compiled, next, code, body);
    } else {
      code.begin("IF NOT EXISTS (" + find(migration) + ") THEN");
      appendPrecondition(compiled, next, code, body);
      code.next("ELSE");
      code.add(SessionSql.skip(Counter.THERE, migration.id(), next));
      code.end("END IF;");
    }
    code.end("END IF;");
  }

  private String find(Migration migration) {
    return switch (migration.rerun()) {
      case NEVER, ALWAYS -> history.findMigration(migration.id());
      case ON_CHANGE -> findText(migration);
    };
  }

  private String findText(Migration migration) {
    return switch (migration.edits()) {
      case Edits.Any _, Edits.Regenerated _ -> history.findText(migration.id(), List.of());
      case Edits.Listed(var others) -> {
        List<Checksum> accepted = new ArrayList<>(others);
        accepted.sort(Comparator.comparing(Checksum::value));
        accepted.addFirst(migration.checksum());
        yield history.findText(migration.id(), accepted);
      }
    };
  }

  private void appendPrecondition(
      CompiledMigration compiled, String next, PlpgsqlCode code, Runnable body) {
    if (compiled.precondition().isEmpty()) {
      body.run();
      return;
    }
    var asking =
        new PreconditionCode(compiled.precondition().get(), new PreconditionSql(history), places);
    if (compiled.migration().transaction() == TransactionMode.NONE) {
      // It was asked when the migration was begun, which may have changed the answer since.
      code.add("IF " + history.journal().isHalfApplied(compiled.migration().id()) + " THEN");
      code.line("  " + PreconditionCode.HOLDS);
      code.begin("ELSE");
      asking.append(code, (otherwise, reason) -> appendInstead(otherwise, reason, compiled, code));
      code.end("END IF;");
    } else {
      asking.append(code, (otherwise, reason) -> appendInstead(otherwise, reason, compiled, code));
    }
    code.begin("IF " + asking.goesOn() + " THEN");
    body.run();
    code.next("ELSE");
    code.add(SessionSql.reset());
    code.add(SessionSql.skip(Counter.PASSED, compiled.migration().id(), next));
    code.end("END IF;");
  }

  private void appendInstead(
      Otherwise otherwise, String reason, CompiledMigration compiled, PlpgsqlCode code) {
    Migration migration = compiled.migration();
    switch (otherwise) {
      case HALT ->
          code.line(
              switch (migration.conduct().onFailure()) {
                case STOP -> raise("SQLSTATE '55000'", "cannot apply", migration, reason);
                case GO_ON -> raise("WARNING", "passed over", migration, reason);
              });
      case CONTINUE -> code.line(raise("NOTICE", "passed over", migration, reason));
      case MARK_RAN -> {
        appendRecord(migration, code);
        code.add(
            history
                    .journal()
                    .marked(
                        migration.id(),
                        migration.checksum(),
                        compiled.statements().size(),
                        settings.version())
                + ";");
        code.line(raise("NOTICE", "marked", migration, reason));
      }
      case WARN -> code.line(raise("WARNING", "applied all the same", migration, reason));
    }
  }

  private static String raise(String level, String what, Migration migration, String reason) {
    return PreconditionCode.raise(level, "slipway: " + what + " " + migration + ": ", reason);
  }

  /// Writes the code that writes the history's row. A rule or trigger of the table may swallow it.
  void appendRecord(Migration migration, PlpgsqlCode code) {
    switch (migration.rerun()) {
      case NEVER -> appendInsert(migration, code);
      case ON_CHANGE, ALWAYS -> appendRecordIfMissing(migration, code);
    }
  }

  /// The same where the row may be there.
  void appendRecordIfMissing(Migration migration, PlpgsqlCode code) {
    code.begin("IF NOT " + history.isRecorded(migration.id()) + " THEN");
    appendInsert(migration, code);
    code.end("END IF;");
  }

  private void appendInsert(Migration migration, PlpgsqlCode code) {
    code.add(history.recordMigration(migration, settings.version()) + ";");
    code.line("IF NOT FOUND THEN");
    code.line(
        "  RAISE %s;"
            .formatted(
                SessionSql.format("slipway: the history does not keep the row of " + migration)));
    code.line("END IF;");
  }
}
