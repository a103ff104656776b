package dev.slipway.sql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Splits SQL text into statements where psql would (psqlscan.l): at each `;` outside quotes,
/// comments, parentheses and SQL bodies of routines. Does not change a character of them.
public final class Lexer {
  private final String sql;
  private final Tokens tokens;
  private final Locator locator;
  private final RoutineBody body = new RoutineBody();
  private final List<Statement> statements = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  /// The statement being read begins here; negative between statements.
  private int start = -1;

  private int end;
  private Position position = Position.START;
  private int parentheses;
  private int parenthesisOpenedAt;

  private Lexer(String sql) {
    this.sql = sql;
    this.tokens = new Tokens(sql);
    this.locator = new Locator(sql);
  }

  /// The statements of the text, and everything that keeps it from being sent.
  public static Script split(String sql) {
    return new Lexer(sql).split();
  }

  private Script split() {
    while (readToken()) {}
    refuseNul();
    if (problems.size() > 1) {
      problems.sort(
          Comparator.comparing(
              Problem::position,
              Comparator.comparingInt(Position::line).thenComparingInt(Position::column)));
    }
    return new Script(statements, problems);
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
    if (nul >= 0) {
      problems.add(Refusal.nul(new Locator(sql).at(nul)));
    }
  }

  private Position here() {
    return locator.at(tokens.start());
  }
}
