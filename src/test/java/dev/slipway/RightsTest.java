package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// With which rights a run works, and what it says where they do not suffice.
@Tag("slow")
final class RightsTest {
  private static final String EXAMPLES = Path.of("changelog").toAbsolutePath().toString();

  @TempDir private Path folder;
  private Folder changelog = new Folder(Path.of(""));

  @BeforeEach
  void write_a_changelog() {
    changelog =
        new Folder(folder).write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);");
  }

  @ParameterizedTest
  @EnumSource
  void the_owner_of_an_empty_database_needs_no_more_than_one_connection(ServerVersion version) {
    try (var gateway = TestDatabase.on(version.server());
        var miner = TestDatabase.on(version.server());
        var validator = TestDatabase.on(version.server())) {
      for (TestDatabase database : List.of(gateway, miner, validator)) {
        database.execute("ALTER ROLE " + database.owner() + " CONNECTION LIMIT 1");
      }

      Program.Result result =
          Program.in(folder)
              .with("Slipway__Changelog", EXAMPLES)
              .with("Gateway", gateway)
              .with("Miner", miner)
              .with("Validator", validator)
              .run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(gateway.history()).isEqualTo(ids("gateway"));
      assertThat(miner.history()).isEqualTo(ids("miner"));
      assertThat(validator.history()).isEqualTo(ids("validator"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_role_needs_only_to_connect_and_to_use_and_create_in_one_schema(ServerVersion version) {
    try (var database = TestDatabase.on(version.server())) {
      String role = roleWithout(database, "SCHEMA app");
      database.execute("GRANT USAGE, CREATE ON SCHEMA app TO " + role);

      Program.Result result =
          Program.in(folder)
              .with("Slipway__Changelog", EXAMPLES)
              .with(
                  "ConnectionStrings__Miner",
                  database.connectionStringFor(role, ";Search Path=app"))
              .run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(database.rows("SELECT \"MigrationId\" FROM app.\"__EFMigrationsHistory\""))
          .isEqualTo(ids("miner"));
      assertThat(database.tables()).contains("app.weather_miner_jobs").allMatch(inSchema("app"));
      assertThat(
              database.rows("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'app'"))
          .containsExactly(role);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_right_to_create_is_named_as_the_grant_that_mends_it(ServerVersion version) {
    try (var database = TestDatabase.on(version.server())) {
      String role = roleWithout(database, "SCHEMA app");
      database.execute("GRANT USAGE ON SCHEMA app TO " + role);
      Program program = programAs(database, role, ";Search Path=app");

      Program.Result refused = program.run();

      assertThat(refused.code()).as(refused.toString()).isEqualTo(3);
      assertThat(database.tables()).isEmpty();
      assertThat(grants(refused))
          .containsExactly("GRANT USAGE, CREATE ON SCHEMA \"app\" TO \"%s\"".formatted(role));
      grants(refused).forEach(database::execute);
      Program.Result mended = program.run();
      assertThat(mended.code()).as(mended.toString()).isZero();
      assertThat(database.tables()).contains("app.one").allMatch(inSchema("app"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_right_to_use_the_schema_is_named_as_the_grant_that_mends_it(
      ServerVersion version) {
    try (var database = TestDatabase.on(version.server())) {
      String role = roleWithout(database, "SCHEMA app");
      Program program = programAs(database, role, ";Search Path=app");

      Program.Result refused = program.run();

      assertThat(refused.code()).as(refused.toString()).isEqualTo(3);
      assertThat(database.tables()).isEmpty();
      grants(refused).forEach(database::execute);
      Program.Result mended = program.run();
      assertThat(mended.code()).as(mended.toString()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_right_to_create_the_schema_is_named_as_the_grant_that_mends_it(
      ServerVersion version) {
    try (var database = TestDatabase.on(version.server())) {
      String role = roleWithout(database, "SCHEMA other");
      Program program = programAs(database, role, ";Search Path=app");

      Program.Result refused = program.run("migrate", "--create-schema");

      assertThat(refused.code()).as(refused.toString()).isEqualTo(3);
      assertThat(database.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'app'")).isEmpty();
      grants(refused).forEach(database::execute);
      Program.Result mended = program.run("migrate", "--create-schema");
      assertThat(mended.code()).as(mended.toString()).isZero();
      assertThat(database.tables()).contains("app.one").allMatch(inSchema("app"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void rights_to_read_the_history_only_are_not_enough(ServerVersion version) {
    assertThatGrantsMend(
        version, List.of("SELECT ON app.\"__EFMigrationsHistory\", app.slipway_journal"), 2);
  }

  @ParameterizedTest
  @EnumSource
  void a_history_that_cannot_be_read_is_no_riddle(ServerVersion version) {
    assertThatGrantsMend(version, List.of(), 2);
  }

  @ParameterizedTest
  @EnumSource
  void a_journal_that_cannot_be_written_is_noticed_beforehand(ServerVersion version) {
    assertThatGrantsMend(
        version,
        List.of(
            "SELECT, INSERT, UPDATE, DELETE ON app.\"__EFMigrationsHistory\"",
            "SELECT, INSERT, DELETE ON app.slipway_journal"),
        1);
  }

  /// A deployer that has these rights on the owner's history is refused until it gets the others.
  private void assertThatGrantsMend(ServerVersion version, List<String> rights, int missing) {
    try (var database = TestDatabase.on(version.server())) {
      String deployer = roleWithout(database, "SCHEMA app AUTHORIZATION " + database.owner());
      programAs(database, database.owner(), ";Search Path=app").run();
      database.execute("GRANT USAGE, CREATE ON SCHEMA app TO " + deployer);
      for (String right : rights) {
        database.execute("GRANT %s TO %s".formatted(right, deployer));
      }
      changelog.write("changelog/20240102000000_Two.sql", "CREATE TABLE two (id int);");
      Program program = programAs(database, deployer, ";Search Path=app");

      Program.Result refused = program.run();

      assertThat(refused.code()).as(refused.toString()).isEqualTo(3);
      assertThat(grants(refused)).as(refused.toString()).hasSize(missing);
      assertThat(database.tables()).doesNotContain("app.two");
      grants(refused).forEach(database::executeAsOwner);
      Program.Result mended = program.run();
      assertThat(mended.code()).as(mended.toString()).isZero();
      assertThat(database.tables()).contains("app.two");
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_older_journal_of_another_owner_is_for_that_owner_to_extend(ServerVersion version) {
    try (var database = TestDatabase.on(version.server())) {
      String deployer = roleWithout(database, "SCHEMA app AUTHORIZATION " + database.owner());
      programAs(database, database.owner(), ";Search Path=app").run();
      database.execute("GRANT USAGE, CREATE ON SCHEMA app TO " + deployer);
      database.execute("GRANT ALL ON ALL TABLES IN SCHEMA app TO " + deployer);
      database.execute("ALTER TABLE app.slipway_journal DROP COLUMN slipway_version");
      changelog.write("changelog/20240102000000_Two.sql", "CREATE TABLE two (id int);");
      Program program = programAs(database, deployer, ";Search Path=app");

      Program.Result refused = program.run();

      assertThat(refused.code()).as(refused.toString()).isEqualTo(3);
      List<String> extensions =
          refused.err().lines().filter(line -> line.contains("ALTER TABLE")).toList();
      assertThat(extensions).as(refused.toString()).hasSize(1);
      extensions.forEach(database::executeAsOwner);
      Program.Result mended = program.run();
      assertThat(mended.code()).as(mended.toString()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_role_that_may_only_read_history_and_journal_can_look_and_wait(ServerVersion version) {
    try (var database = TestDatabase.on(version.server())) {
      String reader = roleWithout(database, "SCHEMA app AUTHORIZATION " + database.owner());
      programAs(database, database.owner(), ";Search Path=app").run();
      database.execute("GRANT USAGE ON SCHEMA app TO " + reader);
      database.execute(
          "GRANT SELECT ON app.\"__EFMigrationsHistory\", app.slipway_journal TO " + reader);

      for (String command : List.of("status", "history", "wait")) {
        Program.Result result = programAs(database, reader, ";Search Path=app").run(command);

        assertThat(result.code()).as(result.toString()).isZero();
      }
    }
  }

  /// A role that may only connect, beside a schema that it has no rights on.
  private static String roleWithout(TestDatabase database, String schema) {
    String role = database.createRole("deployer");
    database.execute("REVOKE ALL ON DATABASE %s FROM PUBLIC".formatted(database.name()));
    database.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC");
    database.execute("GRANT CONNECT ON DATABASE %s TO %s".formatted(database.name(), role));
    database.execute("CREATE " + schema);
    return role;
  }

  private Program programAs(TestDatabase database, String role, String more) {
    return Program.in(folder)
        .with("ConnectionStrings__Gateway", database.connectionStringFor(role, more));
  }

  private static Predicate<String> inSchema(String schema) {
    return table -> table.startsWith(schema + ".");
  }

  /// The statements that the failure offers to paste.
  private static List<String> grants(Program.Result result) {
    return result
        .err()
        .lines()
        .filter(line -> line.contains("GRANT "))
        .map(line -> line.substring(line.indexOf("GRANT ")).replaceAll(";$", ""))
        .toList();
  }

  private static List<String> ids(String example) {
    String[] files = Path.of(EXAMPLES, example).toFile().list();
    return List.of(files == null ? new String[0] : files).stream()
        .filter(name -> name.endsWith(".sql") || name.endsWith(".yaml"))
        .map(name -> name.substring(0, name.lastIndexOf('.')))
        .sorted()
        .toList();
  }
}
