package dev.slipway;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Catalog;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which rights of due statements are asked for before the first write. The server is the judge:
/// nothing is refused that it would have done, and what is printed makes it do the rest.
@Tag("slow")
final class StatementRightsTest {
  private static final String PATH = "app,public";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /// Of these, the role needs what their text tells.
  private static final List<String> STATEMENTS =
      List.of(
          "ALTER TABLE app.orders ADD COLUMN note text",
          "ALTER TABLE IF EXISTS app.orders ALTER COLUMN amount SET DEFAULT 1",
          "ALTER TABLE orders RENAME COLUMN amount TO total",
          "ALTER TABLE app.orders RENAME TO purchases",
          "ALTER TABLE app.orders SET SCHEMA spare",
          "DROP TABLE app.lonely",
          "DROP TABLE IF EXISTS lonely",
          "CREATE INDEX ON app.orders (amount)",
          "CREATE INDEX IF NOT EXISTS orders_amount ON orders (amount)",
          "CREATE TRIGGER g BEFORE INSERT ON app.orders FOR EACH ROW EXECUTE FUNCTION app.g()",
          "CREATE POLICY p ON app.orders USING (true)",
          "CREATE RULE r AS ON DELETE TO app.orders DO INSTEAD NOTHING",
          "COMMENT ON TABLE app.orders IS 'Orders.'",
          "COMMENT ON COLUMN orders.amount IS 'Amount.'",
          "CREATE TABLE app.orders_1 PARTITION OF app.split FOR VALUES IN (1)",
          "ALTER VIEW app.recent ALTER COLUMN id SET DEFAULT 1",
          "CREATE OR REPLACE VIEW app.recent AS SELECT 2 AS id",
          "DROP VIEW app.recent",
          "DROP MATERIALIZED VIEW app.totals",
          "ALTER SEQUENCE app.counter RESTART",
          "ALTER SEQUENCE app.serial_id_seq RESTART",
          "ALTER INDEX app.orders_pkey RENAME TO orders_key",
          "DROP INDEX app.orders_amount",
          "ALTER TYPE app.mood ADD VALUE 'sour'",
          "DROP TYPE app.unused",
          "ALTER DOMAIN app.positive DROP NOT NULL",
          "ALTER FUNCTION app.f(int, app.mood) COST 5",
          "DROP FUNCTION app.f(int, app.mood)",
          "INSERT INTO app.orders (id) VALUES (1)",
          "UPDATE app.orders SET amount = 1 WHERE id = 2",
          "DELETE FROM orders WHERE id = 2",
          "TRUNCATE app.orders",
          "CREATE TABLE app.added (id int)",
          "CREATE TABLE IF NOT EXISTS app.orders (id int)",
          "CREATE SEQUENCE IF NOT EXISTS app.counter",
          "CREATE VIEW app.added AS SELECT 1 AS id",
          "CREATE TYPE added AS ENUM ('a')",
          "CREATE FUNCTION app.h() RETURNS int LANGUAGE sql AS 'SELECT 1'",
          "CREATE SCHEMA added",
          "CREATE SCHEMA IF NOT EXISTS app",
          "DROP SCHEMA spare",
          "COMMENT ON SCHEMA app IS 'Ours.'",
          "CREATE EXTENSION IF NOT EXISTS citext SCHEMA app");

  /// Each needs something else.
  private static final String TOGETHER =
      """
      ALTER TABLE app.orders ADD COLUMN note text;
      CREATE INDEX ON app.orders (note);
      CREATE TRIGGER g BEFORE INSERT ON app.serial FOR EACH ROW EXECUTE FUNCTION app.g();
      INSERT INTO app.lonely (id) VALUES (1);
      UPDATE app.lonely SET id = 2 WHERE id = 1;
      DELETE FROM app.lonely WHERE id = 2;
      TRUNCATE app.split;
      ALTER VIEW app.recent ALTER COLUMN id SET DEFAULT 1;
      ALTER SEQUENCE app.counter RESTART;
      ALTER SEQUENCE app.serial_id_seq RESTART;
      ALTER INDEX app.orders_amount RENAME TO by_amount;
      ALTER TYPE app.mood ADD VALUE 'sour';
      ALTER DOMAIN app.positive DROP NOT NULL;
      ALTER FUNCTION app.f(int, app.mood) COST 5;
      COMMENT ON SCHEMA spare IS 'Spare.';
      CREATE TABLE app.added (id int);
      DROP MATERIALIZED VIEW app.totals;
      CREATE SCHEMA added;
      CREATE EXTENSION IF NOT EXISTS citext SCHEMA app""";

  /// These need nothing, or what they need cannot be known.
  private static final List<String> HARMLESS =
      List.of(
          "CREATE TABLE IF NOT EXISTS app.lonely AS SELECT 1 AS id",
          "CREATE MATERIALIZED VIEW IF NOT EXISTS app.totals AS SELECT 1 AS id",
          "CREATE EXTENSION IF NOT EXISTS plpgsql",
          "DROP TRIGGER IF EXISTS nothing ON app.orders",
          "DROP FUNCTION IF EXISTS app.f(text)",
          "ALTER TABLE IF EXISTS app.nothing ADD COLUMN note text",
          "DROP TABLE IF EXISTS app.nothing",
          "CREATE TEMP TABLE orders (id int); ALTER TABLE orders ADD a int; DROP TABLE orders",
          "CREATE SCHEMA IF NOT EXISTS own; CREATE TABLE own.orders (id serial);"
              + " ALTER TABLE own.orders ADD a int; SET search_path = own;"
              + " ALTER TABLE orders ADD b int; ALTER SEQUENCE orders_id_seq RESTART",
          "SET ROLE %1$s_boss; ALTER TABLE app.orders ADD COLUMN note text",
          "SET LOCAL ROLE %1$s_boss; DROP TABLE orders",
          "DO $$ BEGIN SET LOCAL ROLE %1$s_boss; END $$; ALTER TABLE app.orders ADD note text",
          "SELECT set_config('role', '%1$s_boss', true); DROP VIEW app.recent");

  @TempDir private Path path;

  /// What the deployer may do in schema `app`, all of which belongs to `boss`.
  private enum Level {
    NOTHING,
    USAGE,
    CREATION,
    ROWS,
    MEMBERSHIP,
    SCHEMA_OWNER
  }

  private static TestDatabase database(ServerVersion version) {
    var database = TestDatabase.on(version.server());
    String boss = database.createRole("boss");
    database.createRole("deployer");
    database.execute("REVOKE ALL ON DATABASE %s FROM PUBLIC".formatted(database.name()));
    database.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC");
    database.execute(
        "GRANT CONNECT, TEMPORARY ON DATABASE %s TO %s_deployer"
            .formatted(database.name(), database.name()));
    database.execute(
        """
        ALTER ROLE %1$s NOLOGIN;
        CREATE SCHEMA records AUTHORIZATION %2$s_deployer;
        CREATE SCHEMA app AUTHORIZATION %1$s;
        CREATE SCHEMA spare AUTHORIZATION %1$s;
        GRANT ALL ON SCHEMA spare TO PUBLIC;
        SET ROLE %1$s;
        CREATE TABLE app.orders (id int PRIMARY KEY, amount int);
        CREATE INDEX orders_amount ON app.orders (amount);
        CREATE TABLE app.lonely (id int);
        CREATE TABLE app.serial (id serial);
        CREATE TABLE app.split (id int) PARTITION BY LIST (id);
        CREATE VIEW app.recent AS SELECT 1 AS id;
        CREATE MATERIALIZED VIEW app.totals AS SELECT 1 AS id;
        CREATE SEQUENCE app.counter;
        CREATE TYPE app.mood AS ENUM ('sweet');
        CREATE TYPE app.unused AS (a int);
        CREATE DOMAIN app.positive AS int;
        CREATE FUNCTION app.f(int, app.mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION app.g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        """
            .formatted(boss, database.name()));
    return database;
  }

  private static void give(TestDatabase database, Level level) {
    String sql =
        switch (level) {
          case NOTHING -> "";
          case USAGE -> "GRANT USAGE ON SCHEMA app TO %1$s_deployer";
          case CREATION -> "GRANT CREATE ON SCHEMA app TO %1$s_deployer";
          case ROWS -> "GRANT ALL ON ALL TABLES IN SCHEMA app TO %1$s_deployer";
          case MEMBERSHIP -> "GRANT %1$s_boss TO %1$s_deployer";
          case SCHEMA_OWNER ->
              "REVOKE %1$s_boss FROM %1$s_deployer; ALTER SCHEMA app OWNER TO %1$s_deployer";
        };
    database.execute(sql.formatted(database.name()));
  }

  private Program program(TestDatabase database, String searchPath, String statement) {
    new Folder(path).write("changelog/20240101000000_One.sql", statement + ";\n");
    return Program.in(path)
        .with("Slipway__HistorySchema", "records")
        .with(
            "ConnectionStrings__Gateway",
            database.connectionStringFor(
                database.name() + "_deployer", ";Search Path=" + searchPath));
  }

  /// What the server says to it, which is taken back; empty if it does it.
  private static Optional<String> refusal(
      TestDatabase database, String searchPath, String statement) {
    String url =
        "jdbc:postgresql://localhost:%d/%s?user=%s_deployer&currentSchema=%s"
            .formatted(database.server().port(), database.name(), database.name(), searchPath);
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      sql.execute(statement);
      connection.rollback();
      return Optional.empty();
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(statement + "\n" + e).isEqualTo(INSUFFICIENT_PRIVILEGE);
      return Optional.of(e.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void exactly_what_the_server_would_refuse_is_refused_beforehand(ServerVersion version) {
    try (var database = database(version)) {
      List<String> wrong = new ArrayList<>();
      for (Level level : Level.values()) {
        give(database, level);
        for (String statement : STATEMENTS) {
          if (level == Level.NOTHING && !statement.contains("app.")) {
            continue;
          }
          String searchPath = level == Level.NOTHING ? "records" : PATH;
          Optional<String> refusal = refusal(database, searchPath, statement);
          Program.Result result =
              program(database, searchPath, statement).run("migrate", "--dry-run");
          if ((result.code() == 3) != refusal.isPresent()) {
            wrong.add("%s: %s: %s\n%s".formatted(level, statement, refusal, result));
          }
        }
      }

      assertThat(wrong).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void where_a_run_would_succeed_nothing_is_missing(ServerVersion version) {
    for (String statement : HARMLESS) {
      try (var database = database(version)) {
        give(database, Level.USAGE);
        database.execute(
            "GRANT CREATE ON DATABASE %1$s TO %1$s_deployer".formatted(database.name()));
        // In these, the role may take another one, and has nothing of it by itself.
        database.execute("ALTER ROLE %1$s_deployer NOINHERIT".formatted(database.name()));
        if (statement.contains("boss")) {
          give(database, Level.MEMBERSHIP);
        }

        Program.Result result = program(database, PATH, statement.formatted(database.name())).run();

        assertThat(result.code()).as(statement + "\n" + result).isZero();
      }
    }
  }

  /// What the failure offers to paste, as it is.
  private static String remedy(Program.Result refused) {
    String next = refused.err().substring(refused.err().indexOf(" run:\n") + 6);
    return next.lines().takeWhile(line -> line.startsWith("          ")).collect(joining("\n"));
  }

  /// Whoever is refused changes nothing, reads why, and goes on when what is printed was run.
  private static void assertThatTheRemedyMends(
      TestDatabase database, String golden, Program program) {
    String before = Catalog.schema(database) + Catalog.contents(database);

    Program.Result refused = program.run();

    assertThat(refused.code()).as(refused.toString()).isEqualTo(3);
    Golden.check("dev/slipway/rights/" + golden + ".txt", refused.err());
    assertThat(Catalog.schema(database) + Catalog.contents(database)).isEqualTo(before);
    database.execute(remedy(refused));
    Program.Result mended = program.run();
    assertThat(mended.code()).as(mended.toString()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void everything_that_is_missing_is_said_at_once_and_mended_by_what_is_printed(
      ServerVersion version) {
    try (var database = database(version)) {
      database.execute(
          """
          ALTER SCHEMA records OWNER TO %1$s_boss;
          GRANT USAGE ON SCHEMA records TO %1$s_deployer"""
              .formatted(database.name()));

      assertThatTheRemedyMends(database, "all", program(database, "records", TOGETHER));
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_a_superuser_owns_is_to_be_given_away(ServerVersion version) {
    try (var database = database(version)) {
      database.execute("ALTER ROLE %s_boss SUPERUSER".formatted(database.name()));

      assertThatTheRemedyMends(database, "superuser", program(database, "records", TOGETHER));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_role_that_does_not_inherit_gets_what_its_server_knows(ServerVersion version) {
    try (var database = database(version)) {
      database.execute("ALTER ROLE %s_deployer NOINHERIT".formatted(database.name()));
      give(database, Level.MEMBERSHIP);

      assertThatTheRemedyMends(
          database,
          "no-inherit-" + version.name().toLowerCase(Locale.ROOT),
          program(database, "records", "ALTER TABLE app.orders ADD COLUMN note text"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_owner_that_is_a_member_of_the_role_has_to_give_it_away(ServerVersion version) {
    try (var database = database(version)) {
      database.execute("GRANT %1$s_deployer TO %1$s_boss".formatted(database.name()));

      assertThatTheRemedyMends(
          database,
          "member",
          program(database, "records", "ALTER TABLE app.orders ADD COLUMN note text"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_extension_that_is_not_trusted_is_for_a_superuser_to_create(ServerVersion version) {
    try (var database = database(version)) {
      assertThatTheRemedyMends(
          database,
          "extension",
          program(database, "records", "CREATE EXTENSION IF NOT EXISTS dblink"));
      assertThat(database.rows("SELECT extnamespace::regnamespace FROM pg_extension"))
          .contains("records");
    }
  }

  @Test
  void an_extension_that_must_not_be_there_yet_is_not_for_sql_to_mend() {
    try (var database = database(ServerVersion.NEWEST)) {
      Program.Result refused = program(database, "records", "CREATE EXTENSION dblink").run();

      assertThat(refused.code()).as(refused.toString()).isEqualTo(3);
      Golden.check("dev/slipway/rights/new-extension.txt", refused.err());
    }
  }

  /// The role that counts is the one that the connection string's user takes.
  @Test
  void rights_are_those_of_the_role_that_works() {
    try (var database = database(ServerVersion.NEWEST)) {
      give(database, Level.MEMBERSHIP);
      String weak = database.createRole("weak");
      database.execute("GRANT %s TO %s_deployer".formatted(weak, database.name()));
      database.execute("GRANT ALL ON SCHEMA records TO " + weak);

      assertThatTheRemedyMends(
          database,
          "role",
          program(database, "records", "ALTER TABLE app.orders ADD COLUMN note text")
              .with("Slipway__Role", weak));
    }
  }

  @Test
  void the_check_of_a_connection_names_what_is_missing_for_what_is_due() {
    try (var database = database(ServerVersion.NEWEST)) {
      Program program = program(database, "records", "ALTER TABLE app.orders ADD COLUMN note text");

      Program.Result refused = program.run("config", "--check");

      assertThat(refused.code()).as(refused.toString()).isEqualTo(3);
      assertThat(refused.err())
          .contains("GRANT \"%1$s_boss\" TO \"%1$s_deployer\";".formatted(database.name()));
      database.execute(remedy(refused));
      assertThat(program.run("config", "--check").code()).isZero();
    }
  }

  /// A migration that was begun has done some of it already, and nobody knows which.
  @Test
  void of_a_migration_that_was_begun_nothing_is_asked() {
    try (var database = database(ServerVersion.NEWEST)) {
      give(database, Level.MEMBERSHIP);
      String statements =
          "-- slipway: no-transaction\nALTER TABLE app.orders ADD COLUMN note text;"
              + "\nCREATE INDEX CONCURRENTLY once ON records.nowhere (id)";
      Program program = program(database, "records", statements);
      Program.Result stopped = program.run();
      assertThat(stopped.code()).as(stopped.toString()).isEqualTo(8);
      database.execute("REVOKE %1$s_boss FROM %1$s_deployer".formatted(database.name()));
      database.execute(
          "SET ROLE %s_deployer; CREATE TABLE records.nowhere (id int)".formatted(database.name()));

      Program.Result result = program.run();

      assertThat(result.code()).as(result.toString()).isZero();
    }
  }

  /// A run that PostgreSQL would let pass must not be refused.
  @Test
  void what_goes_with_something_else_is_not_missed(@TempDir Path folder) {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner(
          """
          CREATE TABLE whole (day date) PARTITION BY RANGE (day);
          CREATE TABLE seen (id int);
          """);
      database.execute(
          """
          CREATE TABLE part PARTITION OF whole FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
          CREATE VIEW view_of_boss AS SELECT id FROM seen;
          """);
      new Folder(folder)
          .write(
              "changelog/20240101000000_One.sql",
              """
              DROP TABLE public.whole;
              DROP TABLE IF EXISTS public.part;
              DROP TABLE public.seen CASCADE;
              CREATE OR REPLACE VIEW public.view_of_boss AS SELECT 1 AS id;
              """);

      Program.Result result = Program.in(folder).with("Gateway", database).run();

      assertThat(result.code()).as(result.toString()).isZero();
    }
  }
}
