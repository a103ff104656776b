package dev.slipway.script;

import dev.slipway.postgres.SessionReset;
import dev.slipway.sql.Literal;
import java.util.ArrayList;
import java.util.List;

/// The state of the session from which each migration starts, and the settings in which the blocks
/// of a script tell each other how far they came.
final class SessionSql {
  /// The script is UTF-8, whatever a client's own encoding is. Nothing may depend on a default
  /// isolation level: the history is looked up after it is locked.
  private static final List<String> OURS =
      List.of(
          "SET client_encoding = 'UTF8'", "SET default_transaction_isolation = 'read committed'");

  /// What is next until the first block is done.
  static final String BEGINNING = "the beginning";

  /// How long a line of them may grow.
  private static final int LINE = 76;

  private final ScriptSettings settings;

  SessionSql(ScriptSettings settings) {
    this.settings = settings;
  }

  /// The statements that give the session its state; the search path they leave to the role's or
  /// the database's setting.
  List<String> statements() {
    List<String> statements = new ArrayList<>(SessionReset.statements(settings.role()));
    statements.addAll(OURS);
    return statements;
  }

  /// The declaration of what a block takes from its session and gives back to it.
  static String declaration() {
    return """
      path pg_catalog.text;
      there pg_catalog.text;
      applied pg_catalog.int4;
      passed pg_catalog.int4;
    """;
  }

  /// Takes it. A block with nothing to do costs half as much without.
  static String take() {
    return """
        path := pg_catalog.current_setting('slipway.path');
        there := pg_catalog.current_setting('slipway.there');
        applied := pg_catalog.current_setting('slipway.applied');
        passed := pg_catalog.current_setting('slipway.passed');
        """;
  }

  /// Takes the session back to its state, in PL/pgSQL.
  String reset() {
    return "EXECUTE " + literal(wrapped(statements())) + ";\n";
  }

  private static String wrapped(List<String> statements) {
    var text = new StringBuilder();
    int length = 0;
    for (String statement : statements) {
      if (length > 0) {
        text.append(length + statement.length() > LINE ? ";\n  " : "; ");
        length = length + statement.length() > LINE ? 0 : length;
      }
      text.append(statement);
      length += statement.length() + 2;
    }
    return text.toString();
  }

  /// Gives back what a block has taken.
  static String keep() {
    return """
        PERFORM pg_catalog.set_config('search_path', path, false),
          pg_catalog.set_config('slipway.path', path, false),
          pg_catalog.set_config('slipway.there', there, false),
          pg_catalog.set_config('slipway.applied', applied::pg_catalog.text, false),
          pg_catalog.set_config('slipway.passed', passed::pg_catalog.text, false);
        """;
  }

  static String setNext(String id) {
    return "PERFORM pg_catalog.set_config('slipway.next', " + literal(id) + ", false);\n";
  }

  static String setLocalLockTimeout(long milliseconds) {
    return "PERFORM pg_catalog.set_config('lock_timeout', '" + milliseconds + "', true);\n";
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
