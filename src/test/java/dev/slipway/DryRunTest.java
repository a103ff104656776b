package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.Condition;
import dev.slipway.migration.Conduct;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Precondition.Otherwise;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import dev.slipway.testing.Catalog;
import dev.slipway.testing.EfGolden;
import dev.slipway.testing.Folder;
import dev.slipway.testing.GreetingProxy;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.State;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Until;
import dev.slipway.testing.WrittenChangelog;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `migrate --dry-run=execute`: what is due is tried, and rolled back.
@Tag("slow")
final class DryRunTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String THREE = "20240103000000_Three";
  private static final String FOUR = "20240104000000_Four";
  private static final String UNCHANGED = "  state   rolled back, nothing was changed\n";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void apply_a_first_migration() {
    write(
        ONE,
        """
        CREATE TABLE orders (id int PRIMARY KEY, total int, note text);
        CREATE TABLE customers (id int PRIMARY KEY);
        CREATE TABLE lines (id int);
        CREATE VIEW totals AS SELECT total FROM orders;
        INSERT INTO orders VALUES (1, 2, 'x');
        """);
    ends(0, program().run());
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private DryRunTest write(String id, String sql) {
    new Folder(path).write("changelog/" + id + ".sql", sql);
    return this;
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  /// Tries what is due; nothing may be left of it, whatever comes of it.
  private Program.Result tried(int code, String... more) {
    State before = State.of(database, "public");
    String[] arguments = new String[more.length + 2];
    arguments[0] = "migrate";
    arguments[1] = "--dry-run=execute";
    System.arraycopy(more, 0, arguments, 2, more.length);

    Program.Result result = ends(code, program().run(arguments));

    assertThat(State.of(database, "public")).isEqualTo(before);
    return result;
  }

  /// What it printed, without the times.
  private static String timeless(Program.Result result) {
    return result.out().replaceAll("\\d+ ms", "N ms").replaceAll("(seconds\":)\\d+", "$1N");
  }

  @Test
  void locks_and_rewritten_tables_are_told_the_gravest_first() {
    write(TWO, "ALTER TABLE lines ALTER COLUMN id TYPE bigint; SELECT FROM orders;");
    write(THREE, "ALTER TABLE orders ADD COLUMN paid bool; LOCK TABLE lines IN SHARE MODE;");

    assertThat(timeless(tried(0)))
        .isEqualTo(
            """
            would apply  20240102000000_Two  N ms
              rewrites "lines"
              locks "lines" ACCESS EXCLUSIVE
              locks "orders" ACCESS SHARE
              locks "orders_pkey" ACCESS SHARE
            would apply  20240103000000_Three  N ms
              locks "orders" ACCESS EXCLUSIVE
            Gateway: 2 would be applied, nothing was changed
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE orders ALTER COLUMN total TYPE bigint",
        "TRUNCATE orders",
        "CLUSTER orders USING orders_pkey",
        "ALTER TABLE orders ADD COLUMN at timestamptz DEFAULT clock_timestamp()",
        "ALTER TABLE orders SET UNLOGGED"
      })
  void a_table_that_gets_a_new_file_is_rewritten(String sql) {
    write(TWO, "DROP VIEW totals;\n" + sql);

    assertThat(tried(0).out()).contains("\n  rewrites \"orders\"\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE orders ADD COLUMN at int DEFAULT 7",
        "ALTER TABLE orders ALTER COLUMN note TYPE varchar",
        "REINDEX TABLE orders",
        "DROP TABLE orders CASCADE",
        "ALTER TABLE orders RENAME TO other"
      })
  void a_table_that_keeps_its_file_is_not(String sql) {
    write(TWO, sql);

    assertThat(tried(0).out())
        .doesNotContain("rewrites")
        .contains("\n  locks \"orders\" ")
        .doesNotContain("other");
  }

  @Test
  void what_is_made_in_the_transaction_is_nobodys_business() {
    write(TWO, "CREATE TABLE fresh (id int PRIMARY KEY); CREATE INDEX named ON fresh (id);");
    write(THREE, "ALTER TABLE fresh ALTER COLUMN id TYPE bigint;");

    assertThat(timeless(tried(0)))
        .isEqualTo(
            """
            would apply  20240102000000_Two  N ms
            would apply  20240103000000_Three  N ms
            Gateway: 2 would be applied, nothing was changed
            """);
  }

  @Test
  void a_table_outside_of_the_search_path_has_its_schema_in_front() {
    database.executeAsOwner("CREATE SCHEMA \"Far\"; CREATE TABLE \"Far\".\"T\" (id int)");
    write(TWO, "ALTER TABLE \"Far\".\"T\" ALTER COLUMN id TYPE bigint;");

    assertThat(tried(0).out())
        .contains("\n  rewrites \"Far\".\"T\"\n  locks \"Far\".\"T\" ACCESS EXCLUSIVE\n");
    assertThat(tried(0, "--json").out()).contains("\"rewritten\":[\"Far.T\"]");
  }

  @Test
  void the_time_is_that_of_the_migration() {
    write(TWO, "SELECT pg_sleep(0.4);");
    write(THREE, "SELECT 1;");

    String out = tried(0).out();

    assertThat(out.lines().filter(line -> line.contains("Two")).findFirst())
        .hasValueSatisfying(line -> assertThat(line).matches("would apply  .*  [4-9]\\d\\d ms"));
    assertThat(out).containsPattern("Three  \\d{1,2} ms");
  }

  @Test
  void json_has_it_beside_what_would_be_applied() {
    write(TWO, "DROP VIEW totals; ALTER TABLE orders ALTER COLUMN total TYPE bigint;");
    write(THREE, "-- slipway: no-transaction\nCREATE INDEX CONCURRENTLY note ON orders (note);");

    assertThat(timeless(tried(0, "--json")))
        .contains("\"would_apply\":[\"" + TWO + "\",\"" + THREE + "\"]")
        .contains("\"tried\":[{\"id\":\"" + TWO + "\",\"milliseconds\":N,\"locks\":[")
        .contains("{\"table\":\"orders\",\"mode\":\"ACCESS EXCLUSIVE\"}")
        .contains("\"rewritten\":[\"orders\"]}],\"left_out\":[\"" + THREE + "\"]");
  }

  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void nothing_is_left_in_an_empty_database(ServerVersion version) {
    try (var empty = TestDatabase.on(version.server())) {
      Program.Result result =
          ends(0, Program.in(path).with("Gateway", empty).run("migrate", "--dry-run=execute"));

      assertThat(timeless(result))
          .isEqualTo(
              """
              would apply  20240101000000_One  N ms
              Gateway: 1 would be applied, nothing was changed
              """);
      assertThat(result.err()).isEmpty();
      assertThat(empty.tables()).isEmpty();
    }
  }

  @Test
  void a_setting_says_the_same_as_the_option() {
    write(TWO, "ALTER TABLE orders ADD COLUMN paid bool;");

    Program.Result result = ends(0, program().with("Slipway__DryRun", "Execute").run());

    assertThat(result.out()).contains("locks \"orders\" ACCESS EXCLUSIVE");
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void where_nothing_is_due_there_is_nothing_to_try() {
    assertThat(tried(0).out()).isEqualTo("Gateway: 0 would be applied, nothing was changed\n");
    assertThat(tried(0, "--json").out()).contains("\"tried\":[],\"left_out\":[]");
  }

  @Test
  void what_runs_without_a_transaction_is_named_and_left_out() {
    write(TWO, "-- slipway: no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY n ON orders (note);");
    write(THREE, "ALTER TABLE orders ADD UNIQUE USING INDEX n;");
    write(FOUR, "CREATE TABLE four (id int);");

    assertThat(timeless(tried(0)))
        .isEqualTo(
            """
            would apply  20240104000000_Four  N ms
            left out     20240102000000_Two  it runs without a transaction
            left out     20240103000000_Three  it failed, it may be for want of what was left out \
            before: migration "20240103000000_Three" failed: index "n" does not exist
            Gateway: 1 would be applied, 2 left out, nothing was changed
            """);
  }

  @Test
  void what_fails_for_another_reason_behind_it_is_a_failure() {
    write(TWO, "-- slipway: no-transaction\nVACUUM;");
    write(THREE, "SELECT 1/0;");

    assertThat(tried(7).err()).contains("division by zero").contains(UNCHANGED);
  }

  @Test
  void a_new_value_of_an_enum_is_left_out_where_it_is_used() {
    database.executeAsOwner("CREATE TYPE mood AS ENUM ('sad')");
    write(TWO, "ALTER TYPE mood ADD VALUE 'glad';");
    write(THREE, "CREATE TABLE three AS SELECT 'glad'::mood AS mood;");
    write(FOUR, "ALTER TABLE orders ADD COLUMN paid bool;");

    Program.Result result = tried(0);

    assertThat(result.out())
        .contains("would apply  " + TWO, "would apply  " + FOUR)
        .contains("left out     " + THREE + "  it uses the value of an enum that is added in");
    ends(0, program().run());
  }

  @Test
  void what_one_transaction_cannot_hold_is_left_out() throws IOException {
    for (int i = 10; i < 35; i++) {
      new Folder(path)
          .write(
              "many/202401" + i + "000000_M.sql",
              """
              DO $$ BEGIN
                FOR i IN 1..200 LOOP EXECUTE format('CREATE TABLE t_%d_%%s (id int)', i); END LOOP;
              END $$;
              """
                  .formatted(i));
    }
    try (EmbeddedPostgres small =
            TestServer.builder("newest")
                .setServerConfig("max_connections", "10")
                .setServerConfig("max_locks_per_transaction", "12")
                .start();
        var empty = TestDatabase.on(TestServer.at(small.getPort()))) {
      Program program = Program.in(path).with("Gateway", empty);

      Program.Result result =
          ends(0, program.run("migrate", "--changelog", "many", "--dry-run=execute"));

      assertThat(result.out())
          .contains("would apply  20240110000000_M")
          .contains("_M  the server has no room for it beside what the transaction holds already");
      assertThat(empty.tables()).isEmpty();
      ends(0, program.run("migrate", "--changelog", "many"));
    }
  }

  @Test
  void a_failure_is_told_as_a_run_tells_it() {
    write(TWO, "ALTER TABLE orders ADD COLUMN paid bool;");
    write(THREE, "CREATE TABLE three (id int);\nSELECT none FROM orders;");
    write(FOUR, "CREATE TABLE four (id int);");

    Program.Result result = tried(7);

    assertThat(timeless(result))
        .isEqualTo(
            """
            would apply  20240102000000_Two  N ms
              locks "orders" ACCESS EXCLUSIVE
            Gateway: failed, 1 would be applied, 1 left out, nothing was changed
            """);
    assertThat(result.err())
        .contains("error: Gateway: migration \"" + THREE + "\" failed: column \"none\" does not")
        .contains(THREE + ".sql:2, statement 2 of 2 (SELECT), SQLSTATE 42703")
        .contains(UNCHANGED)
        .containsPattern("  next    Mend .*" + THREE + ".sql and try again\\.\n");
    assertThat(tried(7, "--json").out())
        .contains("\"left_out\":[\"" + FOUR + "\"],\"error\":{\"kind\":\"failed\"")
        .contains("\"state\":\"rolled back, nothing was changed\"");
  }

  @Test
  void a_deferred_constraint_is_checked_at_the_end_of_its_migration() {
    write(
        TWO,
        """
        ALTER TABLE lines ADD FOREIGN KEY (id) REFERENCES orders DEFERRABLE INITIALLY DEFERRED;
        INSERT INTO lines VALUES (9);
        """);

    assertThat(tried(7).err()).contains("when it was recorded and committed, SQLSTATE 23503");
  }

  @Test
  void a_deferred_constraint_stays_deferred_for_later_migrations() {
    String key = "ALTER TABLE %s ADD FOREIGN KEY (id) REFERENCES %s INITIALLY DEFERRED;\n";
    String early = "INSERT INTO %1$s VALUES (%2$d); INSERT INTO %3$s (id) VALUES (%2$d);\n";
    write(TWO, key.formatted("lines", "orders") + early.formatted("lines", 7, "orders"));
    write(THREE, early.formatted("lines", 8, "orders"));
    write(FOUR, "DELETE FROM lines;\n" + key.formatted("lines", "customers"));
    write("20240105000000_Five", early.formatted("lines", 9, "customers").replace(";", ";\n"));

    Program.Result result = tried(7);

    // The last one leaves a line without its order, which is seen only when it ends.
    assertThat(result.out()).contains("would apply  " + FOUR);
    assertThat(result.err()).contains("_Five", "when it was recorded and committed");
  }

  @Test
  void a_migration_that_commits_by_itself_fails() {
    write(TWO, "DO $$ BEGIN CREATE TABLE two (id int); COMMIT; END $$;");

    assertThat(tried(7).err()).contains("invalid transaction termination").contains(UNCHANGED);
  }

  @Test
  void it_ends_where_it_is_told_to() {
    write(TWO, "SELECT 1;");
    write(THREE, "SELECT 1/0;");

    assertThat(tried(0, "--to", "Two").out()).contains("Gateway: 1 would be applied");
  }

  @Test
  void what_a_migration_leaves_in_the_session_is_not_seen_by_the_next() {
    write(
        TWO,
        """
        SET search_path = ''; CREATE TEMPORARY TABLE t (id int); PREPARE p AS SELECT 1;
        """);
    write(THREE, "CREATE TEMPORARY TABLE t (id int); PREPARE p AS SELECT 1; TABLE orders;");

    tried(0);
  }

  @Test
  void a_missing_schema_is_made_and_goes_with_the_rest() {
    String connection = database.connectionString(";Search Path=app");
    Program program = Program.in(path).with("ConnectionStrings__Gateway", connection);
    String before = Catalog.schema(database);

    ends(3, program.run("migrate", "--dry-run=execute"));
    Program.Result result = ends(0, program.run("migrate", "--dry-run=execute", "--create-schema"));

    assertThat(result.out()).contains("would apply  " + ONE);
    assertThat(Catalog.schema(database)).isEqualTo(before);
  }

  @Test
  void in_a_database_that_is_still_to_be_made_nothing_can_be_tried() {
    String missing = database.connectionString(";Database=" + database.name() + "_missing");
    Program program = Program.in(path).with("ConnectionStrings__Gateway", missing);

    Program.Result result =
        ends(3, program.run("migrate", "--dry-run=execute", "--create-database"));

    assertThat(result.err())
        .contains("cannot try migrations in database \"" + database.name() + "_missing\"")
        .contains("slipway migrate --dry-run --create-database");
    ends(0, program.run("migrate", "--dry-run", "--create-database"));
  }

  @Test
  void a_script_of_efs_is_tried() throws IOException {
    var golden = new EfGolden("cargo-b", "ef10");
    new Folder(path).write("ef/cargo.sql", golden.text("idempotent"));
    try (var empty = TestDatabase.create()) {
      Program program = Program.in(path).with("Cargo", empty);

      Program.Result result =
          ends(0, program.run("migrate", "--changelog", "ef", "--dry-run=execute"));

      for (String id : golden.ids()) {
        assertThat(result.out()).contains("  " + id + "  ");
      }
      assertThat(empty.tables()).isEmpty();
      assertThat(empty.rows("SELECT nspname FROM pg_namespace WHERE nspname = 'ops'")).isEmpty();
    }
  }

  @Test
  void a_changelog_of_liquibases_is_tried() {
    new Folder(path)
        .write(
            "lb/changelog.xml",
            """
            <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
              <changeSet id="1" author="ann"><sql>CREATE TABLE one (id int)</sql></changeSet>
              <changeSet id="2" author="ann">
                <preConditions onFail="MARK_RAN"><tableExists tableName="none"/></preConditions>
                <sql>SELECT 1/0</sql>
              </changeSet>
              <changeSet id="3" author="ann" failOnError="false"><sql>SELECT 1/0</sql></changeSet>
              <changeSet id="4" author="ann">
                <preConditions><tableExists tableName="one"/></preConditions>
                <addColumn tableName="one"><column name="note" type="text"/></addColumn>
              </changeSet>
            </databaseChangeLog>
            """);
    try (var empty = TestDatabase.create()) {
      Program program = Program.in(path).with("Gateway", empty);

      Program.Result result =
          ends(0, program.run("migrate", "--changelog", "lb", "--dry-run=execute"));

      assertThat(timeless(result))
          .isEqualTo(
              """
              would apply  1  N ms
              would apply  4  N ms
              Gateway: 2 would be applied, nothing was changed
              """);
      assertThat(result.err())
          .contains("notice: Gateway: 2 would be recorded without being run: its precondition")
          .contains("warning: Gateway: migration \"3\" failed: division by zero");
      assertThat(empty.tables()).isEmpty();
    }
  }

  @Test
  void preconditions_see_what_the_migrations_before_did() {
    try (var empty = TestDatabase.create()) {
      var program = new WrittenProgram(path.resolve("written"), empty);
      WrittenChangelog changelog = program.changelog();
      var made = new Condition.Holds("to_regclass('made') IS NOT NULL", "made is there");
      var not = new Condition.Not(made);
      changelog.add("1", "CREATE TABLE made (id int)");
      add(changelog, "2", Otherwise.HALT, made);
      add(changelog, "3", Otherwise.CONTINUE, not);
      add(changelog, "4", Otherwise.WARN, not);
      add(
          changelog,
          "5",
          Otherwise.HALT,
          new Condition.Not(new Condition.Recorded(new MigrationId("3"))));
      add(changelog, "6", Otherwise.HALT, not);

      Program.Result result = ends(7, program.run(changelog, "migrate", "--dry-run=execute"));

      assertThat(timeless(result))
          .isEqualTo(
              """
              would apply  1  N ms
              would apply  2  N ms
              would apply  4  N ms
              would apply  5  N ms
              Gateway: failed, 4 would be applied, nothing was changed
              """);
      assertThat(result.err())
          .contains("notice: Gateway: 3 was passed over: its precondition does not hold")
          .contains("warning: Gateway: 4 is applied although its precondition does not hold")
          .contains("the precondition of migration \"6\" does not hold")
          .contains(UNCHANGED);
      assertThat(empty.tables()).isEmpty();
    }
  }

  private static void add(
      WrittenChangelog changelog, String id, Otherwise otherwise, Condition condition) {
    changelog.add(
        id, Conduct.PLAIN, Optional.of(changelog.precondition(otherwise, condition)), "SELECT 1");
  }

  @Test
  void each_of_several_databases_is_tried() {
    new Folder(path)
        .write("all/gateway/" + ONE + ".sql", "SELECT 1;")
        .write("all/gateway/" + TWO + ".sql", "CREATE TABLE two (id int);")
        .write("all/other/" + ONE + ".sql", "SELECT 1/0;");
    try (var gateway = TestDatabase.create();
        var other = TestDatabase.create()) {
      Program program = Program.in(path).with("Gateway", gateway).with("Other", other);

      Program.Result result =
          ends(
              7,
              program.run("migrate", "--changelog", "all", "--dry-run=execute", "--parallel", "2"));

      assertThat(result.out())
          .contains("Gateway: 2 would be applied, nothing was changed\n")
          .contains("Other: failed, 0 would be applied, nothing was changed\n");
      assertThat(gateway.tables()).isEmpty();
      assertThat(other.tables()).isEmpty();
    }
  }

  @Test
  void without_a_history_it_is_tried_again_too() throws Exception {
    try (var other = TestDatabase.create()) {
      other.executeAsOwner("CREATE TABLE busy (id int)");
      new Folder(path).write("other/changelog/" + ONE + ".sql", "ALTER TABLE busy ADD x int;");
      Process process;
      try (var _ = new OpenTransaction(other, "SELECT FROM busy")) {
        process =
            Program.in(path.resolve("other"))
                .with("Gateway", other)
                .start("migrate", "--dry-run=execute", "--lock-timeout", "300ms");
        String line = process.errorReader(StandardCharsets.UTF_8).readLine();
        while (line != null && !line.contains("trying")) {
          line = process.errorReader(StandardCharsets.UTF_8).readLine();
        }
        assertThat(line).isNotNull();
      }

      assertThat(process.waitFor()).isZero();
      assertThat(other.tables()).containsExactly("public.busy");
    }
  }

  @Test
  void it_is_one_transaction_also_behind_a_pooler() {
    write(TWO, "ALTER TABLE orders ADD COLUMN paid bool;");
    write(THREE, "ALTER TABLE orders DROP COLUMN paid;");
    try (var pooler = GreetingProxy.withAnotherPid(database.server().port())) {
      String connection = database.connectionString(";Host=127.0.0.1;Port=" + pooler.port());
      Program program = Program.in(path).with("ConnectionStrings__Gateway", connection);

      assertThat(ends(0, program.run("migrate", "--dry-run=execute")).out())
          .contains("locks \"orders\" ACCESS EXCLUSIVE")
          .contains("Gateway: 2 would be applied");
      assertThat(database.history()).containsExactly(ONE);
    }
  }

  @Test
  void another_value_is_a_mistake_that_names_the_two() {
    for (String value : List.of("none", "exekute", "1")) {
      assertThat(ends(2, program().run("migrate", "--dry-run=" + value)).err())
          .contains("error: --dry-run is plan or execute, and nothing else\n");
      assertThat(ends(3, program().with("Slipway__DryRun", value).run()).err())
          .contains("\"Slipway:DryRun\" cannot be \"" + value + "\"")
          .contains("Write plan, which true means too, or execute");
    }
    ends(2, program().run("migrate", "--dry-run="));
  }

  @Test
  void without_a_value_what_follows_is_the_migration() {
    write(TWO, "CREATE TABLE two (id int);");
    write(THREE, "CREATE TABLE three (id int);");

    for (String option : List.of("--dry-run", "--dry-run=plan")) {
      assertThat(ends(0, program().run("migrate", option, "Two")).out())
          .isEqualTo(
              "would apply  " + TWO + "\nGateway: 1 would be applied, nothing was changed\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"repair --resume", "baseline head"})
  void commands_that_run_no_migration_try_none(String command) {
    String[] words = command.split(" ", -1);
    String message = words[0] + " cannot be tried";

    assertThat(ends(2, program().run(words[0], words[1], "--dry-run=execute")).err())
        .contains("error: " + message + "\n");
    assertThat(ends(2, program().with("Slipway__DryRun", "execute").run(words)).err())
        .contains("error: " + message + "\n");
  }

  private static void terminate(Process process) throws IOException, InterruptedException {
    new ProcessBuilder(List.of("kill", "-TERM", Long.toString(process.pid()))).start().waitFor();
  }

  @Test
  void a_signal_rolls_it_back() throws Exception {
    write(TWO, "ALTER TABLE orders ADD COLUMN paid bool;");
    write(THREE, "SELECT pg_sleep(600);");
    Process process = program().start("migrate", "--dry-run=execute");
    Until.running(database, "SELECT pg_sleep(600)%");
    long begin = System.nanoTime();

    terminate(process);

    Program.Result result = ends(143, Program.finish(process));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    assertThat(result.err()).contains("error: Gateway: stopped by a signal\n").contains(UNCHANGED);
    Until.alone(database);
    assertThat(Catalog.schema(database)).doesNotContain("paid");
  }

  /// Reads what the program tells until a line has this in it.
  private static void told(Process process, String what) throws IOException {
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    String line = err.readLine();
    while (line != null && !line.contains(what)) {
      line = err.readLine();
    }
    assertThat(line).as("told: " + what).isNotNull();
  }

  @Test
  void it_waits_for_a_run_and_a_run_waits_for_it() throws Exception {
    write(TWO, "SELECT pg_sleep(600);");
    Process process = program().start("migrate", "--dry-run=execute");
    Until.running(database, "SELECT pg_sleep(600)%");

    assertThat(ends(5, program().run("--run-lock-wait", "200ms")).err()).contains("held by pid");

    terminate(process);
    Program.finish(process);
    Process run = program().start();
    Until.running(database, "SELECT pg_sleep(600)%");
    Program.Result result = program().run("migrate", "--dry-run=execute", "--run-lock-wait", "1s");
    assertThat(ends(5, result).err()).contains("waiting for the migration lock: pid");
    terminate(run);
    Program.finish(run);
  }

  /// They queue behind what waits, and behind what it holds.
  @Test
  void others_are_held_up_no_longer_than_lock_timeout() throws Exception {
    write(TWO, "ALTER TABLE lines ADD COLUMN name text; ALTER TABLE orders ADD COLUMN a text;");
    long longest = 0;
    Process process;
    try (var _ = new OpenTransaction(database, "SELECT FROM orders")) {
      process = program().start("migrate", "--dry-run=execute", "--lock-timeout", "500ms");
      told(process, "trying " + TWO + " again");
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        for (int i = 0; i < 20; i++) {
          long begin = System.nanoTime();
          statement.execute("SELECT FROM orders; SELECT FROM lines; SELECT pg_sleep(0.1)");
          longest = Math.max(longest, System.nanoTime() - begin);
        }
      }
    }
    Program.Result result = ends(0, Program.finish(process));

    assertThat(result.out()).contains("would apply  " + TWO);
    assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofMillis(1600));
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void it_gives_up_its_locks_before_it_tries_again() throws Exception {
    write(TWO, "ALTER TABLE lines ADD COLUMN name text;");
    write(THREE, "ALTER TABLE orders ADD COLUMN name text;");
    try (var _ = new OpenTransaction(database, "SELECT FROM orders")) {
      Program.Result result =
          tried(5, "--lock-timeout", "100ms", "--lock-wait", "1s", "--stop-on-error");

      assertThat(result.err())
          .contains("Gateway: trying " + THREE + " again: canceling statement due to lock timeout")
          .contains(UNCHANGED);
      assertThat(result.out()).containsOnlyOnce("would apply  " + TWO);
    }
  }

  @Test
  void a_migration_that_may_fail_does_not_stop_it() {
    try (var empty = TestDatabase.create()) {
      var program = new WrittenProgram(path.resolve("written"), empty);
      WrittenChangelog changelog = program.changelog();
      var mayFail = new Conduct(TransactionMode.ONE, Rerun.NEVER, Conduct.OnFailure.GO_ON);
      changelog.add("1", mayFail, Optional.empty(), "CREATE TABLE one (id int); SELECT 1/0");
      changelog.add("2", "CREATE TABLE one (id int)");

      Program.Result result = ends(0, program.run(changelog, "migrate", "--dry-run=execute"));

      assertThat(result.out()).contains("Gateway: 1 would be applied, nothing was changed");
      assertThat(result.err()).contains("warning: Gateway: migration \"1\" failed: division by");
    }
  }
}
