package dev.slipway.history;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.sql.Identifier;
import java.util.List;

/// It cannot be told which table is the history.
public final class AmbiguousHistoryException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private AmbiguousHistoryException(String message, String detail, String hint) {
    super(FailureKind.CONFLICT, message, detail, hint, TargetState.UNCHANGED, null);
  }

  static AmbiguousHistoryException several(Identifier schema, List<String> tables) {
    return new AmbiguousHistoryException(
        "schema \"%s\" holds %d tables that could be the history".formatted(schema, tables.size()),
        "They are \"%s\".".formatted(String.join("\", \"", tables)),
        "Name the right one: Slipway__HistoryTable=" + tables.getFirst());
  }

  static AmbiguousHistoryException noJournal(Identifier schema) {
    return new AmbiguousHistoryException(
        "\"%s\".\"%s\" is no journal of Slipway's".formatted(schema, HistoryTable.JOURNAL),
        "Slipway keeps its journal under that name.",
        "Rename it, or keep the history in another schema: Slipway__HistorySchema=NAME");
  }

  static AmbiguousHistoryException none(Identifier schema, String table) {
    return new AmbiguousHistoryException(
        "table \"%s\".\"%s\" is no migration history".formatted(schema, table),
        "It is not a table with columns \"MigrationId\" and \"ProductVersion\", in whatever spelling.",
        "Rename it, or name another table: Slipway__HistoryTable=NAME");
  }
}
