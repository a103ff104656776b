package dev.slipway.changelog.ef;

import dev.slipway.changelog.ef.Part.Place;
import dev.slipway.sql.Ascii;
import dev.slipway.sql.Locator;
import dev.slipway.sql.Phrase;
import dev.slipway.sql.Position;
import dev.slipway.sql.Tokens;
import dev.slipway.sql.Tokens.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds the blocks of a script. Where a block ends is told by its tokens, `END IF; END $EF$;`: so
/// it is found behind texts, names and bodies that hold the block's own quote, and wherever an
/// editor has put line breaks and comments.
final class ScriptScanner {
  private static final Set<String> HARMLESS =
      Set.of("set", "unset", "echo", "qecho", "warn", "timing", "pset", "x", "t", "a", "conninfo");

  /// What can stand behind the first word of `START TRANSACTION` and `COMMIT`.
  private static final Set<String> OF_TRANSACTION_CONTROL =
      Set.of(
          "transaction",
          "work",
          "isolation",
          "level",
          "read",
          "write",
          "only",
          "committed",
          "uncommitted",
          "repeatable",
          "serializable",
          "deferrable",
          "not",
          "and",
          "no",
          "chain");

  private final String text;
  private final Tokens tokens;
  private final Locator locator;
  private final List<Part> parts = new ArrayList<>();

  /// What is read and is no block begins here; negative where nothing is.
  private int extraFrom = -1;

  private int extraTo;
  private boolean atStatementStart = true;
  private boolean inTransaction;
  private boolean hasTransactions;

  private Optional<Break> broken = Optional.empty();

  /// What a script consists of.
  ///
  /// @param parts in their order
  /// @param hasTransactions whether it has transactions at all, so that a block outside of them is
  /// meant to be there
  /// @param broken where it is cut off, if it is
  record Scan(List<Part> parts, boolean hasTransactions, Optional<Break> broken) {
    Scan {
      parts = List.copyOf(parts);
    }
  }

  /// @param kind whether something that begins here has no end, or the script itself ends here
  record Break(int line, ScriptProblem kind) {}

  private ScriptScanner(String text) {
    this.text = text;
    this.tokens = new Tokens(text);
    this.locator = new Locator(text);
  }

  static Scan scan(String text) {
    return new ScriptScanner(text).scan();
  }

  private Scan scan() {
    while (readToken()) {}
    if (broken.isEmpty() && (inTransaction || !atStatementStart)) {
      breakOff(text.stripTrailing().length(), ScriptProblem.ENDS_EARLY);
    }
    endExtra();
    return new Scan(parts, hasTransactions, broken);
  }

  /// Answers whether there may be more.
  private boolean readToken() {
    switch (tokens.next()) {
      case WORD -> {
        return readWord();
      }
      case SYMBOL -> readSymbol();
      case QUOTED_IDENTIFIER, STRING, NUMBER -> extend();
      case UNTERMINATED_STRING,
          UNTERMINATED_IDENTIFIER,
          UNTERMINATED_DOLLAR_QUOTE,
          UNTERMINATED_COMMENT -> {
        return breakOff(tokens.start(), ScriptProblem.CUT_OFF);
      }
      case END -> {
        return false;
      }
    }
    return true;
  }

  private boolean readWord() {
    if (tokens.isWord("DO")) {
      int start = tokens.start();
      int end = tokens.end();
      Optional<Guard> guard = guard();
      if (guard.isPresent()) {
        return readBlock(start, end, guard.get());
      }
      tokens.moveTo(start);
      tokens.next();
    } else if (atStatementStart && isTransactionControl()) {
      readTransactionControl();
      return true;
    }
    extend();
    return true;
  }

  private void readSymbol() {
    if (tokens.isSymbol('\\') && atStatementStart) {
      readMetaCommand();
      return;
    }
    extend();
    atStatementStart = tokens.isSymbol(';');
  }

  private void extend() {
    if (extraFrom < 0) {
      extraFrom = tokens.start();
    }
    extraTo = tokens.end();
    atStatementStart = false;
  }

  /// A command of psql ends with its line. One that changes nothing but what psql prints, or when
  /// it stops, says nothing to others.
  private void readMetaCommand() {
    int begin = tokens.start();
    tokens.next();
    boolean isHarmless = HARMLESS.contains(tokens.string());
    int end = begin;
    while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    tokens.moveTo(end);
    if (isHarmless) {
      endExtra();
    } else {
      extraFrom = extraFrom < 0 ? begin : extraFrom;
      extraTo = end;
    }
  }

  private void endExtra() {
    if (extraFrom >= 0) {
      Position begin = locator.at(extraFrom);
      parts.add(new Part.Extra(extraFrom, extraTo, begin.line(), begin.column(), place()));
      extraFrom = -1;
    }
  }

  private Place place() {
    return inTransaction ? Place.WITHIN_TRANSACTION : Place.OUTSIDE;
  }

  /// What a person may write for EF's own `START TRANSACTION` and `COMMIT` counts as well.
  private boolean isTransactionControl() {
    return tokens.isWord("START") || tokens.isWord("BEGIN") || isEndOfTransaction();
  }

  private boolean isEndOfTransaction() {
    return tokens.isWord("COMMIT") || (inTransaction && tokens.isWord("END"));
  }

  /// Goes to its end, which is the next statement's beginning where somebody lost the semicolon.
  private void readTransactionControl() {
    endExtra();
    inTransaction = !isEndOfTransaction();
    hasTransactions = true;
    int end;
    do {
      end = tokens.end();
      tokens.next();
    } while (isOfTransactionControl() || tokens.isSymbol(','));
    // At the end of the script, what is lost may be more than the semicolon.
    atStatementStart = tokens.kind() != Kind.END;
    if (!tokens.isSymbol(';')) {
      tokens.moveTo(end);
    }
  }

  private boolean isOfTransactionControl() {
    return tokens.kind() == Kind.WORD
        && OF_TRANSACTION_CONTROL.contains(Ascii.lower(tokens.string()));
  }

  /// The guard behind this DO, if it is one of EF's blocks. The walk is then at its THEN, or
  /// anywhere.
  private Optional<Guard> guard() {
    int end = tokens.end();
    tokens.next();
    int quote = tokens.start();
    if (quote >= text.length() || text.charAt(quote) != '$') {
      return Optional.empty();
    }
    int tagEnd = text.indexOf('$', quote + 1);
    if (tagEnd < 0 || tokens.kind() == Kind.SYMBOL || tokens.kind() == Kind.NUMBER) {
      tokens.moveTo(end);
      return Optional.empty();
    }
    tokens.moveTo(tagEnd + 1);
    return Guard.read(new Phrase(tokens));
  }

  private boolean readBlock(int start, int behindDo, Guard guard) {
    endExtra();
    int line = locator.at(start).line();
    int bodyLine = locator.at(guard.end()).line();
    int quote = text.indexOf('$', behindDo);
    String tag = text.substring(quote, text.indexOf('$', quote + 1) + 1);
    tokens.moveTo(guard.end());
    int to = endOfBody(tag);
    if (to < 0) {
      return breakOff(start, ScriptProblem.CUT_OFF);
    }
    int behind = text.indexOf(tag, tokens.start()) + tag.length();
    tokens.moveTo(behind);
    if (tokens.next() != Kind.SYMBOL || !tokens.isSymbol(';')) {
      tokens.moveTo(behind);
    }
    parts.add(
        new Part.Block(guard, start, tokens.end(), tag, guard.end(), to, line, bodyLine, place()));
    atStatementStart = true;
    return true;
  }

  /// Goes to the quote that closes the block, and returns where its `END IF; END` begins; negative
  /// if nothing closes it before the next block.
  private int endOfBody(String tag) {
    int endIf = -1;
    int last = -1;
    int seen = 0;
    while (true) {
      Kind kind = tokens.next();
      if (seen == 4 && text.startsWith(tag, tokens.start())) {
        return endIf;
      }
      if (kind == Kind.END) {
        return -1;
      }
      if (tokens.isWord("DO") && isOnLineOfItsOwn() && isBlock()) {
        return -1;
      }
      if (tokens.isWord("END")) {
        seen = seen == 3 ? 4 : 1;
        last = tokens.start();
        endIf = seen == 1 ? last : endIf;
      } else if (tokens.isWord("IF") && (seen == 1 || seen == 4)) {
        endIf = last;
        seen = 2;
      } else if (tokens.isSymbol(';') && seen == 2) {
        seen = 3;
      } else {
        seen = 0;
      }
    }
  }

  /// Whether one of EF's blocks begins with the DO here.
  private boolean isBlock() {
    int here = tokens.start();
    boolean isBlock = guard().isPresent();
    tokens.moveTo(here);
    tokens.next();
    return isBlock;
  }

  /// Whether the token here begins at the left margin, where EF's blocks do and nothing in them.
  private boolean isOnLineOfItsOwn() {
    int before = tokens.start() - 1;
    return before < 0 || text.charAt(before) == '\n' || text.charAt(before) == '\r';
  }

  private boolean breakOff(int at, ScriptProblem kind) {
    broken = Optional.of(new Break(locator.at(at).line(), kind));
    return false;
  }
}
