package dev.slipway.script;

import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.script.SessionSql.Counter;
import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Literal;

/// The block of a migration that runs in one transaction.
record MigrationBlock(GuardCode guard) {

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
    code.add(SessionSql.finish(migration, compiled.statements().size()));
    guard.appendRecord(migration, code);
    code.line(SessionSql.tellApplied(migration));
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
    code.add(SessionSql.reset());
    code.add(SessionSql.count(Counter.PASSED));
    code.end("");
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
