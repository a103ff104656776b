package dev.slipway.changelog.ef;

import dev.slipway.sql.Ascii;
import dev.slipway.sql.DollarQuote;
import dev.slipway.sql.Tokens;
import dev.slipway.sql.Tokens.Kind;
import java.util.ArrayList;
import java.util.List;

/// Makes SQL of a block's body, which may have been written to be PL/pgSQL: `PERFORM` becomes
/// `SELECT`, and a command that only PL/pgSQL has gets a DO of its own. No line break is added or
/// taken.
final class BodyRepair {
  private final String body;
  private final Tokens tokens;
  private final StringBuilder sql = new StringBuilder();
  private final List<Found> repairs = new ArrayList<>();

  /// Up to where the body is in the SQL.
  private int done;

  /// What became of a body.
  record Result(String sql, List<Found> repairs) {
    Result {
      repairs = List.copyOf(repairs);
    }
  }

  /// A repair, by the offset in the body.
  record Found(int at, Repair.Kind kind, String text) {}

  private BodyRepair(String body) {
    this.body = body;
    this.tokens = new Tokens(body);
  }

  static Result of(String body) {
    return new BodyRepair(body).repair();
  }

  private Result repair() {
    int parentheses = 0;
    int statement = -1;
    while (tokens.next() != Kind.END) {
      if (statement < 0) {
        statement = tokens.start();
        repairCommand();
      }
      parentheses += tokens.isSymbol('(') ? 1 : tokens.isSymbol(')') ? -1 : 0;
      if (tokens.isSymbol(';') && parentheses <= 0) {
        statement = -1;
      }
    }
    if (statement >= 0) {
      repairs.add(new Found(statement, Repair.Kind.MISSING_SEMICOLON, "no semicolon ends it"));
    }
    sql.append(body, done, body.length());
    return new Result(sql.toString(), repairs);
  }

  /// Looks at the first word of a statement; goes on to the end of a command that is none of SQL's.
  private void repairCommand() {
    if (tokens.kind() != Kind.WORD) {
      return;
    }
    switch (Ascii.lower(tokens.string())) {
      case "perform" -> {
        repairs.add(
            new Found(
                tokens.start(), Repair.Kind.PLPGSQL, "PERFORM is PL/pgSQL; it is run as SELECT"));
        replace(tokens.start(), tokens.end(), "SELECT");
      }
      case "if" -> wrap("IF");
      case "for", "foreach", "while", "loop" -> wrap("LOOP");
      case "raise", "assert", "null" -> wrap("");
      default -> {
        // SQL, as far as a first word tells.
      }
    }
  }

  /// Puts the command here into a DO, up to its semicolon.
  ///
  /// @param closer what stands behind the END that closes it; empty if none does
  private void wrap(String closer) {
    int begin = tokens.start();
    if (!goToEnd(closer)) {
      tokens.moveTo(begin);
      tokens.next();
      return;
    }
    int end = tokens.end();
    repairs.add(new Found(begin, Repair.Kind.PLPGSQL, "PL/pgSQL; it gets a DO block of its own"));
    String block = DollarQuote.around("BEGIN " + body.substring(begin, end) + " END", "ef");
    replace(begin, end, "DO " + block + ";");
  }

  /// Goes to the semicolon that ends the command here; answers whether there is one.
  private boolean goToEnd(String closer) {
    int depth = 0;
    boolean behindEnd = false;
    boolean mayBegin = true;
    do {
      if (!closer.isEmpty() && tokens.isWord(closer)) {
        if (behindEnd) {
          depth--;
        } else if (mayBegin || closer.equals("LOOP")) {
          depth++;
        }
      }
      if (tokens.isSymbol(';') && depth == 0) {
        return true;
      }
      behindEnd = tokens.isWord("END");
      mayBegin = tokens.isSymbol(';') || isBeforeCommand();
    } while (tokens.next() != Kind.END);
    return false;
  }

  private boolean isBeforeCommand() {
    return tokens.isWord("THEN")
        || tokens.isWord("ELSE")
        || tokens.isWord("LOOP")
        || tokens.isWord("BEGIN");
  }

  private void replace(int from, int to, String replacement) {
    sql.append(body, done, from).append(replacement);
    done = to;
  }
}
