package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.sql.Concern.Aftermath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConcernTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE TABLE orders (id int)                            | create; ~orders
          create table App."Orders" (id int)                      | create in app; ~Orders
          CREATE UNLOGGED TABLE a.t AS SELECT 1                   | create in a; ~t
          CREATE TABLE IF NOT EXISTS a.t (x int, y int)           | create in a; ~t
          CREATE TABLE IF NOT EXISTS a.t (x) AS SELECT 1          | ~t
          CREATE TABLE a.p PARTITION OF b.t FOR VALUES IN (1)     | create in a; ownership relation b.t; ~p
          CREATE TABLE IF NOT EXISTS a.p PARTITION OF b.t DEFAULT | create in a; ~p
          CREATE TEMP TABLE t (id int)                            | ~t
          CREATE LOCAL TEMPORARY TABLE t (id int)                 | ~t
          CREATE FOREIGN TABLE a.t (id int) SERVER s              | create in a; ~t
          CREATE FOREIGN DATA WRAPPER w                           | ``
          CREATE VIEW a.v AS SELECT 1                             | create in a; ~v
          CREATE OR REPLACE VIEW a.v AS SELECT 1                  | create in a; ownership relation a.v; ~v
          CREATE OR REPLACE TEMP VIEW v AS SELECT 1               | ~v
          CREATE OR REPLACE RECURSIVE VIEW v (n) AS SELECT 1      | create; ownership relation v; ~v
          CREATE MATERIALIZED VIEW a.v AS SELECT 1                | create in a; ~v
          CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1    | ~v
          CREATE SEQUENCE IF NOT EXISTS a.s                       | create in a; ~s
          CREATE TYPE a.mood AS ENUM ('x')                        | create in a; ~mood
          CREATE DOMAIN d AS text                                 | create; ~d
          CREATE OR REPLACE FUNCTION a.f(x int) RETURNS int AS '' | create in a; ~f
          CREATE PROCEDURE p() LANGUAGE sql AS ''                 | create; ~p
          CREATE INDEX ON a.t (id)                                | ownership_and_creation relation a.t
          CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY t (x) | ownership_and_creation relation t; ~i
          CREATE SCHEMA IF NOT EXISTS s                           | schema s always; ~schema s; path
          CREATE SCHEMA AUTHORIZATION bob                         | schema bob always; ~schema bob; path
          CREATE EXTENSION citext                                 | extension citext always
          CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA x | extension uuid-ossp if_missing WITH SCHEMA x
          CREATE TRIGGER g AFTER UPDATE OF a, b ON s.t EXECUTE FUNCTION f() | trigger relation s.t
          CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f() | trigger relation t
          CREATE EVENT TRIGGER g ON ddl_command_end EXECUTE FUNCTION f() | ``
          CREATE POLICY p ON s.t USING (true)                     | ownership relation s.t
          CREATE RULE r AS ON INSERT TO s.t DO INSTEAD NOTHING    | ownership relation s.t
          CREATE ROLE r                                           | ``
          ALTER TABLE IF EXISTS ONLY a.t * ADD c int              | ownership relation a.t
          ALTER TABLE t RENAME COLUMN a TO b                      | ownership relation t
          ALTER TABLE a.t RENAME TO u                             | ownership_and_creation relation a.t; ~t; ~u
          ALTER TABLE a.t SET SCHEMA b                            | ownership relation a.t; create in b; ~t
          ALTER TABLE IF EXISTS a.t SET SCHEMA b                  | ownership relation a.t; ~t
          ALTER TABLE ALL IN TABLESPACE x SET TABLESPACE y        | ``
          ALTER VIEW v ALTER a DROP DEFAULT                       | ownership relation v
          ALTER MATERIALIZED VIEW a.v SET (fillfactor = 50)       | ownership relation a.v
          ALTER SEQUENCE a.s RESTART                              | ownership part a.s
          ALTER INDEX i RENAME TO j                               | ownership_and_creation part i; ~i; ~j
          ALTER TYPE a.mood ADD VALUE 'y'                         | ownership type a.mood
          ALTER TYPE mood RENAME TO m                             | ownership type mood; ~mood; ~m
          ALTER FUNCTION a.f(int) SET SCHEMA b                    | ownership routine a.f; create in b; ~f
          ALTER TRIGGER g ON a.t RENAME TO h                      | ownership relation a.t
          ALTER SCHEMA s RENAME TO z                              | ownership schema s; ~schema s; run
          ALTER ROLE me SET search_path = x                       | run
          ALTER USER MAPPING FOR me SERVER s                      | ``
          ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x    | ``
          DROP TABLE IF EXISTS a.t, u                             | removal relation a.t; removal relation u; ~t; ~u
          DROP TABLE a.t CASCADE                                  | removal relation a.t; ~t; objects
          DROP SCHEMA s CASCADE                                   | ownership schema s; ~schema s; objects
          DROP EXTENSION citext CASCADE                           | objects
          ALTER TABLE a.t DROP COLUMN x CASCADE                   | ownership relation a.t; objects
          DROP MATERIALIZED VIEW v                                | removal relation v; ~v
          DROP INDEX CONCURRENTLY IF EXISTS a.i                   | removal part a.i; ~i
          DROP FUNCTION a.f(int, text), g                         | removal routine a.f; removal routine g; ~f; ~g
          DROP FUNCTION IF EXISTS a.f(int)                        | ~f
          DROP TYPE mood                                          | removal type mood; ~mood
          DROP SCHEMA s                                           | ownership schema s; ~schema s; path
          DROP TRIGGER g ON a.t                                   | ownership relation a.t
          DROP TRIGGER IF EXISTS g ON a.t                         | ``
          DROP POLICY p ON t                                      | ownership relation t
          DROP EXTENSION citext                                   | path
          DROP OWNED BY bob                                       | run
          DROP ROLE bob                                           | ``
          INSERT INTO a.t AS x VALUES ('DROP TABLE b')            | insert relation a.t
          UPDATE ONLY t SET a = 1                                 | update relation t
          DELETE FROM a.t WHERE true                              | delete relation a.t
          TRUNCATE TABLE ONLY a.t *, u RESTART IDENTITY           | truncate relation a.t; truncate relation u
          COMMENT ON TABLE a.t IS 'x'                             | ownership relation a.t
          COMMENT ON COLUMN a.t.c IS 'x'                          | ownership relation a.t
          COMMENT ON COLUMN t.c IS 'x'                            | ownership relation t
          COMMENT ON SCHEMA s IS 'x'                              | ownership schema s
          COMMENT ON DATABASE d IS 'x'                            | ``
          SET ROLE boss                                           | migration
          SET LOCAL ROLE boss                                     | migration
          SET SESSION AUTHORIZATION boss                          | migration
          SET "role" = boss                                       | migration
          RESET ROLE                                              | migration
          SET search_path = x                                     | path_of_migration
          SET LOCAL search_path TO x                              | path_of_migration
          SET SCHEMA 'x'                                          | path_of_migration
          RESET ALL                                               | path_of_migration
          SET statement_timeout = 0                               | ``
          DISCARD ALL                                             | migration
          SELECT pg_catalog.set_config('search_path', '', false)  | path_of_migration
          SELECT set_config('Role', 'boss', false)                | migration
          SELECT set_config('work_mem', '1MB', false)             | ``
          SELECT pg_catalog.setval('s', 1, true)                  | ``
          SELECT f()                                              | run
          WITH x AS (SELECT 1) SELECT * FROM x                    | run
          DO $$ BEGIN PERFORM 1; END $$                           | run
          CALL p()                                                | run
          EXECUTE x                                               | run
          GRANT SELECT (a), UPDATE ON t TO bob                    | ``
          GRANT boss TO me                                        | run
          REVOKE boss FROM me                                     | ``
          REASSIGN OWNED BY a TO b                                | run
          VACUUM t                                                | ``
          """)
  void the_text_tells_what_it_needs_what_it_changes_and_what_is_unknown_behind_it(
      String sql, String concern) {
    assertThat(text(sql)).isEqualTo(concern);
  }

  @Test
  void of_all_blocks_the_one_by_which_ef_makes_a_schema_is_known() {
    String block =
        """
        DO $EF$
        BEGIN
            IF NOT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = 'Ops') THEN
                CREATE SCHEMA "Ops";
            END IF;
        END $EF$""";

    assertThat(text(block)).isEqualTo("schema Ops if_missing; ~schema Ops; path");
    assertThat(text(block.replace("END IF;", "END IF; DROP TABLE t;"))).isEqualTo("run");
    assertThat(text(block.replace("\"Ops\"", "ops"))).isEqualTo("run");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE",
        "CREATE TABLE",
        "CREATE OR REPLACE",
        "CREATE INDEX",
        "ALTER TABLE",
        "DROP TABLE",
        "DROP",
        "ALTER",
        "INSERT INTO",
        "UPDATE",
        "TRUNCATE",
        "COMMENT ON",
        "COMMENT ON COLUMN c",
        "SET",
        "RESET",
        "SELECT",
        "DO",
        "GRANT",
        "CREATE SCHEMA",
        "CREATE EXTENSION",
        "(",
        "42",
        "CREATE TRIGGER t",
        "CREATE RULE",
        "DROP SCHEMA",
        "ALTER SCHEMA",
        "DROP TRIGGER t ON"
      })
  void what_no_server_would_take_needs_nothing(String sql) {
    assertThat(new Statement(sql, Position.START).concern().needs()).isEmpty();
  }

  private static String text(String sql) {
    Concern concern = new Statement(sql, Position.START).concern();
    List<String> parts = new ArrayList<>();
    concern.needs().forEach(need -> parts.add(text(need)));
    concern.changed().forEach(name -> parts.add("~" + name));
    concern.changedSchemas().forEach(name -> parts.add("~schema " + name));
    if (concern.aftermath() != Aftermath.NOTHING) {
      parts.add(word(concern.aftermath()));
    }
    return String.join("; ", parts);
  }

  private static String text(Need need) {
    return switch (need) {
      case Need.Creation(var schema) -> "create" + schema.map(s -> " in " + s).orElse("");
      case Need.OnObject(var right, var kind, var schema, var name) ->
          "%s %s %s%s".formatted(word(right), word(kind), qualifier(schema), name);
      case Need.NewSchema(var schema, var scope) -> "schema %s %s".formatted(schema, word(scope));
      case Need.NewExtension(var extension, var scope, var clauses) ->
          "extension %s %s %s".formatted(extension, word(scope), clauses).strip();
    };
  }

  private static String qualifier(Optional<Identifier> schema) {
    return schema.map(s -> s + ".").orElse("");
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
