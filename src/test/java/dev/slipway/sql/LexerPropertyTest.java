package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class LexerPropertyTest {
  private static final List<String> VERBS =
      List.of("SELECT", "insert", "CREATE TABLE", "DO", "WITH", "\"q\"", "(1)", "explain", "Alter");
  private static final List<String> GARBAGE =
      List.of(
          "'",
          "\"",
          "$",
          "$a$",
          "$$",
          "E'",
          "e'\\",
          "U&\"",
          "u&'",
          "/*",
          "*/",
          "--",
          "\n",
          "\r",
          ";",
          "(",
          ")",
          "\\",
          "\\.",
          "\\restrict a",
          "\\copy a from stdin",
          "\0",
          "\uD83D",
          "\uDE00",
          "é",
          " ",
          "1",
          "COMMIT",
          "COPY t FROM stdin;",
          "SET NAMES",
          "CREATE FUNCTION",
          "BEGIN ATOMIC",
          "END",
          ";END",
          "CREATE INDEX CONCURRENTLY",
          " ON ",
          "REINDEX (",
          "WITH (",
          "UESCAPE '!'",
          "\"\"",
          "DETACH PARTITION",
          "=",
          ",",
          ".");

  @Test
  void splitting_gives_back_the_statements_of_which_a_text_is_built() {
    forEachSeed(
        300,
        seed -> {
          Text text = Text.random(new Fragments(Randomness.of(seed)));

          Script script = Lexer.split(text.sql());

          assertThat(script.problems()).isEmpty();
          assertThat(script.statements()).isEqualTo(text.statements());
        });
  }

  @Test
  void the_beginning_of_a_text_gives_the_beginning_of_its_statements_or_a_problem() {
    forEachSeed(
        300,
        seed -> {
          var random = Randomness.of(seed);
          Text text = Text.random(new Fragments(random));
          String beginning = beginning(text.sql(), random.nextInt(text.sql().length() + 1));

          Script script = Lexer.split(beginning);

          if (script.problems().isEmpty()) {
            assertBegins(text.statements(), script.statements());
          }
        });
  }

  @Test
  void a_text_in_pieces_gives_what_it_gives_as_a_whole() {
    forEachSeed(
        2_000,
        seed -> {
          var fragments = new Fragments(Randomness.of(seed));
          String sql =
              fragments.oneIn(3)
                  ? Text.random(fragments).sql()
                  : garbage(fragments, fragments.below(40));

          Script script = Lexer.split(pieces(sql, fragments).iterator());

          assertThat(script).isEqualTo(Lexer.split(sql));
        });
  }

  private static List<String> pieces(String text, Fragments fragments) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = Math.min(text.length(), at + 1 + fragments.below(30));
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  private static String garbage(Fragments fragments, int count) {
    var sql = new StringBuilder();
    for (int i = count; i > 0; i--) {
      sql.append(fragments.pick(GARBAGE)).append(fragments.oneIn(3) ? " " : "");
    }
    return sql.toString();
  }

  @Test
  void no_text_is_too_broken_to_be_read() {
    forEachSeed(
        2_000,
        seed -> {
          var fragments = new Fragments(Randomness.of(seed));
          String sql = garbage(fragments, fragments.below(40));

          Script script = Lexer.split(sql);

          int from = 0;
          for (Statement statement : script.statements()) {
            int at = sql.indexOf(statement.text(), from);
            assertThat(at).isNotNegative();
            from = at + statement.text().length();
            assertThat(statement.command()).isNotEmpty();
            assertThat(statement.mayReturnRows()).isIn(true, false);
            assertThat(statement.outsideTransaction()).isNotNull();
            assertThat(statement.concurrentIndex()).isNotNull();
          }
        });
  }

  /// All but the last are whole; the last may have lost its end.
  private static void assertBegins(List<Statement> whole, List<Statement> beginning) {
    assertThat(beginning).hasSizeLessThanOrEqualTo(whole.size());
    for (int i = 0; i < beginning.size(); i++) {
      assertThat(beginning.get(i).position()).isEqualTo(whole.get(i).position());
      if (i < beginning.size() - 1) {
        assertThat(beginning.get(i).text()).isEqualTo(whole.get(i).text());
      } else {
        assertThat(whole.get(i).text()).startsWith(beginning.get(i).text());
      }
    }
  }

  /// Cuts the text anywhere but between the two characters that begin a comment: the first of them
  /// is an operator.
  private static String beginning(String sql, int length) {
    boolean splitsOpening = sql.startsWith("--", length - 1) || sql.startsWith("/*", length - 1);
    return sql.substring(0, splitsOpening ? length - 1 : length);
  }

  private static void forEachSeed(int count, LongConsumer test) {
    long first = Randomness.seed();
    for (long seed = first; seed < first + (long) count * Randomness.factor(); seed++) {
      try {
        test.accept(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("with -Dslipway.test.seed=" + seed, e);
      }
    }
  }

  /// A text and the statements of which it is built.
  private record Text(String sql, List<Statement> statements) {
    static Text random(Fragments fragments) {
      var sql = new StringBuilder();
      var statements = new ArrayList<Statement>();
      for (int i = fragments.below(8); i > 0; i--) {
        sql.append(fragments.gap()).append(fragments.oneIn(4) ? ";" : "");
        sql.append(fragments.oneIn(2) ? fragments.gap() : "");
        String statement = fragments.oneIn(3) ? routine(fragments) : statement(fragments);
        statements.add(new Statement(statement, end(sql.toString())));
        sql.append(statement).append(fragments.oneIn(2) ? fragments.gap() : "");
        sql.append(i == 1 && fragments.oneIn(3) ? "" : ";");
      }
      sql.append(fragments.gap());
      return new Text(sql.toString(), statements);
    }

    private static String statement(Fragments fragments) {
      var sql = new StringBuilder(fragments.pick(VERBS));
      for (int i = fragments.below(12); i > 0; i--) {
        sql.append(fragments.oneIn(4) ? group(fragments, 2) : between(sql, fragments));
      }
      return sql.toString();
    }

    private static String group(Fragments fragments, int depth) {
      var sql = new StringBuilder("(");
      for (int i = fragments.below(5); i > 0; i--) {
        String fragment =
            depth > 0 && fragments.oneIn(3)
                ? group(fragments, depth - 1)
                : between(sql, fragments).replace(")", "");
        sql.append(fragment).append(fragments.oneIn(4) ? ";" : "");
      }
      return sql + fragments.gap() + ")";
    }

    private static String between(StringBuilder sql, Fragments fragments) {
      boolean afterOperator = "+-*/<>=|?@:.".indexOf(sql.charAt(sql.length() - 1)) >= 0;
      String gap = !afterOperator && fragments.oneIn(4) ? fragments.comment() : fragments.gap();
      return gap + fragments.after(sql);
    }

    private static String routine(Fragments fragments) {
      var sql = new StringBuilder("CREATE");
      sql.append(fragments.gap());
      if (fragments.oneIn(2)) {
        sql.append("or").append(fragments.comment()).append("Replace").append(fragments.gap());
      }
      sql.append(fragments.pick(List.of("FUNCTION", "procedure"))).append(fragments.gap());
      sql.append("f").append(group(fragments, 1)).append("RETURNS").append(fragments.gap());
      sql.append("begin ").append(fragments.gap());
      sql.append("BEGIN").append(fragments.comment()).append("Atomic").append(fragments.gap());
      for (int i = fragments.below(4); i > 0; i--) {
        sql.append(statement(fragments)).append(fragments.gap()).append(';');
        sql.append(fragments.gap());
      }
      return sql.append("END").toString();
    }

    private static Position end(String text) {
      String[] lines = text.split("\r\n|\r|\n", -1);
      String last = lines[lines.length - 1];
      return new Position(lines.length, last.codePointCount(0, last.length()) + 1);
    }
  }
}
