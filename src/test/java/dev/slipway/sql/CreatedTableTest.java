package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CreatedTableTest {
  private static Statement statement(String text) {
    return new Statement(text, new Position(1, 1));
  }

  private static String text(CreatedTable table) {
    return table.schema().map(schema -> schema + ".").orElse("")
        + table.name()
        + table.columns().stream()
            .map(Identifier::value)
            .collect(Collectors.joining(",", "(", ")"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE TABLE t (a int, B text)                                     | t(a,b)
          create unlogged table if not exists "S".t ("A b" int)              | S.t(A b)
          CREATE TABLE t (a numeric(10, 2) DEFAULT (1 + f(2, 3)), b int)     | t(a,b)
          CREATE TABLE t (a int, PRIMARY KEY (a), CONSTRAINT c CHECK (a > 0)) | t(a)
          CREATE TABLE t (a int, UNIQUE (a), FOREIGN KEY (a) REFERENCES u (b)) | t(a)
          CREATE TABLE t (a int, EXCLUDE USING gist (a WITH =))              | t(a)
          CREATE TABLE t (a int) PARTITION BY RANGE (a)                      | t(a)
          CREATE TABLE t ()                                                  | t()
          CREATE TABLE t (a int) WITH (fillfactor = 70)                      | t(a)
          CREATE TABLE t (LIKE u)                                            | -
          CREATE TABLE t (a int, LIKE u INCLUDING ALL)                       | -
          CREATE TABLE t (a int) INHERITS (u)                                | -
          CREATE TABLE t AS SELECT 1 AS a                                    | -
          CREATE TABLE t PARTITION OF u FOR VALUES IN (1)                    | -
          CREATE TABLE t OF u                                                | -
          CREATE TEMP TABLE t (a int)                                        | -
          CREATE VIEW t (a) AS SELECT 1                                      | -
          ALTER TABLE t ADD a int                                            | -
          """)
  void its_columns_are_told_where_the_statement_names_all(String sql, String table) {
    assertThat(statement(sql).createdTable().map(CreatedTableTest::text).orElse("-"))
        .isEqualTo(table);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE SCHEMA app                                                 | app
          CREATE SCHEMA IF NOT EXISTS "App" AUTHORIZATION me                | App
          CREATE SCHEMA AUTHORIZATION me                                    | -
          CREATE TABLE app.t (a int)                                        | -
          DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN CREATE SCHEMA app; END IF; END $$ | app
          DO $EF$ BEGIN CREATE SCHEMA a; CREATE SCHEMA IF NOT EXISTS b; END $EF$ | a,b
          DO LANGUAGE plpgsql $$ BEGIN CREATE TABLE t (a int); END $$       | -
          DO $$ BEGIN RAISE NOTICE 'CREATE SCHEMA app'; END $$              | -
          DO $$ BEGIN /* CREATE SCHEMA app */ NULL; END $$                  | -
          DO 'BEGIN CREATE SCHEMA app; END'                                 | -
          """)
  void schemas_are_told_also_within_a_block(String sql, String schemas) {
    String told =
        statement(sql).createdSchemas().stream()
            .map(Identifier::value)
            .collect(Collectors.joining(","));

    assertThat(told.isEmpty() ? "-" : told).isEqualTo(schemas);
  }
}
