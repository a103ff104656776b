package dev.slipway.script;

import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Remark;
import dev.slipway.migration.TransactionMode;
import dev.slipway.script.ScriptSettings.Client;
import java.util.ArrayList;
import java.util.List;

/// Writes the script that does by hand what a run does.
///
/// Its blocks share a few settings of the session, named `slipway.…`: which migration is next,
/// which were recorded when the script began, and what all blocks need. A block's transaction sets
/// them together with what it does, so one that fails leaves `slipway.next` at its own id, and
/// every block behind refuses to run.
public final class ScriptWriter {
  private final ScriptOrder order;
  private final Places places;
  private final MigrationBlock block;
  private final StatementwisePart part;

  /// What comes behind the first block.
  private final StringBuilder script = new StringBuilder();

  private ScriptWriter(ScriptOrder order) {
    this.order = order;
    this.places = new Places(order.changelog().name());
    var guard = new GuardCode(order.history(), order.settings(), places);
    this.block = new MigrationBlock(guard);
    this.part = new StatementwisePart(guard, order.history(), order.settings());
  }

  /// The script's text. Equal orders give equal texts.
  ///
  /// @throws ChangelogException listing everything that cannot be written
  public static String write(ScriptOrder order) {
    return new ScriptWriter(order).write();
  }

  private String write() {
    List<ChangelogProblem> problems = new ArrayList<>();
    List<Migration> migrations = order.toWrite();
    int written = 0;
    for (int i = 0; i < order.known().size(); i++) {
      if (written < migrations.size() && order.known().get(i).equals(migrations.get(written))) {
        written++;
        String next = written < migrations.size() ? migrations.get(written).id().value() : "";
        try {
          refuseIfPlain(order.known().get(i));
          CompiledMigration compiled = CompiledMigration.of(order.known().get(i));
          append(title(compiled), written, text(compiled, i + 1, next));
        } catch (ChangelogException e) {
          problems.addAll(e.problems());
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    append("The end: is everything there?", last(), new ClosingBlock(order).text());
    return new Header(order).text() + beginning() + script;
  }

  /// The first block looks through all others for what a client may read wrongly.
  private String beginning() {
    return block(
        "The beginning: is this the database, and what of the changelog is there?",
        0,
        new OpeningBlock(order).text(script));
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

  /// The number of the closing block.
  private int last() {
    return order.written().size() + 1;
  }

  private void append(String title, int number, String text) {
    script.append(block(title, number, text));
  }

  private String block(String title, int number, String text) {
    return "\n-- " + title + "\n" + BlockMark.of(number, last(), text).line() + "\n" + text;
  }

  private String title(CompiledMigration compiled) {
    Migration migration = compiled.migration();
    var title = new StringBuilder(migration.id().value());
    title.append("\n-- ").append(places.of(migration.origin()));
    for (Remark remark : compiled.remarks()) {
      title.append("\n-- warning: %s: %s".formatted(places.of(remark.origin()), remark.text()));
    }
    return switch (migration.transaction()) {
      case ONE -> title.toString();
      case NONE -> title.append("\n-- Without a transaction, by psql only").toString();
    };
  }

  /// What all parts for psql need comes before the first of them.
  private String text(CompiledMigration compiled, int number, String next) {
    Migration migration = compiled.migration();
    return switch (migration.transaction()) {
      case ONE -> block.text(compiled, number, next);
      case NONE ->
          (migration.equals(order.needingPsql().getFirst()) ? part.preamble() : "")
              + part.text(compiled, number, next);
    };
  }
}
