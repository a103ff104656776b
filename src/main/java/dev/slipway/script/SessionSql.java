package dev.slipway.script;

import dev.slipway.history.HistorySql;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.postgres.SessionReset;
import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Literal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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

  /// Which migrations are counted; the others were applied.
  enum Counter {
    /// Those that were recorded already.
    THERE,
    /// Those that were not run, and need not be.
    PASSED;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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

  /// The statements that give the session its state, in one text.
  String state() {
    return wrapped(statements());
  }

  /// The statements that lock the history.
  String lock(HistorySql history) {
    return """
        SET LOCAL lock_timeout = %d;
        %s;
        SET LOCAL lock_timeout = %d"""
        .formatted(
            settings.historyWait().toMillis(),
            history.lockTable(),
            settings.lockTimeout().toMillis());
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

  /// The declaration of what the blocks share.
  static String declaration() {
    return "  shared pg_catalog.jsonb;\n";
  }

  /// Takes it, before a migration's own statements may reset all settings.
  static String take() {
    return "shared := pg_catalog.current_setting('slipway.shared');\n";
  }

  static String lock() {
    return "EXECUTE shared ->> 'lock';\n";
  }

  /// Takes the session back to its state.
  static String reset() {
    return "EXECUTE pg_catalog.format(shared ->> 'reset', shared);\n";
  }

  /// Counts a migration that is not run, and goes on to the next.
  static String skip(Counter counter, MigrationId id, String next) {
    return """
        EXECUTE pg_catalog.format(shared ->> 'skip', shared,
          %s, %s, '%s');
        """
        .formatted(literal(id.value()), literal(next), counter.key());
  }

  /// Ends a migration: takes the session back to its state, notes in the journal what was done, and
  /// goes on to the next.
  static String finish(Migration migration, int statements, String next) {
    return """
        EXECUTE pg_catalog.format(shared ->> 'finish', shared,
          %s, %s,
          %s, %d);
        """
        .formatted(
            literal(migration.id().value()),
            literal(next),
            literal(migration.checksum().value()),
            statements);
  }

  static String tellApplied(Migration migration) {
    return "RAISE NOTICE %s;".formatted(format("slipway: applied " + migration));
  }

  /// A message for PL/pgSQL's RAISE without options, which costs the server less than one that it
  /// has to evaluate.
  static String format(String message) {
    return literal(message.replace("%", "%%"));
  }

  /// Whether it is this migration's turn. In a session in which the script did not begin, that is
  /// an error.
  static String isNext(MigrationId id) {
    return isNext(literal(id.value()));
  }

  private static String isNext(String id) {
    return "pg_catalog.current_setting('slipway.next') = " + id;
  }

  static String setNext(String id) {
    return "SET slipway.next = " + literal(id) + ";\n";
  }

  /// Goes on behind this migration: to the one that the script has next, or if that was there when
  /// it began, to the first behind it that was not.
  static String goOn(MigrationId id, String next) {
    return goOn(literal(id.value()), literal(next));
  }

  private static String goOn(String id, String next) {
    return "EXECUTE pg_catalog.format(shared ->> 'next', shared, %s, %s);\n".formatted(id, next);
  }

  /// The same by itself, if it was that migration's turn.
  ///
  /// @param id as SQL
  /// @param next as SQL
  static String goOnBehind(String id, String next) {
    var code = new PlpgsqlCode();
    code.line("DECLARE");
    code.add(declaration());
    code.begin("BEGIN");
    code.begin("IF " + isNext(id) + " THEN");
    code.add(take());
    code.add(goOn(id, next));
    code.end("END IF;");
    code.end("END");
    return "DO " + DollarQuote.around("\n" + code.text(), "slipway") + ";\n";
  }

  private static String literal(String text) {
    return new Literal(text).quoted();
  }
}
