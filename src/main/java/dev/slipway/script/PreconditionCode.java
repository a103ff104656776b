package dev.slipway.script;

import dev.slipway.history.PreconditionSql;
import dev.slipway.migration.Precondition;
import dev.slipway.migration.Precondition.Otherwise;
import dev.slipway.sql.Literal;

/// The code that asks a precondition and deals with its answer.
record PreconditionCode(Precondition precondition, PreconditionSql sql, Places places) {
  private static final String ANSWER = "pg_catalog.current_setting('slipway.precondition', true)";

  /// Stands for the answer that it holds.
  static final String HOLDS =
      "PERFORM pg_catalog.set_config('slipway.precondition', 'true', false);";

  /// Writes what happens where it stands in the way.
  @FunctionalInterface
  interface Reaction {
    /// @param reason an expression that gives the end of a message
    void append(Otherwise otherwise, String reason);
  }

  void append(PlpgsqlCode code, Reaction reaction) {
    code.line(
        "EXECUTE " + Statements.quoted(sql.ask(precondition.condition()), "precondition") + ";");
    code.line("CASE " + ANSWER);
    code.begin("WHEN 'false' THEN");
    reaction.append(
        precondition.onFail(),
        reason("does not hold: ", precondition.failMessage(), "slipway.precondition_asked"));
    code.next("WHEN 'error' THEN");
    reaction.append(
        precondition.onError(),
        reason(
            "could not be evaluated: ",
            precondition.errorMessage(),
            "slipway.precondition_message"));
    code.next("ELSE");
    code.line("NULL;");
    code.end("END CASE;");
  }

  /// @param said the author's words; without them, the setting tells
  private String reason(String what, String said, String setting) {
    return "%s || %s || %s"
        .formatted(
            literal("its precondition " + what),
            said.isEmpty()
                ? "pg_catalog.current_setting(%s, true)".formatted(literal(setting))
                : literal(said),
            literal(" (" + places.of(precondition.origin()) + ")"));
  }

  /// Whether the migration is to be applied, by the answer.
  String goesOn() {
    return "%s IN ('true'%s%s)"
        .formatted(
            ANSWER,
            precondition.onFail() == Otherwise.WARN ? ", 'false'" : "",
            precondition.onError() == Otherwise.WARN ? ", 'error'" : "");
  }

  /// @param level as PL/pgSQL names it
  static String raise(String level, String begin, String reason) {
    return "RAISE %s USING MESSAGE = %s || %s;".formatted(level, literal(begin), reason);
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
