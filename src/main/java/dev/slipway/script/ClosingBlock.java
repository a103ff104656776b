package dev.slipway.script;

import dev.slipway.migration.Migration;
import dev.slipway.sql.DollarQuote;
import java.util.Map;

/// The last block: it counts, and fails if something is missing.
record ClosingBlock(ScriptOrder order) {

  String text() {
    Map<String, String> values =
        Map.of(
            "recorded",
            order.toWrite().stream().allMatch(ScriptOrder::mayBeLeftOut) ? "" : recorded(),
            "written",
            Integer.toString(order.toWrite().size()));
    return "DO "
        + DollarQuote.around("\n" + Template.named("closing.sql").fill(values), "slipway")
        + ";\n";
  }

  private String recorded() {
    return "\n"
        + Template.named("recorded.sql")
            .fill(
                Map.of(
                    "history", order.history().table(),
                    "id", order.history().idColumn(),
                    "migrations", migrations()))
            .stripTrailing();
  }

  /// A line for each that must be recorded in the end: its number in the changelog, its id.
  private String migrations() {
    var lines = new StringBuilder("\n");
    for (int i = 0; i < order.known().size(); i++) {
      Migration migration = order.known().get(i);
      if (order.written().contains(migration) && !ScriptOrder.mayBeLeftOut(migration)) {
        lines.append(i + 1).append(' ').append(migration.id()).append('\n');
      }
    }
    return DollarQuote.around(lines.toString(), "list");
  }
}
