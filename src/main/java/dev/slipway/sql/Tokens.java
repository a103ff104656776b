package dev.slipway.sql;

/// A walk over SQL text from token to token, white space and comments left out, by the rules of
/// PostgreSQL's scanner (scan.l) with `standard_conforming_strings` on. It tells apart only what
/// splitting needs: an operator is a symbol per character, a number one per run of digits. It makes
/// no objects.
public final class Tokens {
  /// What a token is.
  public enum Kind {
    /// An identifier or key word without quotes.
    WORD,
    QUOTED_IDENTIFIER,
    /// A string: '…', E'…' or $tag$…$tag$.
    STRING,
    /// Digits, or a parameter such as `$1`.
    NUMBER,
    /// Any other character, by itself.
    SYMBOL,
    UNTERMINATED_STRING,
    UNTERMINATED_IDENTIFIER,
    UNTERMINATED_DOLLAR_QUOTE,
    UNTERMINATED_COMMENT,
    END
  }

  private final String text;
  private final int length;
  private Kind kind = Kind.SYMBOL;
  private int start;
  private int end;

  public Tokens(String text) {
    this.text = text;
    this.length = text.length();
  }

  /// Goes to the next token. An unterminated one reaches to the end of the text.
  public Kind next() {
    kind = read(end);
    return kind;
  }

  /// Makes the token at or after the offset the next one.
  public void moveTo(int offset) {
    end = offset;
  }

  public Kind kind() {
    return kind;
  }

  public int start() {
    return start;
  }

  public int end() {
    return end;
  }

  public String string() {
    return text.substring(start, end);
  }

  public boolean isSymbol(char symbol) {
    return kind == Kind.SYMBOL && text.charAt(start) == symbol;
  }

  /// Whether the token is this key word, given in upper case. Only ASCII letters have two cases
  /// here, as for the server.
  public boolean isWord(String word) {
    if (kind != Kind.WORD || end - start != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (Ascii.upper(text.charAt(start + i)) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private Kind read(int from) {
    int at = from;
    while (at < length) {
      char c = text.charAt(at);
      if (Ascii.isSpace(c)) {
        at++;
      } else if (c == '-' && charAt(at + 1) == '-') {
        at = endOfLine(at);
      } else if (c == '/' && charAt(at + 1) == '*') {
        int after = afterComment(at);
        if (after < 0) {
          return token(at, length, Kind.UNTERMINATED_COMMENT);
        }
        at = after;
      } else {
        return readToken(at, c);
      }
    }
    return token(length, length, Kind.END);
  }

  private Kind readToken(int at, char c) {
    if (Ascii.startsWord(c)) {
      return readWord(at, c);
    }
    return switch (c) {
      case '\'' -> readString(at);
      case '"' -> readQuotedIdentifier(at, at);
      case '$' -> readDollar(at);
      case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
          token(at, afterDigits(at), Kind.NUMBER);
      default -> token(at, at + 1, Kind.SYMBOL);
    };
  }

  private Kind readWord(int at, char c) {
    if ((c == 'e' || c == 'E') && charAt(at + 1) == '\'') {
      return readEscapeString(at);
    } else if ((c == 'u' || c == 'U') && text.startsWith("&\"", at + 1)) {
      return readQuotedIdentifier(at, at + 2);
    }
    int after = at + 1;
    while (after < length && Ascii.continuesWord(text.charAt(after))) {
      after++;
    }
    return token(at, after, Kind.WORD);
  }

  /// A string without backslash escapes. One that is continued on the next line reads as two, and
  /// what stands before it (B, N, U&, X) by itself.
  private Kind readString(int at) {
    int after = afterQuoted(at, '\'');
    return after < 0 ? token(at, length, Kind.UNTERMINATED_STRING) : token(at, after, Kind.STRING);
  }

  private Kind readQuotedIdentifier(int at, int quote) {
    int after = afterQuoted(quote, '"');
    return after < 0
        ? token(at, length, Kind.UNTERMINATED_IDENTIFIER)
        : token(at, after, Kind.QUOTED_IDENTIFIER);
  }

  /// E'…': a backslash takes the next character with it, also in the pieces on following lines that
  /// continue the string without an E of their own.
  private Kind readEscapeString(int at) {
    int i = at + 2;
    while (i < length) {
      char c = text.charAt(i);
      if (c == '\\') {
        i += 2;
      } else if (c != '\'') {
        i++;
      } else if (charAt(i + 1) == '\'') {
        i += 2;
      } else {
        int continuation = continuation(i + 1);
        if (continuation < 0) {
          return token(at, i + 1, Kind.STRING);
        }
        i = continuation + 1;
      }
    }
    return token(at, length, Kind.UNTERMINATED_STRING);
  }

  /// The quote that continues a string after one that seemed to end it: between them stand white
  /// space and `--` comments with at least one line end, or there is none (-1).
  private int continuation(int from) {
    boolean newLine = false;
    int i = from;
    while (i < length) {
      char c = text.charAt(i);
      if (c == '\'' && newLine) {
        return i;
      } else if (Ascii.isSpace(c)) {
        newLine |= Ascii.isNewLine(c);
        i++;
      } else if (c == '-' && charAt(i + 1) == '-') {
        i = endOfLine(i);
      } else {
        return -1;
      }
    }
    return -1;
  }

  private Kind readDollar(int at) {
    char following = charAt(at + 1);
    if (Ascii.isDigit(following)) {
      return token(at, afterDigits(at + 1), Kind.NUMBER);
    }
    int tagEnd = at + 1;
    if (Ascii.startsWord(following)) {
      do {
        tagEnd++;
      } while (tagEnd < length && Ascii.continuesTag(text.charAt(tagEnd)));
    }
    if (charAt(tagEnd) != '$') {
      return token(at, at + 1, Kind.SYMBOL);
    }
    String tag = text.substring(at, tagEnd + 1);
    int close = text.indexOf(tag, tagEnd + 1);
    return close < 0
        ? token(at, length, Kind.UNTERMINATED_DOLLAR_QUOTE)
        : token(at, close + tag.length(), Kind.STRING);
  }

  private int afterDigits(int from) {
    int i = from;
    while (i < length && Ascii.isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /// Where quoted text ends whose quote is doubled inside it; -1 if it does not.
  private int afterQuoted(int open, char quote) {
    int close = text.indexOf(quote, open + 1);
    while (close >= 0 && charAt(close + 1) == quote) {
      close = text.indexOf(quote, close + 2);
    }
    return close < 0 ? -1 : close + 1;
  }

  private int afterComment(int open) {
    int depth = 0;
    int i = open;
    while (i < length) {
      char c = text.charAt(i);
      if (c == '/' && charAt(i + 1) == '*') {
        depth++;
        i += 2;
      } else if (c == '*' && charAt(i + 1) == '/') {
        depth--;
        i += 2;
        if (depth == 0) {
          return i;
        }
      } else {
        i++;
      }
    }
    return -1;
  }

  private int endOfLine(int from) {
    int i = from;
    while (i < length && !Ascii.isNewLine(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private char charAt(int at) {
    return at < length ? text.charAt(at) : '\0';
  }

  private Kind token(int from, int to, Kind kindOfToken) {
    start = from;
    end = to;
    return kindOfToken;
  }
}
