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
/// Its blocks share two settings of the session: `slipway.next`, the id of the next migration that
/// is to be applied, and `slipway.shared`, what all blocks need. A block's transaction sets them
/// together with what it does, so one that fails leaves `slipway.next` at its own id, every block
/// behind does nothing, and the last one says which is missing.
public final class ScriptWriter {
  private final ScriptOrder order;
  private final List<Migration> migrations;
  private final Places places;
  private final MigrationBlock block;
  private final StatementwisePart part;

  /// What comes behind the first block.
  private final StringBuilder script = new StringBuilder();

  /// Whether a part for psql is in it already.
  private boolean needsPsql;

  private ScriptWriter(ScriptOrder order) {
    this.order = order;
    this.migrations = order.toWrite();
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
    for (int i = 0; i < migrations.size(); i++) {
      String next = i + 1 < migrations.size() ? migrations.get(i + 1).id().value() : "";
      try {
        refuseIfPlain(migrations.get(i));
        CompiledMigration compiled = CompiledMigration.of(migrations.get(i));
        append(title(compiled), i + 1, text(compiled, next));
      } catch (ChangelogException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    append("The end: is everything there?", last(), new ClosingBlock(order).text());
    String behind = script.toString();
    return new Header(order).text() + beginning(behind) + behind;
  }

  /// The first block looks through all others for what a client may read wrongly.
  private String beginning(String behind) {
    return block(
        "The beginning: is this the database, and what of the changelog is there?",
        0,
        new OpeningBlock(order).text(behind));
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
    return migrations.size() + 1;
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
      title.append(
          "\n-- %s: %s: %s"
              .formatted(remark.kind().word(), places.of(remark.origin()), remark.text()));
    }
    return switch (migration.transaction()) {
      case ONE -> title.toString();
      case NONE -> title.append("\n-- Without a transaction, by psql only").toString();
    };
  }

  /// What all parts for psql need comes before the first of them.
  private String text(CompiledMigration compiled, String next) {
    Migration migration = compiled.migration();
    return switch (migration.transaction()) {
      case ONE -> block.text(compiled, next);
      case NONE -> preambleOnce() + part.text(compiled, next);
    };
  }

  private String preambleOnce() {
    boolean isFirst = !needsPsql;
    needsPsql = true;
    return isFirst ? part.preamble() : "";
  }
}
