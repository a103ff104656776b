package dev.slipway.script;

import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.script.SessionSql.Counter;
import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Literal;

/// The block of a migration that runs in one transaction.
record MigrationBlock(GuardCode guard) {

  /// @param next the id of the one behind it; empty for the last
  String text(CompiledMigration compiled, String next) {
    var code = new PlpgsqlCode();
    code.line("DECLARE");
    code.add(SessionSql.declaration());
    if (compiled.statements().size() > 1) {
      code.line("  statement pg_catalog.text;");
    }
    code.begin("BEGIN");
    guard.append(compiled, next, code, () -> append(compiled, next, code));
    code.end("END");
    return "DO " + DollarQuote.around("\n" + code.text(), "slipway") + ";\n";
  }

  private void append(CompiledMigration compiled, String next, PlpgsqlCode code) {
    switch (compiled.migration().conduct().onFailure()) {
      case STOP -> appendStatements(compiled, next, code);
      case GO_ON -> {
        code.begin("BEGIN");
        appendStatements(compiled, next, code);
        code.next("EXCEPTION");
        appendGoOn(compiled.migration(), next, code);
        code.end("END;");
      }
    }
  }

  private void appendStatements(CompiledMigration compiled, String next, PlpgsqlCode code) {
    Migration migration = compiled.migration();
    Statements.append(compiled.statements(), code);
    code.add(SessionSql.finish(migration, compiled.statements().size(), next));
    guard.appendRecord(migration, code);
    code.line(SessionSql.tellApplied(migration));
  }

  /// What tells nothing of the migration itself stops the script all the same.
  private void appendGoOn(Migration migration, String next, PlpgsqlCode code) {
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
    code.add(SessionSql.reset());
    code.add(SessionSql.skip(Counter.PASSED, migration.id(), next));
    code.end("");
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
