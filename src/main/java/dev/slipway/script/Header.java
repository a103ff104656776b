package dev.slipway.script;

import dev.slipway.migration.Migration;
import java.util.List;

/// The comment at the top of a script: what it is, how to run it, how to read it.
final class Header {
  /// How the comment begins that says so.
  static final String NEEDS_PSQL = "-- This script needs psql";

  private final ScriptOrder order;

  Header(ScriptOrder order) {
    this.order = order;
  }

  String text() {
    List<Migration> needingPsql = order.needingPsql();
    var to = new StringBuilder();
    to.append(
        """
        -- Slipway %s
        -- Changelog %s: %s
        --
        -- Brings a database to this state: what is there already is left alone, what is missing is
        -- applied. It can be run as often as you like, as a whole, in a session of its own, by %s:
        --   psql -X -v ON_ERROR_STOP=1 -f FILE "host=... dbname=... user=..."
        --
        -- How to read it. The first block makes the history, %s,
        -- and the journal, %s, where they are missing, and refuses a database that does
        -- not fit. Each migration is one block and one transaction: it locks the history, looks
        -- whether its row is there, and if not, executes its statements, takes the session back to
        -- the state in which it began, and writes its rows. The blocks share two settings:
        -- slipway.next is the id of the migration that is to be applied next, and a block does nothing
        -- unless that is its own; slipway.shared holds what all blocks need, also the statements before
        -- and behind a migration's own, which stand at the end of the first block. So nothing is
        -- applied behind a gap, also by a client that goes on after an error. The last block fails if
        -- something is missing (SQLSTATE 55000), and names it.
        --
        -- Edited it? The digests above the blocks are for: slipway check FILE
        """
            .formatted(
                order.settings().version(),
                new Places(order.changelog().name()).name(),
                extent(order.toWrite()),
                needingPsql.isEmpty() ? "any client" : "psql",
                Places.oneLine(order.history().table()),
                Places.oneLine(order.history().journal().table())));
    if (!needingPsql.isEmpty()) {
      appendNeeds(needingPsql, to);
    }
    return to.toString();
  }

  private static void appendNeeds(List<Migration> migrations, StringBuilder to) {
    to.append(
        """
        --
        %s, 11 or newer, and no transaction around it, because of what runs
        -- without a transaction:
        """
            .formatted(NEEDS_PSQL));
    for (Migration migration : migrations) {
      to.append("--   ").append(migration.id()).append('\n');
    }
    to.append(
        """
        -- Their statements are run one by one (\\gexec) while this session holds the migration lock.
        -- After each, the journal notes that it took effect; if it failed (:ERROR), the rest is passed
        -- over, an invalid index that it left is dropped, and nothing is recorded. slipway_next is the
        -- number of the statement that is next, slipway_doubt that of one which may have taken effect
        -- when the script was last broken off.
        """);
  }

  private static String extent(List<Migration> migrations) {
    return switch (migrations.size()) {
      case 0 -> "nothing to do";
      case 1 -> "1 migration, " + migrations.getFirst();
      default ->
          "%d migrations\n--   from %s\n--   to   %s"
              .formatted(migrations.size(), migrations.getFirst(), migrations.getLast());
    };
  }
}
