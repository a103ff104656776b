package dev.slipway.sql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/// Splits SQL text into statements where psql would (psqlscan.l): at each `;` outside quotes,
/// comments, parentheses and SQL bodies of routines. Does not change a character of them.
public final class Lexer {
  private final String sql;
  private final Tokens tokens;
  private final Locator locator;
  private final RoutineBody body = new RoutineBody();
  private final List<Statement> statements;
  private final List<Problem> problems;

  /// The statement being read begins here; negative between statements.
  private int start = -1;

  private int end;
  private Position position = Position.START;
  private int parentheses;
  private int parenthesisOpenedAt;

  /// Up to here nothing that may follow can change what was read.
  private int settled;

  private int settledStatements;
  private int settledProblems;

  /// What is still to be read of a text that comes in pieces.
  ///
  /// @param start where it begins in the whole
  private record Rest(String text, Position start) {
    /// Makes it twice as long at least, so that a long statement is not read anew with each piece.
    Rest grown(Iterator<String> pieces) {
      List<String> parts = new ArrayList<>();
      parts.add(text);
      int more = 0;
      do {
        String piece = pieces.next();
        parts.add(piece);
        more += piece.length();
      } while (more < text.length() && pieces.hasNext());
      Heap.makeRoom(text.length() + (long) more);
      return new Rest(String.join("", parts), start);
    }
  }

  /// @param start where the text begins in a larger one
  /// @param statements those before it; receives those of the text
  /// @param problems the same
  private Lexer(String sql, Position start, List<Statement> statements, List<Problem> problems) {
    this.sql = sql;
    this.tokens = new Tokens(sql);
    this.locator = new Locator(sql, start);
    this.statements = statements;
    this.problems = problems;
    this.settledStatements = statements.size();
    this.settledProblems = problems.size();
  }

  /// The statements of the text, and everything that keeps it from being sent.
  public static Script split(String sql) {
    List<Statement> statements = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    new Lexer(sql, Position.START, statements, problems).readToEnd();
    return new Script(statements, problems);
  }

  /// The same for a text that comes in pieces. No more of it is held than its statements and what
  /// belongs to none yet.
  public static Script split(Iterator<String> pieces) {
    List<Statement> statements = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    var rest = new Rest(pieces.hasNext() ? pieces.next() : "", Position.START);
    while (pieces.hasNext()) {
      Heap.makeRoom(rest.text.length());
      rest = new Lexer(rest.text, rest.start, statements, problems).readSettled();
      rest = rest.grown(pieces);
    }
    Heap.makeRoom(rest.text.length());
    new Lexer(rest.text, rest.start, statements, problems).readToEnd();
    return new Script(statements, problems);
  }

  private void readToEnd() {
    while (readToken()) {}
    settled = sql.length();
    finish();
  }

  /// Reads what more text cannot change.
  private Rest readSettled() {
    while (readToken()) {}
    statements.subList(settledStatements, statements.size()).clear();
    problems.subList(settledProblems, problems.size()).clear();
    finish();
    return new Rest(sql.substring(settled), locator.at(settled));
  }

  private void finish() {
    refuseNul();
    if (problems.size() > 1) {
      problems.sort(
          Comparator.comparing(
              Problem::position,
              Comparator.comparingInt(Position::line).thenComparingInt(Position::column)));
    }
  }

  /// Reads one token; answers whether there may be more.
  private boolean readToken() {
    switch (tokens.next()) {
      case SYMBOL -> readSymbol(sql.charAt(tokens.start()));
      case WORD, QUOTED_IDENTIFIER, STRING, NUMBER -> take();
      case UNTERMINATED_STRING -> {
        return stop(Refusal.unterminatedString(here()));
      }
      case UNTERMINATED_IDENTIFIER -> {
        return stop(Refusal.unterminatedIdentifier(here()));
      }
      case UNTERMINATED_DOLLAR_QUOTE -> {
        String tag = sql.substring(tokens.start(), sql.indexOf('$', tokens.start() + 1) + 1);
        return stop(Refusal.unterminatedDollarQuote(here(), tag));
      }
      case UNTERMINATED_COMMENT -> {
        return stop(Refusal.unterminatedComment(here()));
      }
      case END -> {
        endText();
        return false;
      }
    }
    return true;
  }

  private void readSymbol(char symbol) {
    switch (symbol) {
      case ';' -> {
        if (parentheses == 0 && !body.isOpen()) {
          endStatement();
          settle();
        } else {
          take();
        }
      }
      case '(' -> {
        take();
        if (parentheses == 0) {
          parenthesisOpenedAt = tokens.start();
        }
        parentheses++;
      }
      case ')' -> {
        take();
        parentheses = Math.max(0, parentheses - 1);
      }
      case '\\' -> readMetaCommand();
      default -> take();
    }
  }

  private void take() {
    if (start < 0) {
      start = tokens.start();
      position = here();
    }
    end = tokens.end();
    body.see(tokens, parentheses);
  }

  private void endStatement() {
    if (start >= 0) {
      var statement = new Statement(sql.substring(start, end), position);
      statements.add(statement);
      Refusal.of(statement).ifPresent(problems::add);
      if (Refusal.isFollowedByData(statement)) {
        tokens.moveTo(MetaCommand.afterInlineData(sql, tokens.end()));
      }
    }
    start = -1;
    parentheses = 0;
    body.reset();
  }

  /// At the `;` itself, which says that its line has begun; or behind the rows of a COPY, which may
  /// go on where the text does.
  private void settle() {
    int after = tokens.end();
    if (after < sql.length()) {
      settled = after == tokens.start() + 1 ? tokens.start() : after;
      settledStatements = statements.size();
      settledProblems = problems.size();
    }
  }

  private void endText() {
    if (parentheses > 0) {
      stop(Refusal.openParenthesis(locator.at(parenthesisOpenedAt)));
    } else if (body.isOpen()) {
      stop(Refusal.openBody(locator.at(body.openedAt())));
    } else {
      endStatement();
    }
  }

  private boolean stop(Problem problem) {
    problems.add(problem);
    start = -1;
    return false;
  }

  private void readMetaCommand() {
    int backslash = tokens.start();
    if (start < 0 && MetaCommand.isPgDumpGuard(sql, backslash)) {
      tokens.moveTo(MetaCommand.endOfLine(sql, backslash));
      return;
    }
    var command = MetaCommand.at(sql, backslash);
    problems.add(Refusal.metaCommand(here(), command.name()));
    if (command.sendsStatement()) {
      endStatement();
    }
    tokens.moveTo(command.end());
  }

  private void refuseNul() {
    int nul = sql.indexOf('\0');
    if (nul >= 0 && nul < settled && !hasNul()) {
      problems.add(Refusal.nul(locator.at(nul)));
    }
  }

  private boolean hasNul() {
    return problems.stream().anyMatch(Refusal::isNul);
  }

  private Position here() {
    return locator.at(tokens.start());
  }
}
