package dev.slipway.script;

import dev.slipway.migration.SessionState;
import dev.slipway.sql.Statement.SessionEffect;
import java.util.StringJoiner;

/// What a migration without a transaction lacks that is gone on with in another session, for a
/// script that cannot know beforehand how far it came.
record LostSession(SessionState state) {

  /// The number of the last statement, from 1, for which the one at this index has to be run again
  /// in another session; 0 if for none.
  int lastReplay(int index) {
    return state.effect(index) == SessionEffect.SETTING ? state.lastFinder(index) + 1 : 0;
  }

  /// Whether what is temporary was lost, as a condition.
  ///
  /// @param done an expression: how many statements took effect
  String isLost(String done) {
    var lost = new StringJoiner(" OR ").setEmptyValue("false");
    int index = 0;
    while (index < state.size()) {
      if (state.effect(index) == SessionEffect.TEMPORARY_OBJECT) {
        int last = state.lastFinder(index);
        if (last > index) {
          lost.add("%s BETWEEN %d AND %d".formatted(done, index + 1, last));
          index = last;
        }
      }
      index++;
    }
    return lost.toString();
  }
}
