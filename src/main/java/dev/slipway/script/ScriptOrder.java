package dev.slipway.script;

import dev.slipway.history.HistorySql;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Precondition.Otherwise;
import dev.slipway.migration.TransactionMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Which migrations a script is to apply, and into which history.
///
/// @param known the changelog's migrations up to the script's last, in order: all that is not
/// written must be recorded where the script is run
/// @param written those of them that the script applies where they are missing
public record ScriptOrder(
    Changelog changelog,
    List<Migration> known,
    Set<Migration> written,
    HistorySql history,
    ScriptSettings settings) {

  public ScriptOrder {
    known = List.copyOf(known);
    written = Set.copyOf(written);
    if (!Set.copyOf(known).containsAll(written)) {
      throw new IllegalArgumentException("migrations of the changelog");
    }
  }

  /// The migrations to write, in order.
  public List<Migration> toWrite() {
    List<Migration> migrations = new ArrayList<>();
    for (Migration migration : known) {
      if (written.contains(migration)) {
        migrations.add(migration);
      }
    }
    return migrations;
  }

  /// Those of them that run without a transaction, which only psql can do by a script.
  List<Migration> needingPsql() {
    return toWrite().stream()
        .filter(migration -> migration.transaction() == TransactionMode.NONE)
        .toList();
  }

  /// Whether a run may have gone on without it.
  static boolean mayBeLeftOut(Migration migration) {
    return switch (migration.conduct().onFailure()) {
      case GO_ON -> true;
      case STOP ->
          migration
              .body()
              .compile()
              .precondition()
              .filter(
                  precondition ->
                      precondition.onFail() == Otherwise.CONTINUE
                          || precondition.onError() == Otherwise.CONTINUE)
              .isPresent();
    };
  }
}
