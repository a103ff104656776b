package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT 'a             | 8  | unterminated string
          SELECT 'a''           | 8  | unterminated string
          SELECT E'a\\'         | 8  | unterminated string
          SELECT E'a\\          | 8  | unterminated string
          SELECT x, U&'a        | 13 | unterminated string
          SELECT "a             | 8  | unterminated quoted identifier
          SELECT "a""           | 8  | unterminated quoted identifier
          SELECT U&"a           | 8  | unterminated quoted identifier
          SELECT $$a$b$         | 8  | unterminated dollar quote $$
          SELECT $Fn$a$fn$      | 8  | unterminated dollar quote $Fn$
          SELECT 1 /* a         | 10 | unterminated comment
          SELECT 1 /* /* */     | 10 | unterminated comment
          SELECT (1, (2; SELECT | 8  | parenthesis that is never closed
          CREATE FUNCTION f() BEGIN ATOMIC SELECT 1 END; | 21 | unterminated BEGIN ATOMIC body
          CREATE FUNCTION f() BEGIN ATOMIC SELECT (1; END; | 41 | parenthesis that is never closed
          """)
  void what_is_never_closed_is_reported_where_it_was_opened(
      String sql, int column, String message) {
    assertThat(problems("SELECT 0;\n" + sql)).containsExactly("2:%d %s".formatted(column, message));
  }

  @Test
  void an_unterminated_statement_is_none() {
    assertThat(Lexer.split("SELECT 1; SELECT 'a").statements())
        .containsExactly(new Statement("SELECT 1", Position.START));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BEGIN                        | BEGIN
          begin isolation level serializable | BEGIN
          START /* */ TRANSACTION      | START TRANSACTION
          COMMIT                       | COMMIT
          COMMIT AND CHAIN             | COMMIT
          END                          | END
          ROLLBACK                     | ROLLBACK
          ABORT                        | ABORT
          SAVEPOINT a                  | SAVEPOINT
          RELEASE a                    | RELEASE
          RELEASE SAVEPOINT a          | RELEASE
          ROLLBACK WORK TO SAVEPOINT a | ROLLBACK TO SAVEPOINT
          ROLLBACK TO a                | ROLLBACK TO SAVEPOINT
          PREPARE TRANSACTION 'a'      | PREPARE TRANSACTION
          COMMIT PREPARED 'a'          | COMMIT PREPARED
          ROLLBACK PREPARED 'a'        | ROLLBACK PREPARED
          """)
  void transaction_control_is_refused(String sql, String command) {
    assertThat(problems("SELECT 1;\n " + sql + ";"))
        .containsExactly("2:2 cannot run %s inside a migration".formatted(command));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PREPARE a AS SELECT 1",
        "PREPARE \"transaction\" AS SELECT 1",
        "DO $$ BEGIN COMMIT; END $$",
        "CREATE PROCEDURE p() BEGIN ATOMIC SELECT 1; END",
        "SELECT 1 AS begin",
        "\"begin\"",
        "beginning",
        "SET TRANSACTION READ ONLY"
      })
  void what_only_resembles_transaction_control_is_not(String sql) {
    assertThat(problems(sql)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY t FROM STDIN",
        "copy s.t (a, \"b\") from /* */ stdin with (format csv)",
        "COPY t FROM STDOUT"
      })
  void copy_from_stdin_is_refused_and_its_data_skipped(String sql) {
    Script script =
        Lexer.split("SELECT 1; " + sql + ";\n1\tit's\n\\N\t$$ (\n\\.\nSELECT 2;\n\\.\n");

    assertThat(problems(script))
        .containsExactly(
            "1:11 cannot run COPY ... FROM STDIN: its rows are not SQL",
            "6:1 cannot run \\.: it is a command of psql, not SQL");
    assertThat(texts(script)).containsExactly("SELECT 1", sql, "SELECT 2");
  }

  @Test
  void data_without_an_end_reaches_to_the_end_of_the_text() {
    assertThat(problems("COPY t FROM STDIN;\r\n1\tit's\r\n\\.x\r\n"))
        .containsExactly("1:1 cannot run COPY ... FROM STDIN: its rows are not SQL");
  }

  @Test
  void data_may_be_empty() {
    assertThat(texts(Lexer.split("COPY t FROM STDIN;\r\n\\.\r\nSELECT 2")))
        .containsExactly("COPY t FROM STDIN", "SELECT 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"COPY t TO STDOUT", "COPY (SELECT a FROM stdin) TO STDOUT", "COPY t TO stdin"})
  void copy_to_stdout_is_refused(String sql) {
    Script script = Lexer.split(sql + ";\nSELECT 1");

    assertThat(problems(script))
        .containsExactly("1:1 cannot run COPY ... TO STDOUT: nobody would read its rows");
    assertThat(texts(script)).containsExactly(sql, "SELECT 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY t FROM '/tmp/stdin'",
        "COPY t FROM PROGRAM 'cat' WHERE a IS DISTINCT FROM stdin",
        "COPY (SELECT a FROM stdin) TO '/tmp/a'",
        "COPY \"from\" TO PROGRAM 'stdout'",
        "SELECT a FROM stdin"
      })
  void copy_on_the_server_is_not(String sql) {
    assertThat(problems(sql + ";\nSELECT 1")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          \\connect "a b"                  | \\connect
          \\echo it's $$                   | \\echo
          \\set a 'b\\\\'                  | \\set
          \\!ls                            | \\!ls
          \\                               | \\
          \\d+                             | \\d+
          \\restrict                       | \\restrict
          \\restrict a b                   | \\restrict
          \\restrict a; SELECT 1           | \\restrict
          """)
  void a_command_of_psql_is_refused_with_the_rest_of_its_line(String line, String name) {
    Script script = Lexer.split("SELECT 1;\n " + line + "\nSELECT 2");

    assertThat(problems(script))
        .containsExactly("2:2 cannot run %s: it is a command of psql, not SQL".formatted(name));
    assertThat(texts(script)).containsExactly("SELECT 1", "SELECT 2");
  }

  @Test
  void a_command_of_psql_that_sends_a_statement_ends_it() {
    Script script = Lexer.split("SELECT 1 \\gset a_\nSELECT 2\\; SELECT 3;");

    assertThat(problems(script))
        .containsExactly(
            "1:10 cannot run \\gset: it is a command of psql, not SQL",
            "2:9 cannot run \\;: it is a command of psql, not SQL");
    assertThat(texts(script)).containsExactly("SELECT 1", "SELECT 2", "SELECT 3");
  }

  @Test
  void a_statement_that_psql_sends_leaves_nothing_open() {
    assertThat(texts(Lexer.split("SELECT (1 \\g\nSELECT 2; SELECT 3")))
        .containsExactly("SELECT (1", "SELECT 2", "SELECT 3");
  }

  @Test
  void another_command_of_psql_does_not_end_the_statement_around_it() {
    assertThat(problems("SELECT (1\n\\if :a\n, 2\n\\endif\n);\nSELECT a\\:b;"))
        .containsExactly(
            "2:1 cannot run \\if: it is a command of psql, not SQL",
            "4:1 cannot run \\endif: it is a command of psql, not SQL",
            "6:9 cannot run \\:: it is a command of psql, not SQL");
  }

  @Test
  void rows_after_a_copy_of_psql_are_skipped() {
    assertThat(texts(Lexer.split("\\copy t from stdin csv\nit's\n\\.\nSELECT 1")))
        .containsExactly("SELECT 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\restrict ab12XY\nSELECT 1;\n\\unrestrict ab12XY\n",
        "-- dump\r\n\\restrict ab12XY\r\n\r\nSELECT 1;\r\n  \\unrestrict ab12XY\t",
      })
  void the_guard_that_pg_dump_writes_is_skipped(String sql) {
    Script script = Lexer.split(sql);

    assertThat(problems(script)).isEmpty();
    assertThat(texts(script)).containsExactly("SELECT 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SELECT 1; \\restrict a", "SELECT 1\n\\restrict a\n;", "/**/\\restrict a"})
  void a_guard_elsewhere_is_a_command_of_psql(String sql) {
    assertThat(problems(sql)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SET client_encoding = 'LATIN1'       | latin1
          set session CLIENT_ENCODING to win1252 | win1252
          SET LOCAL "client_encoding" TO 'SQL_ASCII' | sql_ascii
          SET NAMES 'EUC_JP'                   | euc_jp
          """)
  void another_client_encoding_is_refused(String sql, String encoding) {
    assertThat(problems(sql))
        .containsExactly("1:1 cannot set client_encoding to %s".formatted(encoding));
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "'off'", "false", "'F'", "no", "0", "'0' /* on */"})
  void strings_with_escapes_by_default_are_refused(String value) {
    assertThat(problems("SET standard_conforming_strings = " + value))
        .singleElement()
        .asString()
        .startsWith("1:1 cannot set standard_conforming_strings to ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET client_encoding = 'UTF8'",
        "SET client_encoding TO utf8",
        "SET client_encoding = 'utf-8' -- as LATIN1",
        "SET client_encoding = DEFAULT",
        "SET client_encoding",
        "SET NAMES 'UTF-8'",
        "SET NAMES",
        "SET standard_conforming_strings = on",
        "SET standard_conforming_strings TO DEFAULT",
        "SET search_path = client_encoding, latin1",
        "SET my.client_encoding = 'LATIN1'",
        "SET \"NAMES\" = 'LATIN1'",
        "SELECT 'SET client_encoding = LATIN1'"
      })
  void other_settings_are_not(String sql) {
    assertThat(problems(sql)).isEmpty();
  }

  @Test
  void the_first_nul_character_is_reported() {
    assertThat(problems("SELECT 1;\nSELECT 'a\0', '\0'; COMMIT"))
        .containsExactly(
            "2:10 NUL character in the text", "2:19 cannot run COMMIT inside a migration");
  }

  @Test
  void every_problem_has_a_hint_that_is_a_sentence() {
    Script script =
        Lexer.split(
            "BEGIN; \\q\n\\i a\n\\copy a\n\\gset\nSET NAMES LATIN1;"
                + "SET standard_conforming_strings = off; COPY a TO STDOUT; \0; SELECT (");

    assertThat(script.problems())
        .hasSize(10)
        .allSatisfy(
            problem -> {
              assertThat(problem.hint()).matches("[A-Z].*\\.").doesNotContain("\n");
              assertThat(problem.message()).doesNotEndWith(".").doesNotContain("\n");
            });
  }

  private static List<String> problems(String sql) {
    return problems(Lexer.split(sql));
  }

  private static List<String> problems(Script script) {
    return script.problems().stream()
        .map(
            problem ->
                "%d:%d %s"
                    .formatted(
                        problem.position().line(), problem.position().column(), problem.message()))
        .toList();
  }

  private static List<String> texts(Script script) {
    return script.statements().stream().map(Statement::text).toList();
  }
}
