package dev.slipway.script;

import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.migration.TransactionMode;
import dev.slipway.script.ScriptSettings.Client;
import java.util.ArrayList;
import java.util.List;

/// Writes the script that does by hand what a run does.
///
/// Its blocks share a few settings of the session, named `slipway.…`: which migration is next,
/// which were recorded when the script began, how many were applied. A block's transaction sets
/// them together with what it does, so one that fails leaves `slipway.next` at its own id, and
/// every block behind refuses to run.
public final class ScriptWriter {
  private final ScriptOrder order;
  private final SessionSql session;
  private final Places places;
  private final MigrationBlock block;
  private final StatementwisePart part;

  /// What comes behind the first block.
  private final StringBuilder script = new StringBuilder();

  private ScriptWriter(ScriptOrder order) {
    this.order = order;
    this.session = new SessionSql(order.settings());
    this.places = new Places(order.changelog().name());
    var guard = new GuardCode(order.history(), session, order.settings(), places);
    this.block = new MigrationBlock(guard, order.history(), session, order.settings());
    this.part = new StatementwisePart(guard, order.history(), session, order.settings());
  }

  /// The script's text. Equal orders give equal texts.
  ///
  /// @throws ChangelogException listing everything that cannot be written
  public static String write(ScriptOrder order) {
    return new ScriptWriter(order).write();
  }

  private String write() {
    if (!order.needingPsql().isEmpty()) {
      script.append(part.preamble());
    }
    List<ChangelogProblem> problems = new ArrayList<>();
    List<Migration> migrations = order.toWrite();
    int written = 0;
    for (int i = 0; i < order.known().size(); i++) {
      if (written < migrations.size() && order.known().get(i).equals(migrations.get(written))) {
        written++;
        String next = written < migrations.size() ? migrations.get(written).id().value() : "";
        try {
          refuseIfPlain(order.known().get(i));
          append(CompiledMigration.of(order.known().get(i)), i + 1, next);
        } catch (ChangelogException e) {
          problems.addAll(e.problems());
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    script.append(ClosingBlock.text(migrations.size()));
    return new Header(order).text() + new OpeningBlock(order, session).text(script) + script;
  }

  private void refuseIfPlain(Migration migration) {
    if (migration.transaction() == TransactionMode.NONE
        && order.settings().client() == Client.ANY) {
      throw new ChangelogException(
          List.of(
              new ChangelogProblem(
                  migration.origin(),
                  "\"%s\" runs without a transaction, which only psql can do by a script"
                      .formatted(migration),
                  "Leave out --plain, or part the script there with --to and --from.")));
    }
  }

  private void append(CompiledMigration compiled, int number, String next) {
    Migration migration = compiled.migration();
    script.append("\n-- ").append(migration.id());
    script.append("\n-- ").append(places.of(migration.origin())).append('\n');
    for (String remark : compiled.remarks()) {
      script.append("-- warning: ").append(remark).append('\n');
    }
    switch (migration.transaction()) {
      case ONE -> script.append(block.text(compiled, number, next));
      case NONE -> {
        script.append("-- Without a transaction, by psql only\n");
        script.append(part.text(compiled, number, next));
      }
    }
  }
}
