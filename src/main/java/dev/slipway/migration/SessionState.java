package dev.slipway.migration;

import dev.slipway.sql.Statement;
import dev.slipway.sql.Statement.SessionEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// What the statements of a migration without a transaction leave in their session, for whoever
/// goes on with them in another one. Statements are counted from 0.
public final class SessionState {
  private final List<SessionEffect> effects;

  /// Of each statement, the next one that takes the session back: itself, one behind it, or their
  /// number if none does.
  private final int[] takenBack;

  /// Of each statement, the last one up to there that may use a temporary table; -1 if none does.
  /// What
  /// is run by itself and can be resumed does not: no index is built concurrently on one.
  private final int[] user;

  public SessionState(List<Statement> statements) {
    this.effects = statements.stream().map(Statement::sessionEffect).toList();
    this.takenBack = new int[effects.size()];
    int next = effects.size();
    for (int i = effects.size() - 1; i >= 0; i--) {
      if (effects.get(i) == SessionEffect.ALL_DISCARDED) {
        next = i;
      }
      takenBack[i] = next;
    }
    this.user = new int[effects.size()];
    int last = -1;
    for (int i = 0; i < effects.size(); i++) {
      last = statements.get(i).isResumable() ? last : i;
      user[i] = last;
    }
  }

  /// How many statements there are.
  public int size() {
    return effects.size();
  }

  public SessionEffect effect(int statement) {
    return effects.get(statement);
  }

  /// The last statement that finds in its session what this one left there.
  public int lastFinder(int statement) {
    int last = Math.min(takenBack[statement], effects.size() - 1);
    return effect(statement) == SessionEffect.TEMPORARY_OBJECT ? user[last] : last;
  }

  /// The statements that have to be run again in a new session, so that the next one finds the
  /// settings that it would have found.
  public List<Integer> settings(int next) {
    List<Integer> settings = new ArrayList<>();
    for (int i = 0; i < next; i++) {
      if (effect(i) == SessionEffect.SETTING && next <= lastFinder(i)) {
        settings.add(i);
      }
    }
    return settings;
  }

  /// The last statement that made something temporary which the next one would have found; empty
  /// if nothing is lost.
  OptionalInt temporaryObject(int next) {
    for (int i = next - 1; i >= 0; i--) {
      if (effect(i) == SessionEffect.TEMPORARY_OBJECT && next <= lastFinder(i)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
