package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectIntoTest {
  private static final List<String> MAKING_A_TABLE =
      List.of(
          "SELECT a INTO t FROM x",
          "select a into t from x",
          "SELECT INTO t FROM x",
          "SELECT ALL a INTO t FROM x",
          "SELECT DISTINCT ON (a) a INTO t FROM x",
          "SELECT 1 AS a INTO t",
          "SELECT 1. INTO t",
          "SELECT 1.5 INTO t",
          "SELECT * INTO t FROM x",
          "SELECT x.* INTO t FROM x",
          "SELECT x.into INTO t FROM x",
          "SELECT x . into AS into INTO t FROM x",
          "SELECT a AS into, 1 AS b INTO t FROM x",
          "SELECT a AS \"INTO\"INTO\"t\"FROM x",
          "SELECT 'INTO u' AS s INTO t",
          "SELECT (SELECT max(y.into) FROM (SELECT a AS into FROM x) AS y) AS m INTO t",
          "SELECT a INTO TABLE t FROM x",
          "SELECT a INTO TEMP t FROM x",
          "SELECT a INTO TEMPORARY TABLE t FROM x",
          "SELECT a INTO LOCAL TEMP t FROM x",
          "SELECT a INTO GLOBAL TEMPORARY TABLE t FROM x",
          "SELECT a INTO UNLOGGED t FROM x",
          "SELECT a INTO unlogged TABLE s.t FROM x",
          "SELECT a INTO temp FROM x",
          "SELECT a INTO temp.t FROM x",
          "SELECT a INTO TEMP temp FROM x",
          "SELECT 1 AS a INTO local",
          "SELECT 1 AS a INTO unlogged UNION SELECT 2",
          "SELECT a INTO s.t FROM x",
          "SELECT a INTO s . t FROM x",
          "SELECT a INTO \"my schema\".\"it's \"\"t\"\"; INTO\" FROM x",
          "SELECT a INTO U&\"d\\0061t\\0061\" FROM x",
          "SELECT a INTO U&\"d!0061t\" UESCAPE '!' FROM x",
          "SELECT a INTO s.U&\"d!0061t\" UESCAPE '!' FROM x",
          "SELECT a -- INTO u\nINTO /* the */ t -- table\nFROM x",
          "SELECT a INTO -- here\nTEMP /* INTO */ TABLE\nt FROM x",
          "SELECT/* INTO u */a INTO t/**/FROM x",
          "SELECT a INTO t FROM x WHERE a > 1 ORDER BY a LIMIT 1",
          "SELECT a INTO t FROM x FOR UPDATE",
          "SELECT a INTO t FROM x UNION SELECT 7 ORDER BY 1",
          "(SELECT a INTO t FROM x)",
          "((SELECT a INTO t FROM x)) UNION ALL (SELECT 7)",
          "(SELECT a INTO t FROM x ORDER BY a) LIMIT 1",
          "WITH y AS (SELECT a FROM x) SELECT a INTO t FROM y",
          "WITH y AS (SELECT a FROM x) (SELECT a INTO t FROM y)",
          "WITH y (b) AS MATERIALIZED (SELECT a FROM x), z AS (VALUES (1)) SELECT b INTO t FROM y",
          "WITH RECURSIVE y (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM y WHERE n < 3)"
              + " SELECT n INTO t FROM y",
          "WITH update AS (SELECT a FROM x) SELECT a INTO t FROM update",
          "WITH y AS (INSERT INTO x VALUES (8, 8) RETURNING a) SELECT a INTO t FROM y",
          "WITH y AS (DELETE FROM x RETURNING a) SELECT a INTO TEMP t FROM y");

  private final List<String> rows = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void the_other_statement_makes_the_same_table(ServerVersion version) throws SQLException {
    try (var database = TestDatabase.on(version.server());
        Connection connection = database.connect()) {
      database.execute(
          """
          CREATE SCHEMA s;
          CREATE SCHEMA temp;
          CREATE SCHEMA "my schema";
          CREATE TABLE x (a int, "into" int);
          INSERT INTO x VALUES (1, 2), (3, 4);
          """);
      connection.setAutoCommit(false);
      for (String sql : MAKING_A_TABLE) {
        assertThat(made(connection, executed(executable(sql))))
            .as(sql)
            .isNotEmpty()
            .isEqualTo(made(connection, sql));
      }
    }
  }

  private static String executable(String sql) {
    return new Statement(sql, Position.START).executable();
  }

  private static String executed(String sql) {
    return "DO " + DollarQuote.around("BEGIN EXECUTE " + new Literal(sql).quoted() + "; END", "do");
  }

  /// The table that a statement makes, and the rows in it and in `x`; it is rolled back.
  private List<String> made(Connection connection, String sql) throws SQLException {
    rows.clear();
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
      add(
          statement.executeQuery(
              """
              SELECT c.oid::regclass, c.relpersistence,
                (SELECT string_agg(attname || ' ' || atttypid::regtype, ', ' ORDER BY attnum)
                 FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0)
              FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
              WHERE c.relkind = 'r' AND c.relname <> 'x'
                AND (c.relpersistence = 't' OR n.nspname IN ('public', 's', 'temp', 'my schema'))
              """));
      for (String table : List.of(rows.getFirst().split("\\|", 2)[0], "x")) {
        add(statement.executeQuery("SELECT count(*) FROM " + table));
        add(statement.executeQuery("SELECT y::text FROM " + table + " AS y ORDER BY 1"));
      }
    } finally {
      connection.rollback();
    }
    return List.copyOf(rows);
  }

  private void add(ResultSet result) throws SQLException {
    while (result.next()) {
      var row = new StringBuilder(String.valueOf(result.getString(1)));
      for (int i = 2; i <= result.getMetaData().getColumnCount(); i++) {
        row.append('|').append(result.getString(i));
      }
      rows.add(row.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "SELECT a AS into FROM x",
        "SELECT x.into FROM x",
        "SELECT 'INTO t' FROM x",
        "SELECT a /* INTO t */ FROM x -- INTO t",
        "SELECT $$INTO t$$",
        "SELECT (SELECT 1 INTO t)",
        "SELECT a FROM x WHERE a IN (SELECT 1 INTO t)",
        "SELECT 1 UNION SELECT 2 INTO t",
        "(SELECT 1) EXCEPT SELECT 2 INTO t",
        "INSERT INTO x SELECT 1",
        "WITH y AS (SELECT 1 AS a) INSERT INTO x SELECT a FROM y",
        "WITH y AS (INSERT INTO x VALUES (1) RETURNING a) SELECT a FROM y",
        "WITH y AS (SELECT 1 AS a) MERGE INTO x USING y ON true WHEN MATCHED THEN DELETE",
        "VALUES (1)",
        "TABLE x",
        "CREATE TABLE t AS SELECT a FROM x",
        "EXPLAIN SELECT a INTO t FROM x"
      })
  void what_makes_no_table_by_into_stays_as_it_is(String sql) {
    assertThat(executable(sql)).isEqualTo(sql);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT a INTO t FROM x               | CREATE TABLE t AS SELECT a FROM x
          SELECT a INTO TEMP s.t FROM x        | CREATE TEMP TABLE s.t AS SELECT a FROM x
          WITH y AS (TABLE x) SELECT 1 INTO t  | CREATE TABLE t AS WITH y AS (TABLE x) SELECT 1
          """)
  void a_reader_of_the_script_sees_create_table(String sql, String executable) {
    assertThat(executable(sql)).isEqualTo(executable);
  }

  @Test
  void a_statement_that_is_cut_off_behind_into_stays_as_it_is() {
    assertThat(executable("SELECT a INTO")).isEqualTo("SELECT a INTO");
  }
}
