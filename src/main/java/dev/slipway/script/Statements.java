package dev.slipway.script;

import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Statement;
import java.util.List;

/// The statements of a migration as texts that PL/pgSQL executes one by one.
final class Statements {
  /// An array is planned as a whole, and each of its elements costs the server memory for as long
  /// as the block runs.
  private static final int LONGEST_ARRAY = 1_000;

  private Statements() {}

  static void append(List<Statement> statements, PlpgsqlCode code) {
    if (statements.size() == 1) {
      code.line("EXECUTE " + quoted(statements.getFirst().executable()) + ";");
      return;
    }
    for (int from = 0; from < statements.size(); from += LONGEST_ARRAY) {
      int to = Math.min(from + LONGEST_ARRAY, statements.size());
      appendLoop(statements.subList(from, to), code);
    }
  }

  private static void appendLoop(List<Statement> statements, PlpgsqlCode code) {
    code.line("FOREACH statement IN ARRAY ARRAY[");
    for (int i = 0; i < statements.size(); i++) {
      code.verbatim(
          quoted(statements.get(i).executable()) + (i + 1 < statements.size() ? ",\n" : "\n"));
    }
    code.line("] LOOP");
    code.line("  EXECUTE statement;");
    code.line("END LOOP;");
  }

  /// The lines of a script end with LF alone, whatever clients and editors make of others; so a
  /// carriage return of the author's is written by a name that the text does not hold.
  static String quoted(String text) {
    return quoted(text, "sql");
  }

  /// The same in a dollar quote with another tag.
  static String quoted(String text, String tag) {
    if (text.indexOf('\r') < 0) {
      return DollarQuote.around(text, tag);
    }
    String name = "<CR>";
    for (int i = 1; text.contains(name); i++) {
      name = "<CR" + i + ">";
    }
    return "pg_catalog.replace(%s, '%s', E'\\r')"
        .formatted(DollarQuote.around(text.replace("\r", name), tag), name);
  }
}
