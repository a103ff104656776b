package dev.slipway.sql;

import dev.slipway.sql.Tokens.Kind;
import java.util.Optional;
import java.util.Set;

/// `SELECT … INTO table`, which PL/pgSQL cannot execute from a text, as the `CREATE TABLE … AS`
/// that means the same.
final class SelectInto {
  private static final Set<String> VERBS =
      Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE");
  private static final Set<String> KINDS =
      Set.of("TEMPORARY", "TEMP", "LOCAL", "GLOBAL", "UNLOGGED");

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
    if (isAt("WITH") && !goToVerb()) {
      return Optional.empty();
    }
    return isAt("SELECT") && goToInto() ? Optional.of(rewritten()) : Optional.empty();
  }

  private boolean goToVerb() {
    while (tokens.kind() != Kind.END) {
      if (tokens.kind() == Kind.WORD && VERBS.contains(Ascii.upper(tokens.string()))) {
        return true;
      }
      nextOutsideParentheses();
    }
    return false;
  }

  /// As a label of a column behind AS, and as a column's name behind a dot, INTO is a name.
  private boolean goToInto() {
    boolean mayBeName = false;
    while (tokens.kind() != Kind.END) {
      if (isAt("INTO") && !mayBeName) {
        return true;
      }
      mayBeName = isAt("AS") || tokens.isSymbol('.');
      nextOutsideParentheses();
    }
    return false;
  }

  private String rewritten() {
    int into = tokens.start();
    tokens.next();
    var kind = new StringBuilder();
    while (tokens.kind() == Kind.WORD && KINDS.contains(Ascii.upper(tokens.string()))) {
      kind.append(tokens.string()).append(' ');
      tokens.next();
    }
    if (isAt("TABLE")) {
      tokens.next();
    }
    int name = tokens.start();
    int nameEnd = tokens.end();
    tokens.next();
    while (tokens.isSymbol('.')) {
      tokens.next();
      nameEnd = tokens.end();
      tokens.next();
    }
    return "CREATE %sTABLE %s AS %s%s"
        .formatted(
            kind,
            text.substring(name, nameEnd),
            text.substring(0, into),
            text.substring(nameEnd).stripLeading());
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
    } while (depth > 0 && tokens.kind() != Kind.END);
  }
}
