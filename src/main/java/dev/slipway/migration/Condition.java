package dev.slipway.migration;

import java.util.List;
import java.util.StringJoiner;

/// Something that holds in a database or does not. Evaluated in order, and no further than needed:
/// what stands behind a condition may rely on it, as a table's rows on the table's being there.
public sealed interface Condition {

  /// For people: a clause in one line, that can stand behind "whether".
  String text();

  /// An expression of SQL that gives one boolean. It is not parsed before it is its turn.
  ///
  /// @param sql for example `EXISTS (SELECT 1 FROM orders)`; null counts as false
  /// @param text for people, as a clause: `table "orders" exists`
  record Holds(String sql, String text) implements Condition {
    public Holds {
      text = OneLine.of(text);
    }
  }

  /// Whether the history records this migration, in any letter case.
  record Recorded(MigrationId id) implements Condition {
    @Override
    public String text() {
      return "migration \"%s\" is recorded".formatted(id);
    }
  }

  /// What is known without a database.
  record Known(boolean holds, String text) implements Condition {
    public Known {
      text = OneLine.of(text);
    }
  }

  /// All hold; also if there is none.
  record All(List<Condition> conditions) implements Condition {
    public All {
      conditions = List.copyOf(conditions);
    }

    @Override
    public String text() {
      return conditions.isEmpty() ? "nothing is asked" : joined(conditions, " and ");
    }
  }

  /// At least one holds; not if there is none.
  record Any(List<Condition> conditions) implements Condition {
    public Any {
      conditions = List.copyOf(conditions);
    }

    @Override
    public String text() {
      return conditions.isEmpty() ? "one of none holds" : joined(conditions, " or ");
    }
  }

  record Not(Condition condition) implements Condition {
    @Override
    public String text() {
      return "not (" + condition.text() + ")";
    }
  }

  private static String joined(List<Condition> conditions, String word) {
    var joined = new StringJoiner(word);
    for (Condition condition : conditions) {
      joined.add(conditions.size() == 1 ? condition.text() : part(condition));
    }
    return joined.toString();
  }

  private static String part(Condition condition) {
    return switch (condition) {
      case All _, Any _ -> "(" + condition.text() + ")";
      case Holds _, Recorded _, Known _, Not _ -> condition.text();
    };
  }
}
