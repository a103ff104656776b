package dev.slipway.script;

import dev.slipway.migration.Checksum;
import dev.slipway.migration.Edits;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Rerun;
import dev.slipway.sql.DollarQuote;
import java.util.TreeSet;

/// The migrations that the first block knows, with what the database may have recorded of each.
///
/// @param order of the script
record KnownMigrations(ScriptOrder order) {
  /// Stands for a checksum that does not matter.
  static final String ANY_CHECKSUM = "any";

  /// A line for each, its id at the end: an id may hold anything but control characters.
  String list() {
    var lines = new StringBuilder();
    for (Migration migration : order.known()) {
      lines
          .append('\n')
          .append("%s | %s | %s".formatted(kind(migration), accepted(migration), migration.id()));
    }
    return DollarQuote.around(lines.append('\n').toString(), "list");
  }

  /// Of a repeatable one that the script does not hold any text will do: it is to be run later.
  private String accepted(Migration migration) {
    return order.written().contains(migration) || migration.rerun() == Rerun.NEVER
        ? checksums(migration)
        : ANY_CHECKSUM;
  }

  private static String checksums(Migration migration) {
    return switch (migration.edits()) {
      case Edits.Any _, Edits.Regenerated _ -> ANY_CHECKSUM;
      case Edits.Listed(var others) -> {
        var accepted = new TreeSet<String>();
        for (Checksum other : others) {
          accepted.add(other.value());
        }
        yield (migration.checksum() + " " + String.join(" ", accepted)).strip();
      }
    };
  }

  private String kind(Migration migration) {
    if (!order.written().contains(migration)) {
      return ScriptOrder.mayBeLeftOut(migration) ? "before, if at all" : "before";
    }
    String often =
        switch (migration.rerun()) {
          case NEVER -> "once";
          case ON_CHANGE -> "on change";
          case ALWAYS -> "always";
        };
    return switch (migration.transaction()) {
      case ONE -> often;
      case NONE -> often + ", no transaction";
    };
  }
}
