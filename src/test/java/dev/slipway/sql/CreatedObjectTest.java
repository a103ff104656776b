package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CreatedObjectTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE TABLE orders (id int)                          | relation "orders"
          create table if not exists App."Orders" (id int)      | relation "app"."Orders"
          CREATE UNLOGGED TABLE a AS SELECT 1                   | relation "a"
          CREATE FOREIGN TABLE a (id int) SERVER s              | relation "a"
          CREATE TEMPORARY TABLE a (id int)                     | ``
          CREATE TEMP VIEW a AS SELECT 1                        | ``
          CREATE OR REPLACE VIEW x.y AS SELECT 1                | relation "x"."y"
          CREATE OR REPLACE RECURSIVE VIEW y (n) AS SELECT 1    | relation "y"
          CREATE MATERIALIZED VIEW IF NOT EXISTS y AS SELECT 1  | relation "y"
          CREATE SEQUENCE s                                     | relation "s"
          CREATE INDEX ON orders (id)                           | ``
          CREATE UNIQUE INDEX CONCURRENTLY ix ON ONLY a.t (id)  | relation "a"."ix"
          CREATE INDEX IF NOT EXISTS "Ix" ON t USING gin (id)   | relation "Ix"
          CREATE TYPE a.mood AS ENUM ('x')                      | type "a"."mood"
          CREATE DOMAIN d AS text                               | type "d"
          CREATE OR REPLACE FUNCTION f(a int) RETURNS int AS '' | routine "f"
          CREATE PROCEDURE a.p() LANGUAGE sql AS ''             | routine "a"."p"
          CREATE SCHEMA IF NOT EXISTS app                       | schema "app"
          CREATE SCHEMA AUTHORIZATION bob                       | ``
          CREATE EXTENSION citext                               | ``
          CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f() | ``
          DROP TABLE a                                          | ``
          ALTER TABLE a.t ADD COLUMN IF NOT EXISTS c int        | column "a"."t"."c"
          ALTER TABLE IF EXISTS ONLY t ADD "C" int              | column "t"."C"
          ALTER TABLE t ADD CONSTRAINT c CHECK (x > 0)          | ``
          ALTER TABLE t ADD PRIMARY KEY (a, b)                  | ``
          ALTER TABLE t ADD a numeric(1, 2), DROP b, ADD COLUMN c int | column "t"."a" column "t"."c"
          ALTER TABLE t RENAME COLUMN a TO b                    | ``
          ALTER VIEW v RENAME TO w                              | ``
          INSERT INTO t VALUES ('CREATE TABLE x')               | ``
          CREATE                                                | ``
          """)
  void objects_are_told_from_the_text(String sql, String objects) {
    String found =
        String.join(
            " ",
            new Statement(sql, Position.START)
                .created().stream().map(CreatedObject::text).toList());

    assertThat(found).isEqualTo(objects);
  }
}
