package dev.slipway.script;

import dev.slipway.history.HistorySql;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Literal;

/// The block of a migration that runs in one transaction.
///
/// @param history of the database
record MigrationBlock(
    GuardCode guard, HistorySql history, SessionSql session, ScriptSettings settings) {

  /// @param number of the migration in its changelog, from 1
  /// @param next the id of the one behind it; empty for the last
  String text(CompiledMigration compiled, int number, String next) {
    var code = new PlpgsqlCode();
    code.line("DECLARE");
    code.add(SessionSql.declaration());
    if (compiled.statements().size() > 1) {
      code.line("  statement pg_catalog.text;");
    }
    code.begin("BEGIN");
    guard.append(compiled, number, code, () -> append(compiled, code));
    code.add(SessionSql.setNext(next));
    code.end("END");
    return "DO " + DollarQuote.around("\n" + code.text(), "slipway") + ";\n";
  }

  private void append(CompiledMigration compiled, PlpgsqlCode code) {
    switch (compiled.migration().conduct().onFailure()) {
      case STOP -> appendStatements(compiled, code);
      case GO_ON -> {
        code.begin("BEGIN");
        appendStatements(compiled, code);
        code.next("EXCEPTION");
        appendGoOn(compiled.migration(), code);
        code.end("END;");
      }
    }
  }

  private void appendStatements(CompiledMigration compiled, PlpgsqlCode code) {
    Migration migration = compiled.migration();
    Statements.append(compiled.statements(), code);
    code.line("SET CONSTRAINTS ALL IMMEDIATE;");
    code.add(session.reset());
    code.line("applied := applied + 1;");
    code.add(SessionSql.keep());
    guard.appendRecord(migration, code);
    code.add(
        history.journalApplied(
                migration.id(),
                migration.checksum(),
                compiled.statements().size(),
                settings.version())
            + ";");
    code.line("RAISE NOTICE USING MESSAGE = " + literal("slipway: applied " + migration) + ";");
  }

  /// What tells nothing of the migration itself stops the script all the same.
  private void appendGoOn(Migration migration, PlpgsqlCode code) {
    code.add(
        """
        WHEN transaction_rollback OR insufficient_resources OR lock_not_available
            OR operator_intervention OR system_error THEN
          RAISE;
        """);
    code.begin("WHEN OTHERS OR assert_failure THEN");
    code.line(
        "RAISE WARNING USING MESSAGE = %s || SQLERRM;"
            .formatted(literal("slipway: passed over " + migration + ": it failed: ")));
    code.line("passed := passed + 1;");
    code.add(session.reset());
    code.add(SessionSql.keep());
    code.end("");
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
