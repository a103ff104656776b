package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.PgBouncer;
import dev.slipway.testing.PgBouncer.Mode;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Tool;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Runs behind PgBouncer, whose connections others use before and after.
@Tag("slow")
final class PgBouncerTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String STOPS = "SELECT pg_sleep(60)";

  /// What the next client finds on the connection.
  private static final String LEFT =
      """
      SELECT current_setting('role'), session_user = current_user, current_setting('search_path'),
        current_setting('TimeZone'), current_setting('lock_timeout'), current_setting('geqo'),
        current_setting('statement_timeout'),
        (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'),
        (SELECT string_agg(name, ' ') FROM pg_prepared_statements WHERE from_sql),
        (SELECT count(*) FROM pg_class WHERE relpersistence = 't')""";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();
  private final List<PgBouncer> poolers = new ArrayList<>();

  @AfterEach
  void drop_the_database() {
    poolers.forEach(PgBouncer::close);
    database.close();
  }

  private void write(String id, String sql) {
    new Folder(path).write("changelog/" + id + ".sql", sql);
  }

  private PgBouncer pooler(Mode mode, int size, String more) {
    var pooler = PgBouncer.start(database.server(), mode, List.of(database.owner()), size, more);
    poolers.add(pooler);
    return pooler;
  }

  private Program through(PgBouncer pooler, String more) {
    return Program.in(path)
        .with(
            "ConnectionStrings__Gateway",
            database.connectionString(";Host=127.0.0.1;Port=" + pooler.port() + more));
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  private String askThrough(PgBouncer pooler, String sql) {
    return Tool.run(
        "psql",
        "-h",
        "127.0.0.1",
        "-p",
        Integer.toString(pooler.port()),
        "-U",
        database.owner(),
        "-d",
        database.name(),
        "-XAtqc",
        sql);
  }

  /// All that a migration can leave in a session.
  private void writeDisorderly() {
    write(
        ONE,
        """
        CREATE TABLE one AS
          SELECT current_setting('TimeZone') AS zone, current_user::text AS who,
            current_setting('search_path') AS path, current_setting('geqo') AS geqo;
        SET search_path = pg_catalog;
        SET statement_timeout = '1h';
        SET TIME ZONE 'Asia/Tokyo';
        CREATE TEMP TABLE helper (id int);
        PREPARE question AS SELECT 1;
        SELECT pg_advisory_lock(4242);
        RESET ROLE;
        """);
    write(
        TWO,
        """
        CREATE TABLE two AS
          SELECT current_setting('TimeZone') AS zone, current_user::text AS who,
            current_setting('search_path') AS path, current_setting('geqo') AS geqo;
        """);
  }

  @ParameterizedTest
  @EnumSource
  void each_migration_has_the_settings_and_the_connection_is_left_as_it_was(Mode mode) {
    PgBouncer pooler =
        pooler(mode, 1, "*connect_query='SET lock_timeout TO 12345; PREPARE its AS SELECT 1'");
    String role = database.owner() + "_tables";
    database.execute(
        "CREATE ROLE %1$s; GRANT %1$s TO %2$s; CREATE SCHEMA app AUTHORIZATION %1$s"
            .formatted(role, database.owner()));
    assertThat(askThrough(pooler, LEFT)).contains("12345");
    // Between sessions PgBouncer itself resets the connection, its own setting too.
    String before = askThrough(pooler, LEFT);
    writeDisorderly();

    ends(
        0,
        through(pooler, ";Search Path=app;Timezone=Europe/Vienna;Options=-c geqo=off")
            .with("Slipway__Role", role)
            .run());

    String settings = "Europe/Vienna|" + role + "|app|off";
    assertThat(database.rows("SELECT * FROM app.one")).containsExactly(settings);
    assertThat(database.rows("SELECT * FROM app.two")).containsExactly(settings);
    assertThat(database.rows("SELECT \"MigrationId\" FROM app.\"__EFMigrationsHistory\""))
        .containsExactly(ONE, TWO);
    assertThat(askThrough(pooler, LEFT)).isEqualTo(before);
    assertThat(
            ends(0, through(pooler, ";Search Path=app").with("Slipway__Role", role).run("status"))
                .out())
        .contains("up-to-date");
    database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
  }

  @ParameterizedTest
  @EnumSource
  void a_search_path_that_the_pooler_drops_is_in_force_all_the_same(Mode mode) {
    PgBouncer pooler = pooler(mode, 2, "ignore_startup_parameters = search_path, options");
    database.executeAsOwner("CREATE SCHEMA app");
    writeDisorderly();

    ends(0, through(pooler, ";Search Path=app;Options=-c geqo=off").run());

    assertThat(database.rows("SELECT path, geqo FROM app.two")).containsExactly("app|off");
  }

  @ParameterizedTest
  @EnumSource
  void the_progress_of_a_resync_is_told_and_leaves_nothing_on_the_connection(Mode mode) {
    PgBouncer pooler = pooler(mode, 1, "");
    database.executeAsOwner("CREATE SCHEMA app");
    write(ONE, "CREATE TABLE one AS SELECT 3 AS n;");
    new Folder(path)
        .write("changelog/slipway.yaml", "resync-progress: {query: TABLE one, target: 10}");
    Program program = through(pooler, ";Search Path=app");
    ends(0, program.run());
    String before = askThrough(pooler, LEFT);

    Program.Result first = ends(0, program.run("status"));
    database.execute("UPDATE app.one SET n = 4");
    Program.Result second = ends(0, program.run("status"));
    new Folder(path)
        .write("changelog/slipway.yaml", "resync-progress: {query: SELECT 1 / 0, target: 10}");
    Program.Result failed = ends(0, program.run("status"));

    assertThat(first.out()).endsWith("\nresync    3 of 10 (30 %)\n");
    assertThat(second.out()).contains("\nresync    4 of 10 (40 %), ", " per second since ");
    assertThat(failed.err()).contains("failed: division by zero");
    assertThat(askThrough(pooler, LEFT)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void of_five_at_once_one_applies_each_migration(Mode mode) {
    PgBouncer pooler = pooler(mode, 3, "");
    for (int i = 1; i < 9; i++) {
      write("2024010" + i + "000000_M", "CREATE TABLE t" + i + " (id int);");
    }

    List<CompletableFuture<Program.Result>> runs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      runs.add(CompletableFuture.supplyAsync(() -> through(pooler, "").run()));
    }

    runs.forEach(run -> ends(0, run.join()));
    assertThat(database.history()).hasSize(8);
    assertThat(database.rows("SELECT count(*) FROM slipway_journal")).containsExactly("8");
  }

  @ParameterizedTest
  @EnumSource
  void a_migration_without_a_transaction_goes_the_direct_way_only(Mode mode) {
    PgBouncer pooler = pooler(mode, 2, "");
    write(ONE, "CREATE TABLE one (id int);");
    write(TWO, "-- slipway: no-transaction\nCREATE INDEX CONCURRENTLY one_id ON one (id);");

    assertThat(ends(3, through(pooler, "").run()).err())
        .contains("migration \"" + TWO + "\" cannot run behind a pooler");
    assertThat(database.tables()).isEmpty();

    ends(
        0,
        through(pooler, "")
            .with("ConnectionStrings__Gateway__Direct", database.connectionString(""))
            .run());
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @ParameterizedTest
  @EnumSource
  void a_database_is_emptied_the_direct_way_only(Mode mode) {
    PgBouncer pooler = pooler(mode, 2, "");
    write(ONE, "-- slipway: needs-clean-database\nCREATE TABLE one (id int);");
    database.executeAsOwner("CREATE TABLE old (id int)");
    assertThat(ends(6, through(pooler, "").run()).err()).contains("There is 1 table: public.old.");
    String[] wipe = {"resync", "--wipe", "--confirm", database.name(), "--terminate"};

    assertThat(ends(3, through(pooler, "").run(wipe)).err())
        .contains("cannot be emptied behind a pooler", "ConnectionStrings__X__Direct");
    assertThat(database.tables()).containsExactly("public.old");

    ends(
        0,
        through(pooler, "")
            .with("ConnectionStrings__Gateway__Direct", database.connectionString(""))
            .run(wipe));
    assertThat(database.tables()).contains("public.one").doesNotContain("public.old");
  }

  @ParameterizedTest
  @EnumSource
  void a_killed_run_leaves_nothing(Mode mode) throws InterruptedException {
    PgBouncer pooler = pooler(mode, 1, "");
    write(ONE, "CREATE TABLE one (id int);\n" + STOPS + ";");
    Process process = through(pooler, "").start();
    Until.running(database, STOPS);

    assertThat(process.destroyForcibly().waitFor()).isEqualTo(137);
    Until.row(
        database,
        "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            + " AND query LIKE '"
            + STOPS
            + "%')");
    assertThat(database.history()).isEmpty();
    write(ONE, "CREATE TABLE one (id int);");

    ends(0, through(pooler, "").run());
    assertThat(database.history()).containsExactly(ONE);
  }

  @ParameterizedTest
  @EnumSource
  void a_signal_cancels_through_the_pooler(Mode mode) throws InterruptedException {
    PgBouncer pooler = pooler(mode, 1, "");
    write(ONE, "CREATE TABLE one (id int);\n" + STOPS + ";");
    Process process = through(pooler, "").start();
    Until.running(database, STOPS);

    process.toHandle().destroy();

    assertThat(ends(143, Program.finish(process)).err()).contains("rolled back");
    assertThat(database.history()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_migration_that_fails_leaves_nothing(Mode mode) {
    PgBouncer pooler = pooler(mode, 1, "");
    write(
        ONE,
        """
        PREPARE question AS SELECT 1;
        SELECT pg_advisory_lock(4242);
        SET TIME ZONE 'Asia/Tokyo';
        SELECT 1 / 0;
        """);
    String before = askThrough(pooler, LEFT);

    ends(7, through(pooler, "").run());

    assertThat(askThrough(pooler, LEFT)).isEqualTo(before);
  }

  /// Both go on behind what was rolled back.
  @ParameterizedTest
  @EnumSource
  void what_fails_without_harm_or_is_passed_over_leaves_nothing(Mode mode) {
    PgBouncer pooler = pooler(mode, 1, "");
    new Folder(path)
        .write(
            "changelog/changelog.sql",
            """
            --liquibase formatted sql

            --changeset a:1 failOnError:false
            PREPARE question AS SELECT 1;
            SET TIME ZONE 'Asia/Tokyo';
            CREATE TABLE one (id int);
            SELECT 1 / 0;

            --changeset a:2
            --preconditions onFail:CONTINUE
            --precondition-sql-check expectedResult:1 SELECT 0
            CREATE TABLE two (id int);

            --changeset a:3
            CREATE TABLE three AS SELECT current_setting('TimeZone') AS zone;
            """);
    String before = askThrough(pooler, LEFT);

    ends(0, through(pooler, ";Timezone=Europe/Vienna").run());

    assertThat(database.rows("SELECT zone FROM three")).containsExactly("Europe/Vienna");
    assertThat(database.tables()).doesNotContain("public.one", "public.two");
    assertThat(askThrough(pooler, LEFT)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void a_baseline_leaves_the_connection_as_it_was_too(Mode mode) {
    PgBouncer pooler = pooler(mode, 1, "");
    database.executeAsOwner("CREATE SCHEMA app; CREATE TABLE app.one (id int)");
    write(ONE, "CREATE TABLE one (id int);");
    String before = askThrough(pooler, LEFT);

    ends(0, through(pooler, ";Search Path=app").run("baseline", ONE));

    assertThat(askThrough(pooler, LEFT)).isEqualTo(before);
    assertThat(database.rows("SELECT \"MigrationId\" FROM app.\"__EFMigrationsHistory\""))
        .containsExactly(ONE);
  }
}
