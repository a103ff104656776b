package dev.slipway.script;

import dev.slipway.sql.Statement;
import dev.slipway.sql.Statement.SessionEffect;
import java.util.List;
import java.util.StringJoiner;

/// What the statements of a migration without a transaction leave in their session, for one that
/// goes on with them in another session. `dev.slipway.migration.Resumption` decides the same for a
/// run that knows how far they came.
record SessionState(List<Statement> statements) {

  /// The number of the last statement, from 1, for which the one at this index has to be run again
  /// in another session; 0 if for none.
  int lastReplay(int index) {
    return statements.get(index).sessionEffect() == SessionEffect.SETTING
        ? Math.min(discard(index) + 1, statements.size())
        : 0;
  }

  /// The index of the next statement that takes the session back; the number of statements if none
  /// does.
  private int discard(int from) {
    int index = from;
    while (index < statements.size()
        && statements.get(index).sessionEffect() != SessionEffect.ALL_DISCARDED) {
      index++;
    }
    return index;
  }

  /// Whether what is temporary was lost, as a condition.
  ///
  /// @param done an expression: how many statements took effect
  String isLost(String done) {
    var lost = new StringJoiner(" OR ").setEmptyValue("false");
    int index = 0;
    while (index < statements.size()) {
      if (statements.get(index).sessionEffect() == SessionEffect.TEMPORARY_OBJECT) {
        int last = Math.min(discard(index), statements.size() - 1);
        lost.add("%s BETWEEN %d AND %d".formatted(done, index + 1, last));
        index = last;
      }
      index++;
    }
    return lost.toString();
  }
}
