package dev.slipway.sql;

import dev.slipway.sql.Tokens.Kind;

/// Follows the tokens of a statement to tell whether they are inside the `BEGIN ATOMIC … END` body
/// of a CREATE FUNCTION or CREATE PROCEDURE, where a `;` does not end the statement.
///
/// The END that closes a body stands where a statement could begin: after a `;`, or right after
/// ATOMIC. Any other END belongs to a CASE, or is a label, and needs no counting.
final class RoutineBody {
  /// How far the statement has come in `CREATE [OR REPLACE] {FUNCTION | PROCEDURE} … BEGIN ATOMIC`.
  private enum Header {
    NOTHING,
    CREATE,
    CREATE_OR,
    CREATE_OR_REPLACE,
    ROUTINE,
    ROUTINE_BEGIN,
    ANOTHER_COMMAND
  }

  private Header header = Header.NOTHING;
  private int openedAt;
  private int depth;
  private boolean atStatementStart;

  void reset() {
    header = Header.NOTHING;
    depth = 0;
  }

  boolean isOpen() {
    return depth > 0;
  }

  int openedAt() {
    return openedAt;
  }

  /// Takes note of the token. Parentheses: how many it stands in, those of its own not counted.
  void see(Tokens token, int parentheses) {
    if (depth > 0) {
      seeInBody(token, parentheses);
    } else if (header != Header.ANOTHER_COMMAND) {
      header = headerAfter(token, parentheses);
    }
  }

  private void seeInBody(Tokens token, int parentheses) {
    if (parentheses > 0) {
      return;
    }
    if (token.isSymbol(';')) {
      atStatementStart = true;
    } else if (atStatementStart && token.isWord("BEGIN")) {
      depth++;
    } else if (atStatementStart && token.isWord("END")) {
      depth--;
    } else if (!token.isWord("ATOMIC")) {
      atStatementStart = false;
    }
  }

  private Header headerAfter(Tokens token, int parentheses) {
    return switch (header) {
      case NOTHING -> token.isWord("CREATE") ? Header.CREATE : Header.ANOTHER_COMMAND;
      case CREATE -> token.isWord("OR") ? Header.CREATE_OR : routine(token);
      case CREATE_OR -> token.isWord("REPLACE") ? Header.CREATE_OR_REPLACE : Header.ANOTHER_COMMAND;
      case CREATE_OR_REPLACE -> routine(token);
      case ROUTINE -> begin(token, parentheses);
      case ROUTINE_BEGIN -> {
        if (token.isWord("ATOMIC")) {
          depth = 1;
          atStatementStart = true;
          yield Header.ANOTHER_COMMAND;
        }
        yield begin(token, parentheses);
      }
      case ANOTHER_COMMAND -> Header.ANOTHER_COMMAND;
    };
  }

  private static Header routine(Tokens token) {
    return token.isWord("FUNCTION") || token.isWord("PROCEDURE")
        ? Header.ROUTINE
        : Header.ANOTHER_COMMAND;
  }

  private Header begin(Tokens token, int parentheses) {
    if (parentheses > 0 || token.kind() != Kind.WORD || !token.isWord("BEGIN")) {
      return Header.ROUTINE;
    }
    openedAt = token.start();
    return Header.ROUTINE_BEGIN;
  }
}
