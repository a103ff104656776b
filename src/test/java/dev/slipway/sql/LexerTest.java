package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LexerTest {
  @Test
  void a_statement_ends_at_a_semicolon_or_with_the_text() {
    assertThat(texts("SELECT 1; SELECT 2 ;SELECT 3"))
        .containsExactly("SELECT 1", "SELECT 2", "SELECT 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " \t\r\n\f\013", ";", " ; ;; ", "-- a", "/* a; */ ; -- b;\n", ";--", "; /**/"})
  void empty_statements_vanish(String sql) {
    assertThat(Lexer.split(sql)).isEqualTo(new Script(List.of(), List.of()));
  }

  @Test
  void a_statement_reaches_from_its_first_token_to_its_last() {
    assertThat(texts("-- a\n /* b */ SELECT /* c */ 1 -- d\n + 2 /* e */ -- f\n ; -- g"))
        .containsExactly("SELECT /* c */ 1 -- d\n + 2");
  }

  @Test
  void between_its_ends_every_character_stays() {
    String statement = "SELECT\r\n\t'é\001\uD83D\uDE00' \f\013 AS \"ö\u00a0\"/*\r*/, 1";

    assertThat(texts("\f" + statement + "\r;")).containsExactly(statement);
  }

  @Test
  void a_statement_may_be_long() {
    String statement = "DO $a$" + "x;'\n".repeat(500_000) + "$a$";

    assertThat(texts(statement + ";SELECT 1")).containsExactly(statement, "SELECT 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ';'",
        "SELECT 'it''s; ''; '''",
        "SELECT 'a\\', ';'",
        "SELECT 'a'\n';'",
        "SELECT n';', N'x'';'",
        "SELECT b'0;', B'1', x'f;', X'F'';'",
        "SELECT u&'\\0041;', U&'''\\;'",
        "SELECT fate';'"
      })
  void a_string_hides_semicolons(String sql) {
    assertIsOne(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT e'\\';', E'\\\\', ';'",
        "SELECT E'''\\';'",
        "SELECT E'\\\n\\';'",
        "SELECT E'\\xe4\\';'",
        "SELECT E'' 'a\\'"
      })
  void an_escape_string_goes_on_after_an_escaped_quote(String sql) {
    assertIsOne(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT E'a'\n'\\';'",
        "SELECT E'a'\n  \t'b'\r'\\';'",
        "SELECT E'a' -- it's\r\n -- ;\n '\\';'",
      })
  void an_escape_string_continued_on_the_next_line_still_has_escapes(String sql) {
    assertIsOne(sql);
  }

  @ParameterizedTest
  @ValueSource(strings = {"E'a' '\\'", "E'a'\n/**/'\\'", "E'a' -- b\n-c'\\'", "E'a'\n, '\\'"})
  void a_string_after_an_escape_string_that_does_not_continue_it_has_none(String sql) {
    assertThat(texts("SELECT " + sql + ";SELECT 2")).containsExactly("SELECT " + sql, "SELECT 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT \";\", \"a\"\";\"\"\", \"\n;\"",
        "SELECT u&\";\", U&\"\\0041;\"\";\"",
        "SELECT \"a\\\", \";\"",
        "SELECT \"';\", \"$$;\", \"--;\", \"/*;\""
      })
  void a_quoted_identifier_hides_semicolons(String sql) {
    assertIsOne(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT $$;$$",
        "SELECT $$a$;'$$",
        "SELECT $a$;$$;$A$;$b$;$a$",
        "SELECT $a$;$b$a$",
        "SELECT $a$;$a$a$",
        "SELECT $ä_1$;$ä_1$",
        "SELECT $_$;$_$, $1",
        "SELECT $\uD83D\uDE00$;$\uD83D\uDE00$"
      })
  void a_dollar_quote_hides_semicolons_up_to_its_own_tag(String sql) {
    assertIsOne(sql);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a$b$", "ä$$", "_$a$", "$1", "$1, $2", "a$1$", "$ a", "$a b$"})
  void a_dollar_elsewhere_opens_nothing(String sql) {
    assertThat(texts("SELECT " + sql + ";SELECT 2")).containsExactly("SELECT " + sql, "SELECT 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 /* ; */ + 2",
        "SELECT 1 /* ; /* ; */ ; */ + 2",
        "SELECT 1 /*/ ; */ + 2",
        "SELECT 1 /* ; **/ + 2",
        "SELECT 1 /* ; /*/ ; */ ; */ + 2",
        "SELECT 1 /* ' \" $$ ( -- ; */ + 2",
        "SELECT 1 -- ;\n + 2",
        "SELECT 1 -- ;\r + 2",
        "SELECT 1 -- it's /* ; \n + 2",
        "SELECT 1 +-- ;\n 2",
        "SELECT 1 +/* ; */ 2",
        "SELECT 1 @-/* ; */ 2",
        "SELECT 1 @-- ;\n 2",
        "SELECT 1 *--/* ;\n 2",
        "SELECT 1 //*/ ; */ 2",
      })
  void a_comment_hides_semicolons_also_inside_an_operator(String sql) {
    assertIsOne(sql);
  }

  @Test
  void a_line_comment_ends_at_no_other_white_space() {
    assertThat(texts("SELECT 1 -- \f \013 \u0085 \u2028 ; SELECT 2")).containsExactly("SELECT 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT (1; 2)",
        "SELECT ((1); 2)",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v)"
      })
  void parentheses_hide_semicolons(String sql) {
    assertIsOne(sql);
  }

  @Test
  void a_closing_parenthesis_too_many_is_left_to_the_server() {
    assertThat(Lexer.split("SELECT 1); SELECT (2); SELECT 3").problems()).isEmpty();
    assertThat(texts("SELECT 1); SELECT (2); SELECT 3"))
        .containsExactly("SELECT 1)", "SELECT (2)", "SELECT 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END",
        "create or replace procedure p() begin atomic end",
        "CREATE OR /* a */ REPLACE -- b\n FUNCTION f() BEGIN -- c;\n ATOMIC /* END */ SELECT 1; END",
        "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN 1 ELSE 2 END; SELECT 2; END",
        "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE CASE a WHEN 1 THEN 2 END WHEN 2 THEN 3 END;END",
        "CREATE FUNCTION f() BEGIN ATOMIC SELECT (CASE WHEN a THEN 1 END), (1); SELECT 2; END",
        "CREATE FUNCTION f() BEGIN ATOMIC SELECT 1 AS end, 2 AS case, t.end, 3 end; SELECT 2; END",
        "CREATE FUNCTION f() BEGIN ATOMIC SELECT begin, atomic FROM begin; SELECT 1; END",
        "CREATE FUNCTION f() BEGIN ATOMIC SELECT 'END;', \"END\", $$ END; $$; SELECT 1; END",
        "CREATE FUNCTION begin(atomic begin) RETURNS begin BEGIN ATOMIC SELECT 1; END",
        "CREATE FUNCTION f() BEGIN ATOMIC BEGIN SELECT 1; END; SELECT 2; END",
        "CREATE FUNCTION f() BEGIN ATOMIC BEGIN ATOMIC SELECT 1; END; SELECT 2; END",
      })
  void a_body_of_a_routine_hides_semicolons(String sql) {
    assertIsOne(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'atomic'",
        "CREATE FUNCTION f(begin atomic) RETURNS int LANGUAGE sql RETURN 1",
        "CREATE FUNCTION f() RETURNS \"BEGIN\" LANGUAGE atomic AS 'a'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$BEGIN ATOMIC; END$$",
        "CREATE TABLE begin (atomic int)",
        "CREATE VIEW v AS SELECT begin atomic FROM t",
        "SELECT begin atomic FROM create_function",
        "DROP FUNCTION begin, atomic",
        "CREATE OR REPLACE VIEW v AS SELECT function begin atomic"
      })
  void what_looks_like_a_body_hides_nothing(String sql) {
    assertThat(texts(sql + "; SELECT 2")).containsExactly(sql, "SELECT 2");
  }

  @Test
  void a_position_counts_lines_of_every_system_and_characters() {
    assertThat(positions("a;\nb;\r\nc;\rd;\f e;\r\r  f; 'é\uD83D\uDE00'; g"))
        .containsExactly(
            new Position(1, 1),
            new Position(2, 1),
            new Position(3, 1),
            new Position(4, 1),
            new Position(4, 5),
            new Position(6, 3),
            new Position(6, 6),
            new Position(6, 12));
  }

  @Test
  void a_position_is_that_of_the_first_token() {
    assertThat(positions("-- a\n\n  /* b\n */ SELECT 1 ; -- c\n\tSELECT 2"))
        .containsExactly(new Position(4, 5), new Position(5, 2));
  }

  private static void assertIsOne(String sql) {
    assertThat(Lexer.split(sql))
        .isEqualTo(new Script(List.of(new Statement(sql, Position.START)), List.of()));
    assertThat(texts(sql + ";" + sql + ";SELECT 0")).containsExactly(sql, sql, "SELECT 0");
  }

  private static List<String> texts(String sql) {
    Script script = Lexer.split(sql);
    assertThat(script.problems()).isEmpty();
    return script.statements().stream().map(Statement::text).toList();
  }

  private static List<Position> positions(String sql) {
    return Lexer.split(sql).statements().stream().map(Statement::position).toList();
  }
}
