package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Golden;
import dev.slipway.testing.Psql;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// With which rights a script works, and what it says where they do not suffice.
@Tag("slow")
final class ScriptRightsTest {
  private static final String GOLDEN = "dev/slipway/script/rights/";

  @TempDir private Path path;
  private HandRun hand = new HandRun(Path.of(""));

  @BeforeEach
  void write_a_changelog() {
    hand =
        new HandRun(path)
            .with(
                "ConnectionStrings__Gateway",
                "Host=nowhere;Database=none;Username=nobody;Search Path=app")
            .migration("20240101000000_One", "CREATE TABLE one (id int);")
            .migration(
                "20240102000000_Two",
                "-- slipway: no-transaction\nCREATE INDEX CONCURRENTLY one_id ON one (id);");
  }

  private static TestDatabase database(ServerVersion version) {
    return TestDatabase.on(version.server());
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

  private Psql.Result run(TestDatabase database, String role) {
    return Psql.run(database, role, hand.script(), HandRun.STOP);
  }

  private void assertThatItIsApplied(TestDatabase database, String role) {
    Psql.Result result = run(database, role);

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(database.tables()).allMatch(table -> table.startsWith("app."));
    assertThat(database.rows("SELECT \"MigrationId\" FROM app.\"__EFMigrationsHistory\""))
        .hasSize(2);
  }

  private static List<String> owners(TestDatabase database) {
    return database.rows("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'app'");
  }

  /// Executes what the failure offers to paste, as it is.
  private static void paste(TestDatabase database, Psql.Result refused, String word) {
    String hint = refused.text();
    database.execute(hint.substring(hint.indexOf(word), hint.lastIndexOf(";")));
  }

  @ParameterizedTest
  @EnumSource
  void the_owner_of_an_empty_database_needs_no_more_than_one_connection(ServerVersion version) {
    try (var database = database(version)) {
      database.execute("ALTER ROLE " + database.owner() + " CONNECTION LIMIT 1");
      database.executeAsOwner("CREATE SCHEMA app");

      assertThatItIsApplied(database, database.owner());
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_role_needs_only_to_connect_and_to_use_and_create_in_one_schema(ServerVersion version) {
    try (var database = database(version)) {
      String role = roleWithout(database, "SCHEMA app");
      database.execute("GRANT USAGE, CREATE ON SCHEMA app TO " + role);

      assertThatItIsApplied(database, role);

      assertThat(owners(database)).containsExactly(role);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_right_to_create_is_named_as_the_grant_that_mends_it(ServerVersion version) {
    try (var database = database(version)) {
      String role = roleWithout(database, "SCHEMA app");
      database.execute("GRANT USAGE ON SCHEMA app TO " + role);

      Psql.Result refused = run(database, role);

      Golden.check(GOLDEN + "create.txt", refused.toString());
      assertThat(database.tables()).isEmpty();
      paste(database, refused, "GRANT ");
      assertThatItIsApplied(database, role);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_right_to_use_the_schema_is_named_as_the_grant_that_mends_it(
      ServerVersion version) {
    try (var database = database(version)) {
      String role = roleWithout(database, "SCHEMA app");
      database.execute("GRANT CREATE ON SCHEMA app TO " + role);

      Psql.Result refused = run(database, role);

      Golden.check(GOLDEN + "usage.txt", refused.toString());
      assertThat(database.tables()).isEmpty();
      paste(database, refused, "GRANT ");
      assertThatItIsApplied(database, role);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_right_to_use_the_schema_of_the_history_is_named(ServerVersion version) {
    hand.with("Slipway__HistorySchema", "records");
    try (var database = database(version)) {
      String role = roleWithout(database, "SCHEMA records");
      database.execute("CREATE SCHEMA app; GRANT USAGE, CREATE ON SCHEMA app TO " + role);

      Psql.Result refused = run(database, role);

      Golden.check(GOLDEN + "usage-history.txt", refused.toString());
      paste(database, refused, "GRANT ");
      assertThat(run(database, role).text()).contains("GRANT USAGE, CREATE ON SCHEMA records TO");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_right_to_create_the_schema_is_named_as_the_grant_that_mends_it(
      ServerVersion version) {
    hand.with("Slipway__CreateSchema", "true");
    try (var database = database(version)) {
      String role = roleWithout(database, "SCHEMA other");

      Psql.Result refused = run(database, role);

      Golden.check(GOLDEN + "create-schema.txt", refused.toString());
      assertThat(database.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'app'")).isEmpty();
      paste(database, refused, "GRANT ");
      assertThatItIsApplied(database, role);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_schema_that_is_there_needs_no_right_to_create_it(ServerVersion version) {
    hand.with("Slipway__CreateSchema", "true");
    try (var database = database(version)) {
      String role = roleWithout(database, "SCHEMA app");
      database.execute("GRANT USAGE, CREATE ON SCHEMA app TO " + role);

      assertThatItIsApplied(database, role);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rights_to_read_history_and_journal_are_not_enough(ServerVersion version) {
    assertThatGrantsMend(
        version, "reader", "SELECT ON app.\"__EFMigrationsHistory\", app.slipway_journal");
  }

  @ParameterizedTest
  @EnumSource
  void a_history_that_cannot_be_locked_is_noticed_beforehand(ServerVersion version) {
    assertThatGrantsMend(
        version,
        "history",
        "SELECT, INSERT ON app.\"__EFMigrationsHistory\"; GRANT ALL ON app.slipway_journal");
  }

  @ParameterizedTest
  @EnumSource
  void a_journal_that_cannot_be_written_is_noticed_beforehand(ServerVersion version) {
    assertThatGrantsMend(
        version,
        "journal",
        "ALL ON app.\"__EFMigrationsHistory\"; GRANT SELECT, INSERT, DELETE ON app.slipway_journal");
  }

  /// A deployer that has these rights on the owner's history is refused until it gets the others.
  private void assertThatGrantsMend(ServerVersion version, String golden, String rights) {
    try (var database = database(version)) {
      String deployer = roleWithout(database, "SCHEMA app AUTHORIZATION " + database.owner());
      Psql.run(database, database.owner(), hand.script());
      database.execute("GRANT USAGE, CREATE ON SCHEMA app TO " + deployer);
      for (String right : rights.split("; GRANT ", -1)) {
        database.execute("GRANT " + right + " TO " + deployer);
      }
      hand.migration("20240103000000_Three", "CREATE TABLE three (id int);");

      Psql.Result refused = run(database, deployer);

      Golden.check(GOLDEN + golden + ".txt", refused.toString());
      assertThat(refused.code()).isEqualTo(3);
      assertThat(database.tables()).doesNotContain("app.three");
      String hint = refused.text();
      database.executeAsOwner(hint.substring(hint.indexOf("GRANT "), hint.lastIndexOf(";")));
      Psql.Result mended = run(database, deployer);
      assertThat(mended.text()).endsWith("slipway: 1 applied, 2 already there\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_is_made_belongs_to_the_role_that_was_asked_for(ServerVersion version) {
    try (var database = database(version)) {
      String role = roleWithout(database, "SCHEMA other");
      String group = database.createRole("group");
      database.execute("CREATE SCHEMA app AUTHORIZATION " + group);
      database.execute("GRANT %s TO %s".formatted(group, role));
      hand.with("Slipway__Role", group);

      assertThatItIsApplied(database, role);

      assertThat(owners(database)).containsExactly(group);
      assertThat(database.rows("SELECT DISTINCT applied_by FROM app.slipway_journal"))
          .containsExactly(role);
    }
  }

  /// Else what is made would belong to the role that logged in.
  @ParameterizedTest
  @EnumSource
  void a_role_that_the_session_has_taken_is_not_dropped(ServerVersion version) throws IOException {
    try (var database = database(version)) {
      String role = roleWithout(database, "SCHEMA other");
      String group = database.createRole("group");
      database.execute("CREATE SCHEMA app AUTHORIZATION " + group);
      database.execute("GRANT %s TO %s".formatted(group, role));
      String script = Files.readString(hand.script());
      Path inSession = hand.write("SET ROLE %s;\n%s".formatted(group, script));

      Psql.Result refused = Psql.run(database, role, inSession, HandRun.STOP);

      Golden.check(GOLDEN + "taken-role.txt", refused.toString());
      assertThat(database.tables()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_role_that_was_not_granted_is_named_as_the_grant_that_mends_it(ServerVersion version) {
    try (var database = database(version)) {
      String role = roleWithout(database, "SCHEMA other");
      String group = database.createRole("group");
      database.execute("CREATE SCHEMA app AUTHORIZATION " + group);
      hand.with("Slipway__Role", group);

      Psql.Result refused = run(database, role);

      Golden.check(GOLDEN + "role.txt", refused.toString());
      assertThat(database.tables()).isEmpty();
      paste(database, refused, "GRANT ");
      assertThatItIsApplied(database, role);
    }
  }
}
