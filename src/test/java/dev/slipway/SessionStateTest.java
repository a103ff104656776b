package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every migration begins in the same state, that of a fresh psql session of the same role.
@Tag("slow")
final class SessionStateTest {
  private static final String SETTINGS =
      """
      SELECT concat_ws('|', current_setting('timezone'), current_setting('datestyle'),
          current_setting('extra_float_digits'), current_setting('intervalstyle'),
          current_setting('search_path'), current_setting('bytea_output'),
          current_setting('lc_monetary'), current_setting('xmloption'),
          timestamptz '2024-07-04 12:00:00+00', 0.1::float4, interval '1 day 02:00') AS seen""";

  /// What a session carries besides its settings.
  private static final String STATE =
      """
      SELECT concat_ws('|', current_user, current_setting('search_path'),
          current_setting('timezone'), current_setting('datestyle'),
          current_setting('statement_timeout'), current_setting('lock_timeout'),
          current_setting('row_security'), current_setting('check_function_bodies'),
          current_setting('client_min_messages'), current_setting('default_transaction_read_only'),
          (SELECT count(*) FROM pg_class
           WHERE relpersistence = 't' AND relnamespace = pg_my_temp_schema()),
          (SELECT count(*) FROM pg_prepared_statements),
          (SELECT count(*) FROM pg_cursors WHERE is_holdable), (SELECT count(*) FROM pg_listening_channels())
          ) AS seen""";

  private static final String FRESH =
      "%s|\"$user\", public|UTC|ISO, MDY|0|5s|on|on|notice|off|0|0|0|0";

  @TempDir private Path folder;

  /// First migrations that leave something behind in their session.
  static Stream<Arguments> leftovers() {
    return Stream.of(
            "SET ROLE other_role",
            "CREATE TEMP TABLE leftover (id int) ON COMMIT PRESERVE ROWS",
            "CREATE TEMP TABLE leftover AS SELECT 1 AS id",
            "SET TIME ZONE 'Asia/Tokyo'",
            "SET search_path = ''",
            "SELECT pg_catalog.set_config('search_path', '', false)",
            "SET lock_timeout = '7min'; SET statement_timeout = '7min'",
            "SET DateStyle = 'SQL, DMY'",
            "SET DateStyle = 'German'",
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            "PREPARE x AS SELECT 1",
            "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
            "LISTEN somebody",
            "SET check_function_bodies = off; SET client_min_messages = error",
            "SET row_security = off")
        .flatMap(
            sql -> Stream.of(arguments("", sql), arguments("-- slipway: no-transaction\n", sql)));
  }

  @ParameterizedTest
  @MethodSource("leftovers")
  void what_a_migration_leaves_in_its_session_does_not_reach_the_next(
      String directive, String sql) {
    try (var database = TestDatabase.create()) {
      String other = database.createRole("other");
      database.execute("GRANT %s TO %s".formatted(other, database.owner()));
      changelog("20240101000000_Leave", directive + sql.replace("other_role", other) + ";");
      changelog("20240102000000_See", "CREATE TABLE seen AS " + STATE + ";");

      Program.Result result = Program.in(folder).with("Gateway", database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("SELECT * FROM public.seen"))
          .containsExactly(FRESH.formatted(database.owner()));
      assertThat(database.history()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-- slipway: no-transaction\n"})
  void two_migrations_may_make_temporary_tables_of_the_same_name(String directive) {
    try (var database = TestDatabase.create()) {
      String create =
          directive + "CREATE TEMP TABLE work AS SELECT 1 AS id;\nCREATE TABLE %s AS TABLE work;";
      changelog("20240101000000_One", create.formatted("one"));
      changelog("20240102000000_Two", create.formatted("two"));

      Program.Result result = Program.in(folder).with("Gateway", database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.tables()).contains("public.one", "public.two");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-- slipway: no-transaction\n"})
  void the_last_value_of_a_sequence_is_not_known_to_the_next(String directive) {
    try (var database = TestDatabase.create()) {
      changelog(
          "20240101000000_Take",
          directive + "CREATE SEQUENCE numbers;\nSELECT nextval('numbers');");
      changelog(
          "20240102000000_Ask",
          """
          CREATE TABLE seen (state text);
          DO $$ BEGIN
            PERFORM currval('numbers');
            INSERT INTO seen VALUES ('known');
          EXCEPTION WHEN object_not_in_prerequisite_state THEN
            INSERT INTO seen VALUES ('unknown');
          END $$;
          """);

      Program.Result result = Program.in(folder).with("Gateway", database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("TABLE seen")).containsExactly("unknown");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-- slipway: no-transaction\n"})
  void a_file_of_pg_dump_is_a_migration_like_any_other(String directive) {
    try (var origin = TestDatabase.on(TestServer.oldest());
        var database = TestDatabase.on(TestServer.oldest())) {
      origin.executeAsOwner(
          """
          CREATE SCHEMA sales;
          CREATE TYPE sales.state AS ENUM ('open', 'closed');
          CREATE TABLE sales.orders (
              id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state sales.state, note text);
          CREATE FUNCTION sales.count_orders() RETURNS bigint LANGUAGE sql
              AS $$ SELECT count(*) FROM sales.orders; -- all; of them $$;
          INSERT INTO sales.orders (state, note)
              VALUES ('open', E'it''s; a\\nnote'), ('closed', '\\.')""");
      String dump = Tool.pgDump(origin, "--inserts", "--no-owner");
      changelog("20240101000000_Dump", directive + dump);
      changelog("20240102000000_See", "CREATE TABLE seen AS " + STATE + ";");

      Program.Result result = Program.in(folder).with("Gateway", database).run();

      assertThat(dump).contains("\\restrict", "set_config('search_path', '', false)");
      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("SELECT * FROM public.seen"))
          .containsExactly(FRESH.formatted(database.owner()));
      assertThat(withoutKey(Tool.pgDump(database, "--inserts", "--no-owner", "-n", "sales")))
          .isEqualTo(withoutKey(Tool.pgDump(origin, "--inserts", "--no-owner", "-n", "sales")));
    }
  }

  @Test
  void a_deferred_trigger_on_a_temporary_table_is_no_obstacle() {
    try (var database = TestDatabase.create()) {
      changelog(
          "20240101000000_Work",
          """
          CREATE TEMP TABLE a (id int PRIMARY KEY);
          CREATE TEMP TABLE b (id int REFERENCES a DEFERRABLE INITIALLY DEFERRED);
          INSERT INTO b VALUES (1);
          INSERT INTO a VALUES (1);
          """);

      Program.Result result = Program.in(folder).with("Gateway", database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.history()).hasSize(1);
    }
  }

  @Test
  void deferred_triggers_run_under_the_settings_of_their_migration() {
    try (var database = TestDatabase.create()) {
      changelog(
          "20240101000000_Trigger",
          """
          CREATE SCHEMA app;
          SET search_path = app;
          CREATE TABLE seen (path text);
          CREATE TABLE t (id int);
          CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO seen VALUES (current_setting('search_path'));
            RETURN NULL;
          END $$;
          CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION note();
          INSERT INTO t VALUES (1);
          """);

      Program.Result result = Program.in(folder).with("Gateway", database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("TABLE app.seen")).containsExactly("app");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-- slipway: no-transaction\n"})
  void a_lock_timeout_that_a_migration_sets_is_in_force_in_it(String directive) {
    try (var database = TestDatabase.create()) {
      changelog(
          "20240101000000_Set",
          directive
              + "SET lock_timeout = '7min';\n"
              + "CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS timeout;");

      Program.Result result = Program.in(folder).with("Gateway", database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("TABLE seen")).containsExactly("7min");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timezone = 'Pacific/Chatham'",
        "timezone = 'UTC'",
        "datestyle = 'German'",
        "datestyle = 'SQL, DMY'",
        "extra_float_digits = 0",
        "extra_float_digits = -3",
        "intervalstyle = 'iso_8601'",
        "bytea_output = 'escape'",
        "xmloption = 'document'"
      })
  void settings_of_the_role_are_in_force_as_in_psql(String setting) throws Exception {
    try (var database = TestDatabase.create()) {
      database.execute("ALTER ROLE %s SET %s".formatted(database.owner(), setting));
      changelog("20240101000000_One", "SELECT 1;");
      changelog("20240102000000_See", copyOfSettings());

      Program.Result result =
          Program.finish(
              Program.in(folder)
                  .with("Gateway", database)
                  .with("JAVA_TOOL_OPTIONS", "-Duser.timezone=America/New_York")
                  .with("TZ", "America/New_York")
                  .start());

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(seen(database)).isEqualTo(Tool.psql(database, database.owner(), SETTINGS).strip());
    }
  }

  @Test
  void the_time_zone_of_the_connection_string_overrules_that_of_the_role() {
    try (var database = TestDatabase.create()) {
      database.execute("ALTER ROLE %s SET timezone = 'UTC'".formatted(database.owner()));
      changelog("20240101000000_Leave", "SET TIME ZONE 'Europe/Berlin';");
      changelog("20240102000000_See", copyOfSettings());

      Program.Result result =
          Program.in(folder)
              .with("ConnectionStrings__Gateway", database.connectionString(";Timezone=Asia/Tokyo"))
              .run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(seen(database)).startsWith("Asia/Tokyo|");
    }
  }

  @Test
  void literals_are_read_by_the_standard_whatever_the_role_is_set_to() {
    try (var database = TestDatabase.create()) {
      database.execute(
          "ALTER ROLE %s SET standard_conforming_strings = off".formatted(database.owner()));
      changelog("20240101000000_One", "CREATE TABLE one AS SELECT 'a\\' AS text;");
      changelog("20240102000000_Two", "CREATE TABLE two AS SELECT 'b\\' AS text;");

      Program.Result result = Program.in(folder).with("Gateway", database).run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("TABLE one UNION ALL TABLE two")).containsExactly("a\\", "b\\");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-- slipway: no-transaction\n"})
  void a_configured_role_owns_tables_and_history(String directive) {
    try (var database = TestDatabase.create()) {
      String role = database.createRole("owners");
      database.execute("GRANT %s TO %s".formatted(role, database.owner()));
      database.execute("CREATE SCHEMA app AUTHORIZATION " + role);
      changelog("20240101000000_One", directive + "CREATE TABLE one (id int);\nRESET ROLE;");
      changelog("20240102000000_Two", directive + "CREATE TABLE two (id int);");

      Program.Result result =
          Program.in(folder)
              .with("ConnectionStrings__Gateway", database.connectionString(";Search Path=app"))
              .with("Slipway__Role", role)
              .run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.tables()).hasSize(4);
      assertThat(
              database.rows(
                  "SELECT DISTINCT schemaname, tableowner FROM pg_tables"
                      + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"))
          .containsExactly("app|" + role);
      assertThat(database.rows("SELECT DISTINCT applied_by FROM app.slipway_journal"))
          .containsExactly(database.owner());
    }
  }

  private void changelog(String id, String sql) {
    new Folder(folder).write("changelog/" + id + ".sql", sql);
  }

  /// Writes what [#SETTINGS] shows, each value as text.
  private static String copyOfSettings() {
    return "CREATE TABLE seen AS " + SETTINGS + ";";
  }

  private static String seen(TestDatabase database) {
    return String.join("", database.rows("SELECT * FROM public.seen"));
  }

  /// A dump without the random key of its `\restrict` lines.
  private static List<String> withoutKey(String dump) {
    return dump.lines().filter(line -> !line.contains("restrict ")).toList();
  }
}
