package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.sql.ConcurrentIndex.Duplicates;
import dev.slipway.sql.ConcurrentIndex.IfTaken;
import dev.slipway.sql.Statement.SessionEffect;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {
  @Test
  void a_statement_is_never_empty() {
    assertThatIllegalArgumentException().isThrownBy(() -> statement(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          select 1                                     | SELECT
          ((SELECT 1))                                 | SELECT
          WITH a AS (DELETE FROM b) SELECT 1           | SELECT
          WITH a AS (SELECT 1) insert INTO b SELECT 2  | INSERT
          Insert into a values (1)                     | INSERT
          vacuum full a                                | VACUUM
          create table a (b int)                       | CREATE TABLE
          CREATE /* unlogged */ GLOBAL TEMP TABLE a () | CREATE TABLE
          CREATE OR REPLACE FUNCTION a()               | CREATE FUNCTION
          CREATE UNIQUE INDEX a ON b (c)               | CREATE INDEX
          CREATE UNIQUE INDEX CONCURRENTLY a ON b (c)  | CREATE INDEX CONCURRENTLY
          CREATE CONSTRAINT TRIGGER a                  | CREATE TRIGGER
          CREATE EVENT TRIGGER a                       | CREATE EVENT TRIGGER
          CREATE TRUSTED PROCEDURAL LANGUAGE a         | CREATE LANGUAGE
          CREATE DEFAULT CONVERSION a                  | CREATE DEFAULT CONVERSION
          CREATE FOREIGN DATA WRAPPER a                | CREATE FOREIGN DATA WRAPPER
          CREATE TEXT SEARCH PARSER a                  | CREATE TEXT SEARCH PARSER
          ALTER DEFAULT PRIVILEGES REVOKE a            | ALTER DEFAULT PRIVILEGES
          ALTER LARGE OBJECT 1 OWNER TO a              | ALTER LARGE OBJECT
          DROP INDEX CONCURRENTLY a                    | DROP INDEX CONCURRENTLY
          DROP OPERATOR CLASS a                        | DROP OPERATOR CLASS
          REFRESH MATERIALIZED VIEW CONCURRENTLY a     | REFRESH MATERIALIZED VIEW
          IMPORT FOREIGN SCHEMA a                      | IMPORT FOREIGN SCHEMA
          SET CONSTRAINTS ALL DEFERRED                 | SET CONSTRAINTS
          SET LOCAL a = 1                              | SET
          PREPARE a AS SELECT 1                        | PREPARE
          CREATE "TABLE" a                             | CREATE
          'SELECT'                                     | ???
          """)
  void a_command_is_named_as_postgresql_names_it(String sql, String command) {
    assertThat(statement(sql).command()).isEqualTo(command);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1",
        "(SELECT 1)",
        "VALUES (1)",
        "TABLE a",
        "WITH a AS (SELECT 1) SELECT 2",
        "SHOW a",
        "EXPLAIN SELECT 1",
        "EXECUTE a",
        "FETCH a",
        "CALL a()",
        "INSERT INTO a VALUES ((1)) ON CONFLICT DO NOTHING RETURNING *",
        "UPDATE a SET b = 1 /* */ returning b",
        "DELETE FROM a RETURNING b",
        "MERGE INTO a USING b ON c WHEN MATCHED THEN DELETE RETURNING d"
      })
  void rows_may_come_back(String sql) {
    assertThat(statement(sql).mayReturnRows()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO a SELECT 1",
        "INSERT INTO a VALUES ('RETURNING', \"returning\") -- RETURNING b",
        "INSERT INTO a SELECT b(returning)",
        "CREATE TABLE a AS SELECT 1",
        "CREATE RULE a AS ON DELETE TO b DO INSTEAD DELETE FROM c RETURNING d",
        "DO $$ BEGIN SELECT 1; END $$",
        "SELECTION"
      })
  void no_rows_come_back(String sql) {
    assertThat(statement(sql).mayReturnRows()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          create index concurrently a on b (c)             | CREATE INDEX CONCURRENTLY
          CREATE UNIQUE /* a */ INDEX CONCURRENTLY ON b (c) | CREATE INDEX CONCURRENTLY
          DROP INDEX CONCURRENTLY IF EXISTS a              | DROP INDEX CONCURRENTLY
          REINDEX INDEX CONCURRENTLY a                     | REINDEX CONCURRENTLY
          REINDEX (VERBOSE, CONCURRENTLY) TABLE a          | REINDEX CONCURRENTLY
          REINDEX (CONCURRENTLY TRUE) TABLE a              | REINDEX CONCURRENTLY
          REINDEX (TABLESPACE b) TABLE CONCURRENTLY a      | REINDEX CONCURRENTLY
          REINDEX SCHEMA a                                 | REINDEX SCHEMA
          REINDEX (VERBOSE) DATABASE a                     | REINDEX DATABASE
          REINDEX SYSTEM                                   | REINDEX SYSTEM
          VACUUM                                           | VACUUM
          VACUUM (ANALYZE) a                               | VACUUM
          CREATE DATABASE a                                | CREATE DATABASE
          DROP DATABASE IF EXISTS a                        | DROP DATABASE
          ALTER DATABASE "set" SET TABLESPACE b            | ALTER DATABASE SET TABLESPACE
          CREATE TABLESPACE a LOCATION '/b'                | CREATE TABLESPACE
          DROP TABLESPACE a                                | DROP TABLESPACE
          ALTER SYSTEM SET a = b                           | ALTER SYSTEM
          CLUSTER                                          | CLUSTER
          CLUSTER VERBOSE                                  | CLUSTER
          CLUSTER (VERBOSE) -- a                           | CLUSTER
          ALTER TABLE ONLY a.b DETACH PARTITION c."d" CONCURRENTLY | ALTER TABLE DETACH PARTITION CONCURRENTLY
          ALTER TABLE detach DETACH PARTITION c CONCURRENTLY | ALTER TABLE DETACH PARTITION CONCURRENTLY
          CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c | CREATE SUBSCRIPTION
          CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c WITH (connect = true, enabled = false) | CREATE SUBSCRIPTION
          ALTER SUBSCRIPTION a REFRESH PUBLICATION         | ALTER SUBSCRIPTION REFRESH PUBLICATION
          DISCARD ALL                                      | DISCARD ALL
          """)
  void postgresql_refuses_it_in_a_transaction(String sql, String command) {
    assertThat(statement(sql).outsideTransaction()).contains(command);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX a ON b (c)",
        "CREATE INDEX \"concurrently\" ON b (c)",
        "CREATE INDEX /* CONCURRENTLY */ a ON b (c)",
        "DROP INDEX a",
        "REINDEX TABLE a",
        "REINDEX (CONCURRENTLY false) TABLE a",
        "REINDEX (CONCURRENTLY = off, VERBOSE) TABLE a",
        "REINDEX INDEX \"schema\"",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY a",
        "ALTER TYPE a ADD VALUE 'b'",
        "ALTER DATABASE a SET b = 'TABLESPACE'",
        "ALTER TABLE a DETACH PARTITION b",
        "ALTER TABLE a DETACH PARTITION b.concurrently",
        "ALTER TABLE a DETACH PARTITION b FINALIZE",
        "ALTER TABLE a ALTER b SET DEFAULT 'DETACH PARTITION c CONCURRENTLY'",
        "CLUSTER a",
        "CLUSTER VERBOSE a USING b",
        "CLUSTER (VERBOSE) a",
        "CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c WITH (connect = false)",
        "CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c WITH (enabled, create_slot = 'off')",
        "DROP SUBSCRIPTION a",
        "DISCARD TEMP",
        "SELECT 'VACUUM'",
        "ANALYZE a",
        "\"VACUUM\""
      })
  void postgresql_takes_it_in_a_transaction(String sql) {
    assertThat(statement(sql).outsideTransaction()).isEmpty();
  }

  @Test
  void an_index_built_concurrently_is_known_by_name() {
    assertThat(index("CREATE INDEX CONCURRENTLY Orders_By_Day ON Sales.Orders USING btree (day)"))
        .contains(expected("orders_by_day", "sales", "orders", "USING btree (day)"));
    assertThat(index("create unique index concurrently if not exists a on only b (c)"))
        .contains(
            new ConcurrentIndex(
                identifier("a"),
                identifier(""),
                new Identifier("b"),
                IfTaken.DO_NOTHING,
                Duplicates.REFUSED,
                "(c)"));
    assertThat(index("CREATE INDEX CONCURRENTLY \"IX \"\"1\"\"\" ON \"dbo\".\"T.x\"(c)"))
        .contains(expected("IX \"1\"", "dbo", "T.x", "(c)"));
    assertThat(index("CREATE INDEX CONCURRENTLY if ON ONLY (d.b.\"C\") (c)"))
        .contains(expected("if", "b", "C", "(c)"));
  }

  @Test
  void an_index_may_be_unnamed() {
    assertThat(index("CREATE INDEX CONCURRENTLY /* name? */ ON d.s.t (c)"))
        .contains(expected("", "s", "t", "(c)"));
  }

  @Test
  void names_are_those_that_the_catalog_will_hold() {
    assertThat(index("CREATE INDEX CONCURRENTLY U&\"\\0061\\+01F600\\\\\"\"\" ON ÄÖ.Été (c)"))
        .contains(expected("a\uD83D\uDE00\\\"", "ÄÖ", "Été", "(c)"));
    assertThat(index("CREATE INDEX CONCURRENTLY U&\"!0041\" UESCAPE '!' ON t (c)"))
        .contains(expected("A", "", "t", "(c)"));
    assertThat(index("CREATE INDEX CONCURRENTLY " + "é".repeat(40) + " ON " + "T".repeat(70)))
        .contains(expected("é".repeat(31), "", "t".repeat(63), ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX a ON b (c)",
        "CREATE TABLE concurrently ()",
        "DROP INDEX CONCURRENTLY a",
        "CREATE INDEX CONCURRENTLY",
        "CREATE INDEX CONCURRENTLY a ON",
        "CREATE INDEX CONCURRENTLY a ON \"\" (c)",
        "CREATE INDEX CONCURRENTLY a ON b. (c)",
        "CREATE INDEX CONCURRENTLY a ON U&\"\\zzzz\" (c)",
        "CREATE INDEX CONCURRENTLY a ON U&\"\\00\" (c)",
        "CREATE INDEX CONCURRENTLY a ON U&\"\\0000\" (c)"
      })
  void another_statement_builds_no_index_concurrently(String sql) {
    assertThat(index(sql)).isEmpty();
  }

  @Test
  void an_index_dropped_concurrently_is_known_by_name() {
    assertThat(statement("DROP INDEX CONCURRENTLY IF EXISTS Sales.\"A b\"").droppedIndex())
        .contains("\"sales\".\"A b\"");
    assertThat(statement("drop index concurrently a").droppedIndex()).contains("\"a\"");
    assertThat(statement("DROP INDEX a").droppedIndex()).isEmpty();
    assertThat(statement("DROP INDEX CONCURRENTLY").droppedIndex()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE a (b int)",
        "INSERT INTO a SELECT 1",
        "DO $$ BEGIN PERFORM 1; END $$",
        "DO $$ BEGIN UPDATE a SET committed_at = now(); END $$",
        "ALTER TYPE a ADD VALUE 'b'",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY a",
        "DROP TABLE a"
      })
  void most_statements_take_effect_together_with_their_mark(String sql) {
    assertThat(statement(sql).isAtomic()).isTrue();
    assertThat(statement(sql).mayStopHalfWay()).isFalse();
    assertThat(statement(sql).isResumable()).isFalse();
  }

  @Test
  void a_partition_may_stay_half_detached() {
    assertThat(statement("ALTER TABLE a DETACH PARTITION b CONCURRENTLY").mayStopHalfWay())
        .isTrue();
    assertThat(statement("ALTER TABLE a DETACH PARTITION b FINALIZE").mayStopHalfWay()).isFalse();
  }

  /// They may be refused in a transaction, and do no harm when they are run again, or the catalog
  /// tells what they did.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "VACUUM a",
        "REINDEX TABLE a",
        "REINDEX INDEX CONCURRENTLY a",
        "CLUSTER a USING b",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "CREATE UNIQUE INDEX CONCURRENTLY ON a (b)",
        "DROP INDEX CONCURRENTLY a",
        "DISCARD ALL"
      })
  void some_are_run_by_themselves_and_can_be_resumed(String sql) {
    assertThat(statement(sql).isAtomic()).isFalse();
    assertThat(statement(sql).isResumable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CALL a()",
        "DO $$ BEGIN INSERT INTO a VALUES (1); COMMIT; END $$",
        "do 'begin ROLLBACK; end'",
        "DO $$ BEGIN CALL a(); END $$",
        "CREATE DATABASE a",
        "DROP SUBSCRIPTION a",
        "ALTER SUBSCRIPTION a ADD PUBLICATION b",
        "ALTER TABLE a DETACH PARTITION b CONCURRENTLY"
      })
  void some_can_only_be_looked_at(String sql) {
    assertThat(statement(sql).isAtomic()).isFalse();
    assertThat(statement(sql).isResumable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SET search_path = a | SETTING
          set role a | SETTING
          SET SESSION AUTHORIZATION a | SETTING
          RESET ALL | SETTING
          SELECT pg_catalog.set_config('search_path', '', false) | SETTING
          select SET_CONFIG('a.b', 'c', false) | SETTING
          PREPARE a AS SELECT 1 | SETTING
          LISTEN a | SETTING
          DISCARD TEMP | SETTING
          SET LOCAL a.b = 1 | NONE
          SET CONSTRAINTS ALL IMMEDIATE | NONE
          SELECT 1 | NONE
          SELECT a INTO b FROM c | NONE
          CREATE TABLE temp (a int) | NONE
          CREATE TEMP TABLE a (b int) | TEMPORARY_OBJECT
          CREATE OR REPLACE LOCAL TEMPORARY VIEW a AS SELECT 1 | TEMPORARY_OBJECT
          CREATE TABLE pg_temp.a (b int) | TEMPORARY_OBJECT
          SELECT 1 AS a INTO TEMPORARY b | TEMPORARY_OBJECT
          DECLARE a CURSOR WITH HOLD FOR SELECT 1 | TEMPORARY_OBJECT
          DISCARD ALL | ALL_DISCARDED
          """)
  void what_it_leaves_in_its_session_is_told(String sql, SessionEffect effect) {
    assertThat(statement(sql).sessionEffect()).isEqualTo(effect);
  }

  private static ConcurrentIndex expected(
      String name, String schema, String table, String definition) {
    return new ConcurrentIndex(
        identifier(name),
        identifier(schema),
        new Identifier(table),
        IfTaken.FAIL,
        Duplicates.ALLOWED,
        definition);
  }

  private static Optional<Identifier> identifier(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(new Identifier(value));
  }

  private static Optional<ConcurrentIndex> index(String sql) {
    return statement(sql).concurrentIndex();
  }

  private static Statement statement(String sql) {
    return new Statement(sql, Position.START);
  }
}
