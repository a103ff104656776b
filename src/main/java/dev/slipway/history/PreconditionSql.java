package dev.slipway.history;

import dev.slipway.migration.Condition;
import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Literal;
import java.util.List;

/// A precondition as one statement of SQL, which runner and script ask alike, inside a transaction.
///
/// Its answer stands in settings that end with the transaction: `slipway.precondition` is `true`,
/// `false` or `error`; `slipway.precondition_asked` is the clause that decided, for people; and
/// `slipway.precondition_sqlstate` and `slipway.precondition_message` are the error's. Whatever
/// else the queries did, to rows or settings, is undone.
///
/// An error is an answer, too, and leaves the transaction usable. Not so what tells nothing of the
/// condition, and would be another answer at another moment: a lock that was waited for too long, a
/// deadlock, a statement that was cancelled, a server without memory. Those end the statement.
///
/// Each query is a text of its own, so that nothing is parsed before its turn. They see the
/// session's search path; all else is schema-qualified.
public final class PreconditionSql {
  /// Gives the answer as one row: the four settings in the order above.
  public static final String ANSWER =
      """
      SELECT pg_catalog.current_setting('slipway.precondition', true),
             pg_catalog.current_setting('slipway.precondition_asked', true),
             pg_catalog.current_setting('slipway.precondition_sqlstate', true),
             pg_catalog.current_setting('slipway.precondition_message', true)""";

  /// A subtransaction that ends with an exception is undone, and keeps its variables. OTHERS leaves
  /// out query_canceled and assert_failure (PostgreSQL documentation, PL/pgSQL, Trapping Errors); a
  /// name of a class of errors stands for all of them.
  private static final String BEGIN =
      """

      DECLARE
        holds pg_catalog.bool := false;
        answered pg_catalog.bool := false;
        asked pg_catalog.text := '';
        state pg_catalog.text := '';
        message pg_catalog.text := '';
      BEGIN
        BEGIN
      """;

  private static final String END =
      """
          answered := true;
          RAISE SQLSTATE 'SLPWY';
        EXCEPTION
          WHEN transaction_rollback OR insufficient_resources OR lock_not_available
              OR operator_intervention OR system_error THEN
            RAISE;
          WHEN OTHERS OR assert_failure THEN
            IF NOT answered THEN
              state := SQLSTATE;
              message := SQLERRM;
            END IF;
        END;
        PERFORM
          pg_catalog.set_config('slipway.precondition',
            CASE WHEN NOT answered THEN 'error' WHEN holds THEN 'true' ELSE 'false' END, true),
          pg_catalog.set_config('slipway.precondition_asked', asked, true),
          pg_catalog.set_config('slipway.precondition_sqlstate', state, true),
          pg_catalog.set_config('slipway.precondition_message', message, true);
      END
      """;

  private static final String INDENT = "    ";

  private final HistorySql history;

  public PreconditionSql(HistorySql history) {
    this.history = history;
  }

  /// The statement that asks.
  public String ask(Condition condition) {
    var block = new StringBuilder(BEGIN);
    append(condition, INDENT, block);
    block.append(END);
    return "DO " + DollarQuote.around(block.toString(), "slipway");
  }

  private void append(Condition condition, String indent, StringBuilder to) {
    switch (condition) {
      case Condition.Holds(var sql, var text) -> appendQuery(sql, text, indent, to);
      case Condition.Recorded(var id) ->
          appendQuery(history.isRecorded(id), condition.text(), indent, to);
      case Condition.Known(var holds, var text) -> appendKnown(holds, text, indent, to);
      case Condition.All(var conditions) when conditions.isEmpty() ->
          appendKnown(true, condition.text(), indent, to);
      case Condition.All(var conditions) -> appendEach(conditions, "IF holds THEN", indent, to);
      case Condition.Any(var conditions) when conditions.isEmpty() ->
          appendKnown(false, condition.text(), indent, to);
      case Condition.Any(var conditions) -> {
        appendEach(conditions, "IF NOT holds THEN", indent, to);
        appendAsked(condition.text(), indent, to);
      }
      case Condition.Not(var denied) -> {
        append(denied, indent, to);
        appendLine("holds := NOT holds;", indent, to);
        appendAsked(condition.text(), indent, to);
      }
    }
  }

  /// Each but the first only if those before it have not decided.
  private void appendEach(
      List<Condition> conditions, String undecided, String indent, StringBuilder to) {
    append(conditions.getFirst(), indent, to);
    for (Condition condition : conditions.subList(1, conditions.size())) {
      appendLine(undecided, indent, to);
      append(condition, indent + "  ", to);
      appendLine("END IF;", indent, to);
    }
  }

  private static void appendQuery(String sql, String text, String indent, StringBuilder to) {
    appendAsked(text, indent, to);
    appendLine("EXECUTE " + literal("SELECT " + sql) + " INTO holds;", indent, to);
    appendLine("holds := COALESCE(holds, false);", indent, to);
  }

  private static void appendKnown(boolean holds, String text, String indent, StringBuilder to) {
    appendAsked(text, indent, to);
    appendLine("holds := " + holds + ";", indent, to);
  }

  private static void appendAsked(String text, String indent, StringBuilder to) {
    appendLine("asked := " + literal(text) + ";", indent, to);
  }

  private static void appendLine(String line, String indent, StringBuilder to) {
    to.append(indent).append(line).append('\n');
  }

  private static String literal(String value) {
    return new Literal(value).quoted();
  }
}
