package dev.slipway.sql;

import dev.slipway.sql.Tokens.Kind;
import java.util.Optional;
import java.util.Set;

/// `SELECT … INTO table`, which PL/pgSQL cannot execute from a text, as the `CREATE TABLE … AS`
/// that means the same.
final class SelectInto {
  private static final Set<String> KINDS =
      Set.of("TEMPORARY", "TEMP", "LOCAL", "GLOBAL", "UNLOGGED");
  private static final Set<String> SET_OPERATIONS = Set.of("UNION", "INTERSECT", "EXCEPT");

  /// What can follow the table's name.
  private static final Set<String> CLAUSES =
      Set.of(
          "FROM",
          "WHERE",
          "GROUP",
          "HAVING",
          "WINDOW",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "ORDER",
          "LIMIT",
          "OFFSET",
          "FETCH",
          "FOR");

  private final String text;
  private final Tokens tokens;

  private SelectInto(String text) {
    this.text = text;
    this.tokens = new Tokens(text);
  }

  /// The other statement; empty if this one makes no table by INTO.
  static Optional<String> asCreateTable(String text) {
    return new SelectInto(text).asCreateTable();
  }

  private Optional<String> asCreateTable() {
    tokens.next();
    passOpening();
    if (isAt("WITH")) {
      goToQuery();
      passOpening();
    }
    return isAt("SELECT") && goToInto() ? rewritten() : Optional.empty();
  }

  private void passOpening() {
    while (tokens.isSymbol('(')) {
      tokens.next();
    }
  }

  /// Passes the queries that WITH names. Only the one behind them may follow a parenthesis with a
  /// parenthesis.
  private void goToQuery() {
    boolean isBehindParentheses = false;
    while (!isAtEnd() && !isAt("SELECT") && !(isBehindParentheses && tokens.isSymbol('('))) {
      isBehindParentheses = tokens.isSymbol('(');
      nextOutsideParentheses();
    }
  }

  /// Only the first of several queries has an INTO. As a label of a column behind AS, and as a
  /// column's name behind a dot, it is a name.
  private boolean goToInto() {
    Kind before = Kind.SYMBOL;
    boolean mayBeName = false;
    while (!isAtEnd() && !tokens.isSymbol(')')) {
      if (isAt("INTO") && !mayBeName) {
        return true;
      }
      if (SET_OPERATIONS.contains(word()) && !mayBeName) {
        return false;
      }
      mayBeName = isAt("AS") || (tokens.isSymbol('.') && before != Kind.NUMBER);
      before = tokens.kind();
      nextOutsideParentheses();
    }
    return false;
  }

  private Optional<String> rewritten() {
    int into = tokens.start();
    tokens.next();
    String kind = passKind();
    if (isAt("TABLE")) {
      tokens.next();
    }
    if (!isAtName()) {
      return Optional.empty();
    }
    int name = tokens.start();
    int nameEnd = passName();
    String query = text.substring(0, into) + text.substring(nameEnd).stripLeading();
    return Optional.of(
        "CREATE %sTABLE %s AS %s"
            .formatted(kind, text.substring(name, nameEnd), query.stripTrailing()));
  }

  /// Passes the words that tell the kind of the table. Such a word can also be its name.
  private String passKind() {
    var kind = new StringBuilder();
    while (KINDS.contains(word())) {
      int start = tokens.start();
      String word = tokens.string();
      tokens.next();
      if (!isAtName()) {
        tokens.moveTo(start);
        tokens.next();
        break;
      }
      kind.append(word).append(' ');
    }
    return kind.toString();
  }

  private boolean isAtName() {
    return tokens.kind() == Kind.QUOTED_IDENTIFIER
        || (tokens.kind() == Kind.WORD && !CLAUSES.contains(word()));
  }

  /// @return where it ends
  private int passName() {
    int end = passPart();
    while (tokens.isSymbol('.')) {
      tokens.next();
      end = passPart();
    }
    return end;
  }

  private int passPart() {
    int end = tokens.end();
    tokens.next();
    if (isAt("UESCAPE")) {
      tokens.next();
      end = tokens.end();
      tokens.next();
    }
    return end;
  }

  private boolean isAtEnd() {
    return tokens.kind() == Kind.END;
  }

  private String word() {
    return tokens.kind() == Kind.WORD ? Ascii.upper(tokens.string()) : "";
  }

  private boolean isAt(String word) {
    return tokens.isWord(word);
  }

  private void nextOutsideParentheses() {
    int depth = 0;
    do {
      if (tokens.isSymbol('(')) {
        depth++;
      } else if (tokens.isSymbol(')')) {
        depth--;
      }
      tokens.next();
    } while (depth > 0 && !isAtEnd());
  }
}
