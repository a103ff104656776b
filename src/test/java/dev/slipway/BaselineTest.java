package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases that were migrated by other means, and are adopted.
@Tag("slow")
final class BaselineTest {
  private static final String ONE = "20240101000000_CreateUsers";
  private static final String TWO = "20240102000000_AddOrders";
  private static final String THREE = "20240103000000_AddPrices";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    folder =
        new Folder(path)
            .write("changelog/" + ONE + ".sql", "CREATE TABLE users (id int);")
            .write("changelog/" + TWO + ".sql", "CREATE TABLE orders (id int);")
            .write("changelog/" + THREE + ".sql", "ALTER TABLE orders ADD COLUMN price int;");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Shop", database);
  }

  private void holdsTheFirstTwo() {
    database.executeAsOwner("CREATE TABLE users (id int); CREATE TABLE orders (id int)");
  }

  private void migratedByFlyway(String version, String description) {
    holdsTheFirstTwo();
    database.executeAsOwner(
        """
        CREATE TABLE "flyway_schema_history" (
            "installed_rank" INT NOT NULL,
            "version" VARCHAR(50),
            "description" VARCHAR(200) NOT NULL,
            "type" VARCHAR(20) NOT NULL,
            "script" VARCHAR(1000) NOT NULL,
            "checksum" INTEGER,
            "installed_by" VARCHAR(100) NOT NULL,
            "installed_on" TIMESTAMP NOT NULL DEFAULT now(),
            "execution_time" INTEGER NOT NULL,
            "success" BOOLEAN NOT NULL
        );
        ALTER TABLE "flyway_schema_history"
            ADD CONSTRAINT "flyway_schema_history_pk" PRIMARY KEY ("installed_rank");
        CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success");
        INSERT INTO flyway_schema_history VALUES
          (1, '20231231000000', 'before', 'SQL', 'V1.sql', 1, 'shop', now(), 5, true),
          (2, '%s', '%s', 'SQL', 'V2.sql', -2, 'shop', now(), 5, true),
          (3, NULL, 'views', 'SQL', 'R__views.sql', 3, 'shop', now(), 5, true),
          (4, '20990101000000', 'broken', 'SQL', 'V9.sql', 4, 'shop', now(), 5, false)"""
            .formatted(version, description));
  }

  private void migratedByAlembic(String revision) {
    database.executeAsOwner(
        """
        CREATE TABLE alembic_version (
            version_num VARCHAR(32) NOT NULL,
            CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
        );
        INSERT INTO alembic_version (version_num) VALUES ('%s')"""
            .formatted(revision));
  }

  @Test
  void the_migration_and_all_before_it_are_recorded_and_none_is_run() {
    holdsTheFirstTwo();

    Program.Result result = program().run("baseline", TWO);

    assertThat(result.toString())
        .isEqualTo(
            """
            exit 0
            --- stdout
            baselined  %s
            baselined  %s
            Shop: 2 baselined, pending at %s (2 applied, 1 pending)
            --- stderr
            """
                .formatted(ONE, TWO, TWO));
    assertThat(database.history()).containsExactly(ONE, TWO);
    Program.Result next = program().run();
    assertThat(next.out()).as(next.toString()).startsWith("applied  " + THREE);
    assertThat(database.history()).containsExactly(ONE, TWO, THREE);
  }

  @Test
  void what_is_recorded_is_watched_for_edits() {
    holdsTheFirstTwo();
    program().run("baseline", "AddOrders");
    folder.write("changelog/" + ONE + ".sql", "CREATE TABLE users (id bigint);");

    assertThat(program().run("status").code()).isEqualTo(6);
  }

  @Test
  void a_second_time_there_is_nothing_to_record() {
    holdsTheFirstTwo();
    program().run("baseline", TWO);

    Program.Result result = program().run("baseline", TWO);

    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith("Shop: 0 baselined, pending at " + TWO);
  }

  @Test
  void only_what_the_history_lacks_is_recorded() {
    program().run("migrate", "--to", ONE);
    database.executeAsOwner("CREATE TABLE orders (id int)");

    Program.Result result = program().run("baseline", TWO);

    assertThat(result.out()).startsWith("baselined  " + TWO + "\nShop: 1 baselined");
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void a_dry_run_writes_nothing() {
    holdsTheFirstTwo();

    Program.Result result = program().run("baseline", TWO, "--dry-run");

    assertThat(result.out())
        .isEqualTo(
            "would baseline  %s\nwould baseline  %s\n".formatted(ONE, TWO)
                + "Shop: 2 would be baselined, nothing was changed\n");
    assertThat(database.tables()).containsExactly("public.orders", "public.users");
  }

  @Test
  void json_lists_the_ids() {
    holdsTheFirstTwo();

    assertThat(program().run("baseline", ONE, "--confirm", database.name(), "--json").out())
        .contains("\"state\":\"pending\",\"applied\":[\"" + ONE + "\"]")
        .contains("\"baselined\":[\"" + ONE + "\"]")
        .hasLineCount(1);
  }

  @Test
  void objects_of_later_migrations_are_refused_by_name() {
    holdsTheFirstTwo();
    database.executeAsOwner("ALTER TABLE orders ADD COLUMN price int");

    Program.Result result = program().run("baseline", ONE);

    Golden.check(
        "dev/slipway/failures/later-objects.txt",
        result.toString().replace(database.name(), "DATABASE"));
    assertThat(database.tables()).containsExactly("public.orders", "public.users");
  }

  @Test
  void the_databases_own_name_is_consent_and_another_is_not() {
    holdsTheFirstTwo();

    assertThat(program().run("baseline", ONE, "--confirm", "shop").code()).isEqualTo(6);
    assertThat(program().run("baseline", ONE, "--confirm", database.name()).code()).isZero();
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void an_object_that_an_earlier_migration_creates_too_is_no_objection() {
    folder.write("changelog/" + ONE + ".sql", "CREATE VIEW recent AS SELECT 1 AS id;");
    folder.write("changelog/" + TWO + ".sql", "CREATE OR REPLACE VIEW recent AS SELECT 2 AS id;");
    database.executeAsOwner("CREATE VIEW recent AS SELECT 1 AS id");

    assertThat(program().run("baseline", ONE).code()).isZero();
  }

  @Test
  void objects_of_later_repeatable_migrations_are_no_objection() {
    String views = "20240104000000_Views";
    folder.write(
        "changelog/" + views + ".sql",
        "-- slipway: run-on-change\nCREATE OR REPLACE VIEW recent AS SELECT 1 AS id;");
    holdsTheFirstTwo();
    database.executeAsOwner("CREATE VIEW recent AS SELECT 1 AS id");

    assertThat(program().run("baseline", TWO).out()).contains("Shop: 2 baselined");

    assertThat(program().run().out()).startsWith("applied  " + THREE).contains("applied  " + views);
  }

  @Test
  void objects_in_other_schemas_of_the_path_are_no_objection() {
    database.executeAsOwner(
        "CREATE SCHEMA app; CREATE TABLE public.orders (id int); CREATE TABLE app.users (id int)");

    Program.Result result =
        Program.in(path)
            .with("ConnectionStrings__Shop", database.connectionString(";Search Path=app,public"))
            .run("baseline", ONE);

    assertThat(result.code()).as(result.toString()).isZero();
  }

  @Test
  void a_schema_that_is_still_to_be_made_holds_nothing() {
    database.executeAsOwner("CREATE TABLE public.orders (id int)");

    Program.Result result =
        Program.in(path)
            .with("ConnectionStrings__Shop", database.connectionString(";Search Path=app,public"))
            .run("baseline", ONE, "--create-schema");

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(database.tables()).contains("app.__EFMigrationsHistory");
  }

  @Test
  void the_id_must_be_one_of_the_changelog() {
    assertThat(program().run("baseline", "Nonsense").code()).isEqualTo(2);
    assertThat(program().run("baseline").code()).isEqualTo(2);
    assertThat(database.tables()).isEmpty();
  }

  @Test
  void it_works_on_one_database_at_a_time() {
    folder = new Folder(path).write("all/a/" + ONE + ".sql", "").write("all/b/" + ONE + ".sql", "");

    Program.Result result =
        Program.in(path)
            .with("A", database)
            .with("B", database)
            .run("baseline", ONE, "--changelog", "all");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("next    Name one: --database A\n");
  }

  @Test
  void a_partially_applied_migration_is_left_to_a_person() {
    folder.write("changelog/" + TWO + ".sql", "-- slipway: no-transaction\nSELECT 1;\nSELECT 1/0;");
    program().run();

    assertThat(program().run("baseline", TWO).code()).isEqualTo(8);
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void it_waits_for_another_run() throws SQLException {
    holdsTheFirstTwo();
    program().run("baseline", ONE, "--confirm", database.name());
    try (Connection other = database.connect();
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE \"__EFMigrationsHistory\" IN SHARE ROW EXCLUSIVE MODE");
      assertThat(program().run("baseline", TWO, "--run-lock-wait", "1s").code()).isEqualTo(5);
      var waiting = CompletableFuture.supplyAsync(() -> program().run("baseline", TWO));
      statement.execute("SELECT pg_sleep(0.5)");
      other.commit();
      assertThat(waiting.join().code()).isZero();
    }
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void what_flyway_migrated_is_refused_with_the_baseline_that_fits() {
    migratedByFlyway("20240102000000", "add orders");

    for (String command : new String[] {"migrate", "status"}) {
      Program.Result result = program().run(command);
      Golden.check(
          "dev/slipway/failures/flyway-" + command + ".txt",
          result.toString().replace(database.name(), "DATABASE"));
      assertThat(result.code()).isEqualTo(6);
    }
    assertThat(database.tables())
        .containsExactly("public.flyway_schema_history", "public.orders", "public.users");
    assertThat(program().run("baseline", TWO).code()).isZero();
    assertThat(program().run().out()).startsWith("applied  " + THREE);
  }

  @Test
  void after_flyway_the_next_migration_applies_and_nothing_runs_twice() {
    migratedByFlyway("2", "Add Orders");

    goesOnWith(TWO);
  }

  /// With the baseline that the message names, as it stands there.
  private void goesOnWith(String last) {
    String hint = "Record what it holds, which runs nothing: slipway ";
    String command =
        program()
            .run("status")
            .err()
            .lines()
            .filter(line -> line.contains(hint))
            .map(line -> line.substring(line.indexOf(hint) + hint.length()))
            .findFirst()
            .orElseThrow();

    Program.Result result = program().run(command.split(" "));

    assertThat(command).isEqualTo("baseline " + last);
    assertThat(result.out()).contains("Shop: 2 baselined, pending at " + last);
    assertThat(program().run().out())
        .startsWith("applied  " + THREE)
        .contains(": 1 applied, up-to");
    assertThat(database.history()).containsExactly(ONE, last, THREE);
    assertThat(program().run().out()).startsWith("Shop: nothing to do");
  }

  @Test
  void flyways_versions_of_another_form_are_found_by_their_description() {
    migratedByFlyway("2", "Add Orders");

    assertThat(program().run("status").err()).contains("slipway baseline " + TWO + "\n");
  }

  @Test
  void where_nothing_fits_the_user_has_to_know() {
    migratedByFlyway("2", "something else");

    assertThat(program().run("status").err())
        .contains("slipway baseline ID, with the migration of the changelog that does what \"2\"");
  }

  @Test
  void tables_of_another_application_are_put_aside_by_baseline_0() {
    migratedByAlembic("ae1027a6acf5");
    assertThat(program().run().code()).isEqualTo(6);

    assertThat(program().run("baseline", "0").out())
        .isEqualTo("Shop: 0 baselined, empty (0 applied, 3 pending)\n");

    assertThat(program().run().code()).isZero();
    assertThat(database.history()).containsExactly(ONE, TWO, THREE);
  }

  @Test
  void what_alembic_migrated_is_found_by_the_revision_in_the_name() {
    folder.write("changelog/20240104000000_ae1027a6acf5_add_tags.sql", "SELECT 1;");
    migratedByAlembic("ae1027a6acf5");

    assertThat(program().run("status").err())
        .contains("was migrated by Alembic so far")
        .contains("slipway baseline 20240104000000_ae1027a6acf5_add_tags\n");
  }

  @Test
  void after_alembic_the_next_migration_applies_and_nothing_runs_twice() {
    folder
        .delete("changelog/" + TWO + ".sql")
        .write("changelog/20240102000000_ae1027a6acf5_orders.sql", "CREATE TABLE orders (id int);");
    holdsTheFirstTwo();
    migratedByAlembic("ae1027a6acf5");

    goesOnWith("20240102000000_ae1027a6acf5_orders");
  }

  @Test
  void what_liquibase_migrated_is_found_by_its_id() {
    database.executeAsOwner(
        "CREATE TABLE databasechangelog"
            + " (id text, author text, filename text, orderexecuted int, exectype text);"
            + "INSERT INTO databasechangelog VALUES ('1', 'ann', 'a.xml', 1, 'EXECUTED'),"
            + " ('add-orders', 'bob', 'b.xml', 2, 'EXECUTED')");

    assertThat(program().run("status").err())
        .contains("was migrated by Liquibase so far")
        .contains("the last is add-orders (bob, b.xml)")
        .contains("slipway baseline " + TWO + "\n");
  }

  @Test
  void an_empty_table_or_one_with_other_columns_is_no_tools_record() {
    database.executeAsOwner(
        "CREATE TABLE alembic_version (version_num text); CREATE TABLE databasechangelog (x int)");

    assertThat(program().run().code()).isZero();
  }
}
