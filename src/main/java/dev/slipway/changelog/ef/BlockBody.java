package dev.slipway.changelog.ef;

import dev.slipway.sql.Tokens;
import dev.slipway.sql.Tokens.Kind;
import java.util.ArrayList;
import java.util.List;

/// The text between a block's THEN and its END IF as its author gave it to EF, which puts four
/// blanks before every line that is not empty, those inside texts and bodies of functions included
/// (`IndentedStringBuilder.AppendLines`), and keeps no carriage return. The lines are those of the
/// script, the first one is the rest of THEN's.
///
/// @param text with line feeds
/// @param indent how many characters were taken off its lines
/// @param texts where texts begin of whose lines some were taken off
record BlockBody(String text, int indent, List<Integer> texts) {
  private static final String BLANKS = "    ";

  BlockBody {
    texts = List.copyOf(texts);
  }

  static BlockBody of(String script, Part.Block block) {
    String body = withLineFeeds(script.substring(block.from(), block.to()));
    return new Unindented(body).body();
  }

  private static String withLineFeeds(String text) {
    return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
  }

  /// Takes the blanks off. A text that has not all of them is one that somebody has mended, and
  /// stays; outside of texts white space means nothing, so a line at the margin does no harm.
  private static final class Unindented {
    private final String body;
    private final StringBuilder text;
    private final List<Integer> texts = new ArrayList<>();
    private int done;
    private int indent;

    Unindented(String body) {
      this.body = body;
      this.text = new StringBuilder(body.length());
    }

    BlockBody body() {
      var tokens = new Tokens(body);
      while (tokens.next() != Kind.END) {
        takeOff(tokens.start());
        if (isKept(tokens)) {
          text.append(body, done, tokens.end());
          done = tokens.end();
        } else {
          takeOffText(tokens);
        }
      }
      takeOff(body.length());
      return new BlockBody(text.toString(), indent, texts);
    }

    /// Whether the token has a line that EF did not indent.
    private boolean isKept(Tokens token) {
      int line = body.indexOf('\n', token.start()) + 1;
      while (line > 0 && line < token.end()) {
        if (!isBlank(line) && indent(line) == 0) {
          return true;
        }
        line = body.indexOf('\n', line) + 1;
      }
      return false;
    }

    private void takeOffText(Tokens token) {
      int begin = text.length();
      takeOff(token.end());
      if (text.length() - begin < token.end() - token.start()) {
        texts.add(begin);
      }
    }

    /// Goes on to the offset, without the blanks of the lines that begin before it.
    private void takeOff(int end) {
      int line = body.indexOf('\n', done) + 1;
      while (line > 0 && line < end) {
        text.append(body, done, line);
        done = Math.min(line + indent(line), end);
        indent = Math.max(indent, done - line);
        line = body.indexOf('\n', done) + 1;
      }
      text.append(body, done, end);
      done = end;
    }

    /// An editor may have made tabs of the blanks, or have taken blanks off the ends of lines.
    private int indent(int line) {
      if (body.startsWith(BLANKS, line)) {
        return BLANKS.length();
      }
      return body.startsWith("\t", line) ? 1 : 0;
    }

    private boolean isBlank(int line) {
      int i = line;
      while (i < body.length() && (body.charAt(i) == ' ' || body.charAt(i) == '\t')) {
        i++;
      }
      return i == body.length() || body.charAt(i) == '\n';
    }
  }
}
