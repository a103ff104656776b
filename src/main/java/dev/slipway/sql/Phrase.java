package dev.slipway.sql;

import dev.slipway.sql.Tokens.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/// Reads a statement from its beginning, word by word, to find out what it says. Words are given in
/// upper case and are never found inside quotes or comments.
public final class Phrase {
  private final Tokens tokens;

  public Phrase(String text) {
    this(new Tokens(text));
  }

  /// Reads on from where a walk has come to; it goes with it.
  public Phrase(Tokens tokens) {
    this.tokens = tokens;
    tokens.next();
  }

  public boolean atEnd() {
    return tokens.kind() == Kind.END;
  }

  /// The word here in upper case; empty if something else is here.
  public String word() {
    return tokens.kind() == Kind.WORD ? Ascii.upper(tokens.string()) : "";
  }

  /// The offset of the token here.
  public int start() {
    return tokens.start();
  }

  /// The offset behind the token here.
  public int end() {
    return tokens.end();
  }

  public boolean at(String word) {
    return tokens.isWord(word);
  }

  public boolean at(char symbol) {
    return tokens.isSymbol(symbol);
  }

  public void next() {
    tokens.next();
  }

  /// Passes these words if they all are here.
  public boolean skip(String... words) {
    if (!at(words[0])) {
      return false;
    }
    int here = tokens.start();
    for (String word : words) {
      if (!at(word)) {
        tokens.moveTo(here);
        tokens.next();
        return false;
      }
      tokens.next();
    }
    return true;
  }

  public boolean skip(char symbol) {
    boolean here = at(symbol);
    if (here) {
      tokens.next();
    }
    return here;
  }

  /// Goes on to where these words stand outside parentheses, and passes them.
  boolean skipTo(String... words) {
    while (!atEnd()) {
      if (skip(words)) {
        return true;
      }
      nextOutsideParentheses();
    }
    return false;
  }

  /// Passes the token here, or if it is an opening parenthesis, everything up to its closing one.
  public void nextOutsideParentheses() {
    int depth = 0;
    do {
      if (at('(')) {
        depth++;
      } else if (at(')')) {
        depth--;
      }
      tokens.next();
    } while (depth > 0 && !atEnd());
  }

  /// Passes the name here, which is returned as the catalog holds it; empty if none is here.
  public Optional<Identifier> skipName() {
    String written = tokens.string();
    return switch (tokens.kind()) {
      case WORD -> {
        tokens.next();
        yield Names.folded(written);
      }
      case QUOTED_IDENTIFIER -> {
        tokens.next();
        yield Names.unquoted(written, skipUescape());
      }
      case STRING,
          NUMBER,
          SYMBOL,
          UNTERMINATED_STRING,
          UNTERMINATED_IDENTIFIER,
          UNTERMINATED_DOLLAR_QUOTE,
          UNTERMINATED_COMMENT,
          END ->
          Optional.empty();
    };
  }

  /// Passes a name and its qualifiers, outermost first; empty if one of them is none.
  public List<Identifier> skipQualifiedName() {
    var names = new ArrayList<Identifier>();
    do {
      Optional<Identifier> name = skipName();
      if (name.isEmpty()) {
        return List.of();
      }
      names.add(name.get());
    } while (skip('.'));
    return names;
  }

  /// Passes a list of options in parentheses and returns them, names and values in lower case. An
  /// option without a value has the value `true`.
  Map<String, String> skipOptions() {
    var options = new HashMap<String, String>();
    if (!skip('(')) {
      return options;
    }
    while (!atEnd() && !at(')')) {
      String name = Ascii.lower(tokens.string());
      tokens.next();
      skip('=');
      String value = at(',') || at(')') ? "true" : skipValue();
      options.put(name, value);
      skip(',');
    }
    skip(')');
    return options;
  }

  /// Passes the string here, '…' without escapes by backslash, and returns what it holds.
  public Optional<String> skipString() {
    String written = tokens.string();
    if (tokens.kind() != Kind.STRING || written.charAt(0) != '\'') {
      return Optional.empty();
    }
    tokens.next();
    return Optional.of(written.substring(1, written.length() - 1).replace("''", "'"));
  }

  /// Passes the string here, $tag$…$tag$, and returns what it holds.
  Optional<String> skipDollarQuoted() {
    String written = tokens.string();
    if (tokens.kind() != Kind.STRING || written.charAt(0) != '$') {
      return Optional.empty();
    }
    tokens.next();
    int quote = written.indexOf('$', 1) + 1;
    return Optional.of(written.substring(quote, written.length() - quote));
  }

  boolean skipNumber() {
    boolean here = tokens.kind() == Kind.NUMBER;
    if (here) {
      tokens.next();
    }
    return here;
  }

  /// Passes everything up to the end; returns it as it is written, with one blank between tokens.
  String skipRest() {
    var rest = new StringJoiner(" ");
    while (!atEnd()) {
      rest.add(tokens.string());
      tokens.next();
    }
    return rest.toString();
  }

  /// Passes everything up to the end, a comma or a closing parenthesis; returns it in lower case
  /// without quotes, white space and comments.
  String skipValue() {
    var value = new StringBuilder();
    while (!atEnd() && !at(',') && !at(')')) {
      value.append(tokens.string());
      tokens.next();
    }
    return Ascii.lower(value.toString().replace("'", ""));
  }

  private char skipUescape() {
    char escape = '\\';
    if (skip("UESCAPE") && tokens.kind() == Kind.STRING) {
      String written = tokens.string();
      if (written.length() == 3) {
        escape = written.charAt(1);
      }
      tokens.next();
    }
    return escape;
  }
}
