package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `slipway resync --wipe`, and `WIPE_DATABASE=true`.
@Tag("slow")
final class WipeTest {
  private static final String OLD = "20230101000000_Old";
  private static final String NEW = "20240101000000_New";

  private static final String OLD_SQL =
      "CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders VALUES (1);";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  /// A database with an old release, and the changelog of the next, which was squashed.
  @BeforeEach
  void migrate_the_old_release() {
    release(OLD, OLD_SQL);
    ends(0, program().run());
    new Folder(path).delete("changelog/" + OLD + ".sql");
    release(NEW, "CREATE TABLE orders (id bigint PRIMARY KEY);");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private void release(String id, String sql) {
    new Folder(path).write("changelog/" + id + ".sql", sql);
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private Program.Result wipe(String... more) {
    return wipe(program(), more);
  }

  private Program.Result wipe(Program program, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("resync", "--wipe", "--confirm", database.name()));
    arguments.addAll(List.of(more));
    return program.run(arguments.toArray(String[]::new));
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  private void assertThatNothingWasChanged() {
    assertThat(database.history()).containsExactly(OLD);
    assertThat(database.rows("SELECT id FROM orders")).containsExactly("1");
  }

  @Test
  void what_was_refused_goes_on_an_emptied_database() {
    String command = "slipway resync --wipe --database Gateway --confirm " + database.name();
    assertThat(ends(6, program().run()).err()).contains(command);

    Program.Result wiped = ends(0, wipe());

    assertThat(wiped.out().lines().map(line -> line.replaceAll("\\d+ (ms|kB)", "N $1")))
        .containsExactly(
            "wiped    3 objects with about 1 rows, N kB on disk",
            "applied  " + NEW + "  N ms",
            "Gateway: 1 applied, up-to-date at " + NEW + " (1 applied)",
            "next     Start the application, which reads its stream anew.");
    assertThat(database.history()).containsExactly(NEW);
    assertThat(database.rows("SELECT count(*) FROM orders")).containsExactly("0");
    ends(0, program().run("status"));
  }

  @Test
  void the_author_says_what_comes_next() {
    new Folder(path)
        .write("changelog/slipway.yaml", "after-resync: |\n  Start one replica.\n  Then all.\n");

    assertThat(ends(6, program().run()).err())
        .contains("          5. Start one replica.\n             Then all.\n");
    assertThat(ends(0, wipe()).out()).endsWith("next     Start one replica.\n         Then all.\n");
    assertThat(ends(0, wipe("--json")).out())
        .contains("\"next\":\"Start one replica.\\nThen all.\"");
  }

  @Test
  void json_says_what_was_lost_and_what_was_applied() {
    assertThat(ends(0, wipe("--json")).out())
        .contains(
            "\"wiped\":[{\"kind\":\"history\",\"schema\":\"public\",",
            "\"applied_now\":[{\"id\":\"" + NEW + "\"");
  }

  @Test
  void without_consent_nothing_is_done() {
    Program.Result refused = ends(2, program().run("resync", "--wipe"));

    assertThat(refused.err())
        .contains(
            "resync --wipe needs your consent to lose what database \"" + database.name() + "\"",
            "Then: slipway resync --wipe --database Gateway --confirm " + database.name());
    assertThatNothingWasChanged();
  }

  @Test
  void consent_is_for_one_database() {
    Program.Result refused =
        ends(2, program().run("resync", "--wipe", "--confirm", "gateway", "--terminate"));

    assertThat(refused.err())
        .contains(
            "consent was given for database \"gateway\", and this is \"" + database.name() + "\"");
    assertThat(ends(2, program().run("resync", "--wipe", "--confirm", "x", "--json")).out())
        .contains("\"kind\":\"usage\"");
    assertThatNothingWasChanged();
  }

  @Test
  void the_consent_may_stand_in_the_environment() {
    ends(0, program().with("Slipway__Confirm", database.name()).run("resync", "--wipe"));

    assertThat(database.history()).containsExactly(NEW);
  }

  @Test
  void a_dry_run_empties_nothing() {
    Program dry = program().with("Slipway__DryRun", "true");
    assertThat(ends(2, wipe(dry)).err()).contains("emptying a database cannot be tried");
    ends(2, dry.with("WIPE_DATABASE", "true").with("Slipway__Confirm", database.name()).run());
    assertThatNothingWasChanged();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "migrate"})
  void the_habit_of_the_environment_needs_the_consent_too(String command) {
    String[] arguments = command.isEmpty() ? new String[] {} : new String[] {command};
    Program habit = program().with("WIPE_DATABASE", "true");

    assertThat(ends(2, habit.run(arguments)).err())
        .contains(
            "WIPE_DATABASE=true needs your consent", "Then: Slipway__Confirm=" + database.name());
    assertThatNothingWasChanged();
    ends(2, habit.with("Slipway__Confirm", "other").run(arguments));
    assertThatNothingWasChanged();

    Program.Result wiped = ends(0, habit.with("Slipway__Confirm", database.name()).run(arguments));
    assertThat(wiped.out()).startsWith("wiped    3 objects");
    assertThat(wiped.err()).contains("take it out of the environment");
    assertThat(database.history()).containsExactly(NEW);
  }

  @Test
  void the_habit_is_about_migrating_alone() {
    Program habit =
        program().with("WIPE_DATABASE", "TRUE").with("Slipway__Confirm", database.name());

    ends(6, habit.run("status"));
    ends(1, habit.run("resync", "--check"));
    ends(6, program().with("WIPE_DATABASE", "false").run());
    ends(6, program().with("WIPE_DATABASE", "").run());
    assertThat(ends(3, program().with("WIPE_DATABASE", "yes").run()).err())
        .contains("environment variable WIPE_DATABASE", "\"yes\" is neither true nor false");
    assertThatNothingWasChanged();
  }

  @Test
  void it_is_about_one_database() {
    try (var other = TestDatabase.create()) {
      new Folder(path)
          .delete("changelog/" + NEW + ".sql")
          .write("changelog/Gateway/" + NEW + ".sql", "SELECT 1;")
          .write("changelog/Billing/" + NEW + ".sql", "SELECT 1;");

      ends(2, wipe(program().with("Billing", other)));

      assertThatNothingWasChanged();
    }
  }

  @Test
  void a_changelog_that_cannot_be_applied_empties_nothing() {
    release(NEW, "CREATE TABLE orders (id int); COMMIT;");

    ends(3, wipe());

    assertThatNothingWasChanged();
  }

  @Test
  void other_sessions_stand_in_its_way() {
    try (var _ = new OpenTransaction(database, "SELECT 1")) {
      Program.Result refused = ends(5, wipe());

      assertThat(refused.err())
          .contains(
              "database \"" + database.name() + "\" is in use by 1 other session",
              "user postgres",
              "--confirm " + database.name() + " --terminate");
      assertThat(ends(5, wipe("--json")).out()).contains("\"kind\":\"locked\"");
      assertThatNothingWasChanged();
    }
    ends(0, wipe());
  }

  /// The owner of a database may not end a superuser's session.
  @Test
  void they_can_be_ended_where_rights_allow_it() {
    try (var _ = OpenTransaction.ofOwner(database, "LOCK TABLE orders")) {
      Program.Result wiped = ends(0, wipe("--terminate"));

      assertThat(wiped.err()).contains("notice: Gateway: ended the session of pid");
      assertThat(database.history()).containsExactly(NEW);
    }
    try (var _ = new OpenTransaction(database, "SELECT 1")) {
      assertThat(ends(5, wipe("--terminate")).err())
          .contains("another session could not be ended", "SELECT pg_terminate_backend(");
    }
  }

  /// A run at work is waited for, also by one that ends others.
  @Test
  void a_run_at_work_is_not_emptied_under_its_feet() throws InterruptedException {
    release(NEW, "CREATE TABLE orders (id int)");
    Process process;
    try (var _ =
        new OpenTransaction(database, "LOCK TABLE \"__EFMigrationsHistory\" IN SHARE MODE")) {
      new Folder(path)
          .write("next/" + OLD + ".sql", OLD_SQL)
          .write("next/" + NEW + ".sql", "SELECT 2;");
      process = program().start("migrate", "--changelog", "next");
      Until.row(
          database.server(),
          "SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND database ="
              + " (SELECT oid FROM pg_database WHERE datname = '"
              + database.name()
              + "')");
      assertThat(ends(5, wipe()).err()).contains("slipway");
    }
    Program.finish(process);
    ends(0, wipe());
  }

  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void schemas_grants_default_privileges_and_extensions_stay(ServerVersion version) {
    try (var other = TestDatabase.on(version.server())) {
      String role = other.createRole("reader");
      other.execute("GRANT ALL ON SCHEMA public TO " + other.owner());
      other.execute(
          """
          CREATE EXTENSION hstore SCHEMA public;
          CREATE EXTENSION pg_trgm SCHEMA public;
          CREATE SCHEMA theirs;
          CREATE TABLE theirs.things (id int, tags public.hstore);
          CREATE FUNCTION theirs.twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2';
          """);
      other.executeAsOwner(
          """
          GRANT USAGE ON SCHEMA public TO %1$s;
          ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO %1$s;
          CREATE TABLE old (id serial PRIMARY KEY, tags hstore);
          CREATE INDEX ON old USING gin (tags);
          """
              .formatted(role));
      String kept =
          """
          SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname IN ('public', 'theirs')
          UNION ALL SELECT defaclnamespace::regnamespace::text, defaclacl::text FROM pg_default_acl
          UNION ALL SELECT extname, extnamespace::regnamespace::text FROM pg_extension
          UNION ALL SELECT relname, relnamespace::regnamespace::text FROM pg_class
            WHERE relnamespace = 'theirs'::regnamespace
          UNION ALL SELECT proname, pronamespace::regnamespace::text FROM pg_proc
            WHERE pronamespace IN ('public'::regnamespace, 'theirs'::regnamespace)
          ORDER BY 1, 2""";
      List<String> before = other.rows(kept);

      Program program = Program.in(path).with("Gateway", other);
      ends(0, program.run("resync", "--wipe", "--confirm", other.name()));

      assertThat(other.rows(kept)).isEqualTo(before);
      assertThat(other.tables())
          .containsExactly(
              "public.__EFMigrationsHistory",
              "public.orders",
              "public.slipway_journal",
              "theirs.things");
      assertThat(other.rows("SELECT has_table_privilege('" + role + "', 'orders', 'SELECT')"))
          .containsExactly("t");
    }
  }

  @Test
  void all_schemas_of_the_changelog_are_emptied_and_no_other() {
    database.executeAsOwner(
        """
        CREATE SCHEMA sales; CREATE TABLE sales.lines (id int);
        CREATE SCHEMA stock; CREATE TABLE stock.items (id int);
        CREATE SCHEMA other; CREATE TABLE other.things (id int);
        GRANT USAGE ON SCHEMA stock TO pg_monitor;
        """);
    release(
        NEW,
        """
        CREATE SCHEMA sales;
        CREATE SCHEMA IF NOT EXISTS stock;
        CREATE TABLE sales.lines (id int);
        CREATE TABLE stock.items (id int);
        """);

    ends(0, wipe());

    assertThat(database.tables())
        .containsExactly(
            "other.things",
            "public.__EFMigrationsHistory",
            "public.slipway_journal",
            "sales.lines",
            "stock.items");
    assertThat(database.rows("SELECT has_schema_privilege('pg_monitor', 'stock', 'USAGE')"))
        .containsExactly("t");
  }

  @Test
  void a_schema_that_is_made_anew_and_cannot_be_removed_is_named() {
    database.execute(
        "CREATE SCHEMA sales; CREATE TABLE sales.lines (id int); GRANT ALL ON SCHEMA sales TO PUBLIC;"
            + "ALTER TABLE sales.lines OWNER TO "
            + database.owner());
    release(NEW, "CREATE SCHEMA sales; CREATE TABLE sales.lines (id int);");

    assertThat(ends(3, wipe()).err()).contains("schema sales belongs to role postgres");

    database.execute(
        "ALTER SCHEMA sales OWNER TO "
            + database.owner()
            + "; CREATE EXTENSION hstore SCHEMA sales");
    assertThat(ends(3, wipe()).err()).contains("extension hstore lies in schema sales");
    assertThatNothingWasChanged();
  }

  @Test
  void what_others_have_that_depends_on_it_is_named_and_nothing_is_done() {
    database.execute(
        """
        CREATE SCHEMA other;
        CREATE TYPE mood AS ENUM ('good');
        CREATE TABLE measures (day date) PARTITION BY RANGE (day);
        CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2';
        CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE other.lines (id int REFERENCES public.orders, n int DEFAULT public.twice(1),
          m public.mood);
        CREATE VIEW other.seen AS SELECT * FROM public.orders;
        CREATE VIEW other.again AS SELECT * FROM other.seen;
        CREATE TABLE other.child () INHERITS (public.orders);
        CREATE TABLE other.part PARTITION OF public.measures DEFAULT;
        CREATE TRIGGER touched BEFORE INSERT ON other.lines
          FOR EACH ROW EXECUTE FUNCTION public.touch();
        CREATE FUNCTION other.moody(public.mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE EVENT TRIGGER watching ON ddl_command_end EXECUTE FUNCTION public.watch();
        """);
    // What is the superuser's must not be dropped either.
    for (String kind :
        List.of("FUNCTION twice(int)", "FUNCTION touch()", "TABLE measures", "TYPE mood")) {
      database.execute("ALTER " + kind + " OWNER TO " + database.owner());
    }
    Program superuser =
        program().with("ConnectionStrings__Gateway", database.connectionStringFor("postgres", ""));

    Program.Result refused = ends(3, wipe(superuser));

    assertThat(refused.err())
        .contains("10 objects elsewhere would go with what lies in \"public\"")
        .contains(
            "table constraint lines_id_fkey on other.lines",
            "default value for other.lines.n",
            "table column other.lines.m",
            "view other.seen",
            "view other.again",
            "table other.child",
            "table other.part",
            "trigger touched on other.lines",
            "function other.moody(public.mood)",
            "event trigger watching");
    assertThatNothingWasChanged();
  }

  @Test
  void what_other_roles_own_is_named_and_nothing_is_done() {
    String other = database.createRole("other");
    database.execute(
        """
        CREATE SCHEMA app; GRANT ALL ON SCHEMA app TO PUBLIC;
        CREATE TABLE app.theirs (id int); ALTER TABLE app.theirs OWNER TO %1$s;
        CREATE FUNCTION app.twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2';
        ALTER FUNCTION app.twice OWNER TO %1$s;
        CREATE TABLE app.parts (id int) PARTITION BY LIST (id);
        ALTER TABLE app.parts OWNER TO %2$s;
        CREATE TABLE app.part PARTITION OF app.parts DEFAULT; ALTER TABLE app.part OWNER TO %1$s;
        """
            .formatted(other, database.owner()));
    Program inApp =
        program().with("ConnectionStrings__Gateway", database.connectionString(";Search Path=app"));

    Program.Result refused = ends(3, wipe(inApp));

    assertThat(refused.err())
        .contains("role \"" + database.owner() + "\" must not drop 3 objects")
        .contains(
            "table app.theirs belongs to role " + other,
            "table app.part belongs to role " + other,
            "function app.twice(integer) belongs to role " + other,
            "ALTER FUNCTION app.twice(integer) OWNER TO \"" + database.owner() + "\";");
    assertThat(
            database.rows("SELECT count(*) FROM pg_class WHERE relnamespace = 'app'::regnamespace"))
        .containsExactly("3");

    for (String line : refused.err().lines().map(String::strip).toList()) {
      if (line.startsWith("ALTER ")) {
        database.execute(line);
      }
    }
    ends(0, wipe(inApp));
  }

  /// Who owns a schema may drop what others have made in it.
  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void the_owner_of_the_schema_empties_it(ServerVersion version) {
    try (var other = TestDatabase.on(version.server())) {
      String role = other.createRole("maker");
      other.executeAsOwner("CREATE SCHEMA app");
      other.execute(
          """
          GRANT ALL ON SCHEMA app TO %1$s;
          SET ROLE %1$s;
          CREATE TABLE app.theirs (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
          CREATE VIEW app.seen AS SELECT * FROM app.theirs;
          CREATE TYPE app.mood AS ENUM ('good');
          """
              .formatted(role));

      ends(
          0,
          Program.in(path)
              .with("ConnectionStrings__Gateway", other.connectionString(";Search Path=app"))
              .run("resync", "--wipe", "--confirm", other.name()));

      assertThat(other.rows("SELECT count(*) FROM pg_type WHERE typname IN ('mood', 'theirs')"))
          .containsExactly("0");
    }
  }

  @Test
  void what_lies_in_no_schema_is_told() {
    database.execute(
        """
        CREATE PUBLICATION news FOR TABLE orders;
        SELECT lo_create(0);
        """);
    database.executeAsOwner(
        "CREATE TYPE pair AS (a int, b int);"
            + "CREATE CAST (pair AS text) WITH INOUT AS ASSIGNMENT;");

    String told = ends(0, wipe()).err();

    assertThat(told)
        .contains(
            "ALTER PUBLICATION news ADD TABLE public.orders",
            "1 large objects lie in no schema, and stay",
            "the cast from pair to text goes with the type");
    assertThat(database.rows("SELECT count(*) FROM pg_largeobject_metadata")).containsExactly("1");
    assertThat(database.rows("SELECT pubname FROM pg_publication")).containsExactly("news");
  }

  @Test
  void an_event_trigger_that_objects_keeps_all_as_it_was() {
    database.execute(
        """
        CREATE SCHEMA guard;
        CREATE FUNCTION guard.refuse() RETURNS event_trigger LANGUAGE plpgsql
          AS $$ BEGIN RAISE EXCEPTION 'no drops here'; END $$;
        CREATE EVENT TRIGGER guard ON sql_drop EXECUTE FUNCTION guard.refuse();
        """);

    Program.Result refused = ends(7, wipe());

    assertThat(refused.err()).contains("no drops here", "nothing was changed");
    assertThatNothingWasChanged();
    database.execute("DROP EVENT TRIGGER guard");
    ends(0, wipe());
  }

  @Test
  void everything_that_a_schema_can_hold_goes() {
    database.executeAsOwner(
        """
        CREATE TABLE serial (id serial PRIMARY KEY, one int GENERATED ALWAYS AS IDENTITY);
        CREATE TABLE lines (id int REFERENCES serial, note text);
        CREATE TABLE measures (day date, value int) PARTITION BY RANGE (day);
        CREATE TABLE measures_2024 PARTITION OF measures
          FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (value);
        CREATE TABLE measures_2024_1 PARTITION OF measures_2024 DEFAULT;
        CREATE TABLE child () INHERITS (lines);
        CREATE VIEW seen AS SELECT id FROM serial;
        CREATE MATERIALIZED VIEW kept AS SELECT id FROM seen;
        CREATE SEQUENCE alone;
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TYPE pair AS (a int, b int);
        CREATE TYPE span AS RANGE (subtype = int);
        CREATE DOMAIN small AS int CHECK (VALUE < 10);
        CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
        CREATE FUNCTION of_row(lines) RETURNS int LANGUAGE sql AS 'SELECT 1';
        ALTER TABLE lines ADD COLUMN twice int DEFAULT twice(1), ADD COLUMN m mood;
        CREATE PROCEDURE nothing(INOUT a int) LANGUAGE sql AS 'SELECT 1';
        CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int);
        CREATE AGGREGATE "Mixed Case" (int) (sfunc = int4pl, stype = int);
        CREATE COLLATION plain FROM "C";
        CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
        CREATE STATISTICS measured ON id, one FROM serial;
        CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
        CREATE TEXT SEARCH DICTIONARY dictionary (TEMPLATE = simple);
        CREATE CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER touched BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE RULE nowhere AS ON INSERT TO seen DO INSTEAD NOTHING;
        ALTER TABLE lines ENABLE ROW LEVEL SECURITY;
        CREATE POLICY mine ON lines USING (twice(id) > 0);
        CREATE TABLE "Odd ""name" ("A b" text COLLATE plain);
        """);
    database.execute(
        """
        CREATE OPERATOR FAMILY family USING btree;
        CREATE OPERATOR CLASS upside_down FOR TYPE int4 USING btree AS
          OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <,
          FUNCTION 1 btint4cmp(int4, int4);
        CREATE EXTENSION postgres_fdw SCHEMA pg_catalog;
        CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw;
        CREATE FOREIGN TABLE remote (id int) SERVER far;
        """);
    Program superuser =
        program().with("ConnectionStrings__Gateway", database.connectionStringFor("postgres", ""));

    ends(0, wipe(superuser));

    assertThat(database.tables())
        .containsExactly("public.__EFMigrationsHistory", "public.orders", "public.slipway_journal");
    assertThat(
            database.rows(
                "SELECT pg_describe_object(classid, objid, 0) FROM pg_depend"
                    + " WHERE refobjid = 'public'::regnamespace AND deptype = 'n'"
                    + " AND classid <> 'pg_class'::regclass"))
        .isEmpty();
  }

  /// Whatever keeps the release from being applied afterwards, is found before.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE EXTENSION hstore SCHEMA public;",
        "SELECT 1 / 0;",
        "DO $$ BEGIN CREATE SCHEMA stock; END $$;",
        "CREATE TABLE stock.items (id int);",
        "CREATE INDEX orders_one ON orders (one);"
      })
  void a_release_that_fails_on_the_emptied_schemas_empties_nothing(String sql) {
    database.execute("CREATE EXTENSION hstore SCHEMA public");
    database.executeAsOwner("CREATE SCHEMA stock; CREATE TABLE stock.items (id int);");
    release(NEW, "CREATE TABLE orders (id bigint PRIMARY KEY);");
    release("20240102000000_Next", sql);

    Program.Result refused = ends(7, wipe());

    assertThat(refused.out()).doesNotContain("wiped");
    assertThat(refused.err())
        .contains("migration \"20240102000000_Next\" failed", "rolled back, nothing was changed");
    assertThatNothingWasChanged();
  }

  @Test
  void a_precondition_of_the_changelog_is_asked_before_too() {
    new Folder(path)
        .delete("changelog/" + NEW + ".sql")
        .write(
            "changelog/changelog.yaml",
            """
            databaseChangeLog:
              - preConditions:
                  - sqlCheck:
                      expectedResult: 1
                      sql: SELECT count(*) FROM pg_tables WHERE tablename = 'orders'
              - changeSet:
                  id: 20240101000000_New
                  author: me
                  changes:
                    - sql: CREATE TABLE orders (id bigint)
            """);

    ends(7, wipe());

    assertThatNothingWasChanged();
  }

  @Test
  void a_right_that_is_lacking_afterwards_is_named_before() {
    database.execute("GRANT CREATE, USAGE ON SCHEMA public TO " + database.owner());
    database.execute("ALTER SCHEMA public OWNER TO postgres");
    database.execute("REVOKE CREATE ON SCHEMA public FROM " + database.owner());

    assertThat(ends(3, wipe()).err()).contains("GRANT USAGE, CREATE ON SCHEMA \"public\"");

    assertThatNothingWasChanged();
  }

  @Test
  void an_end_that_there_is_not_empties_nothing() {
    ends(2, wipe(program().with("Slipway__To", "nonsense")));
    ends(
        2,
        program()
            .with("WIPE_DATABASE", "true")
            .with("Slipway__Confirm", database.name())
            .run("migrate", "--to", "0"));

    assertThatNothingWasChanged();
  }

  @Test
  void routines_that_differ_by_modes_alone_go_both() {
    database.executeAsOwner(
        """
        CREATE PROCEDURE p(OUT a int) LANGUAGE sql AS 'SELECT 1';
        CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 1';
        CREATE PROCEDURE q(INOUT a text, OUT b int) LANGUAGE sql AS $$ SELECT 'a', 1 $$;
        CREATE FUNCTION q(a text, b int) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION many(VARIADIC int[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION optional(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';
        """);

    ends(0, wipe());

    assertThat(
            database.rows(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"))
        .isEmpty();
  }

  /// What speaks of a schema does not lie in it.
  @Test
  void what_only_names_the_schema_is_others() {
    database.executeAsOwner(
        """
        CREATE SCHEMA other;
        CREATE TABLE other.t (n regnamespace DEFAULT 'public'::regnamespace);
        CREATE FUNCTION other.f() RETURNS oid RETURN 'public'::regnamespace::oid;
        CREATE DOMAIN place AS regnamespace CHECK (value <> 'public'::regnamespace);
        """);

    ends(0, wipe());

    assertThat(database.rows("SELECT 'other.t'::regclass, 'other.f'::regproc"))
        .containsExactly("other.t|other.f");
  }

  @Test
  void a_cast_between_others_types_is_theirs() {
    database.executeAsOwner(
        """
        CREATE SCHEMA other;
        CREATE TYPE other.a AS (x int);
        CREATE TYPE other.b AS (y int);
        CREATE FUNCTION conv(other.a) RETURNS other.b LANGUAGE sql AS 'SELECT ROW(1)::other.b';
        CREATE CAST (other.a AS other.b) WITH FUNCTION conv(other.a);
        """);

    assertThat(ends(3, wipe()).err()).contains("cast (other.a AS other.b)");

    assertThatNothingWasChanged();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pay$2", "pay$1", "a\nb", "quo\"te'd", "Ümläut", "select"})
  void a_schema_may_be_called_anything(String name) {
    String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
    database.executeAsOwner(
        "CREATE SCHEMA %1$s; CREATE TABLE %1$s.ledger AS SELECT 1 AS id".formatted(quoted));
    release(
        NEW,
        "CREATE SCHEMA IF NOT EXISTS %1$s; CREATE TABLE %1$s.ledger (id int);".formatted(quoted));

    assertThat(ends(1, program().run("resync", "--check")).out()).contains("ledger");
    assertThat(ends(0, wipe()).out()).startsWith("wiped    4 objects");

    assertThat(database.rows("SELECT count(*) FROM " + quoted + ".ledger")).containsExactly("0");
  }

  /// A function that the search path puts before the system's.
  @Test
  void functions_of_the_schema_do_not_get_between() {
    database.executeAsOwner(
        "CREATE FUNCTION chr(int) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$");
    Program program =
        program()
            .with(
                "ConnectionStrings__Gateway",
                database.connectionString(";Search Path=public,pg_catalog"));

    assertThat(ends(1, program.run("resync", "--check")).out()).contains("would lose 4 objects");
    ends(0, wipe(program));
  }

  @Test
  void what_cannot_be_measured_is_listed_all_the_same() {
    try (var _ = new OpenTransaction(database, "LOCK TABLE orders")) {
      assertThat(ends(1, program().run("resync", "--check")).out())
          .contains("table    public.orders", "would lose 3 objects");
    }
  }

  @Test
  void a_database_that_is_missing_is_made() {
    String missing = database.name() + "_missing";
    database.execute("ALTER ROLE " + database.owner() + " CREATEDB");
    Program program =
        program()
            .with(
                "ConnectionStrings__Gateway",
                "Host=localhost;Port=%d;Database=%s;Username=%s"
                    .formatted(database.server().port(), missing, database.owner()))
            .with("Slipway__CreateDatabase", "true")
            .with("Slipway__Confirm", missing)
            .with("WIPE_DATABASE", "true");
    try {
      ends(0, program.run());
    } finally {
      database.server().administer("DROP DATABASE IF EXISTS " + missing);
    }
  }

  @Test
  void an_empty_schema_that_is_made_anew_goes_from_a_clean_database_too() {
    try (var clean = TestDatabase.create()) {
      clean.executeAsOwner("CREATE SCHEMA sales");
      release(NEW, "CREATE SCHEMA sales; CREATE TABLE sales.lines (id int);");

      ends(
          0,
          Program.in(path)
              .with("Gateway", clean)
              .run("resync", "--wipe", "--confirm", clean.name()));

      assertThat(clean.tables()).contains("sales.lines");
    }
  }

  @Test
  void a_clean_database_is_migrated_and_nothing_else() {
    try (var empty = TestDatabase.create()) {
      Program.Result wiped =
          ends(
              0,
              Program.in(path)
                  .with("Gateway", empty)
                  .run("resync", "--wipe", "--confirm", empty.name()));

      assertThat(wiped.out()).startsWith("applied  " + NEW);
    }
  }
}
