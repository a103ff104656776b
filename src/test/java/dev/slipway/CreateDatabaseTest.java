package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.config.ConnectionString;
import dev.slipway.postgres.Connector;
import dev.slipway.postgres.DatabaseCreation;
import dev.slipway.postgres.Session;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `--create-database`, on a server where the database is missing.
final class CreateDatabaseTest {
  private static final String ONE = "20240101000000_One";
  private static final String LINES =
      "applied  " + ONE + "  N ms\nGateway: 1 applied, up-to-date at " + ONE + " (1 applied)\n";

  @TempDir private Path folder;

  /// Its owner is who creates others.
  private final TestDatabase there = TestDatabase.create();

  private final String fresh = there.name() + "_fresh";

  @BeforeEach
  void write_a_changelog() {
    new Folder(folder).write("changelog/" + ONE + ".sql", "CREATE TABLE one (id int);\n");
  }

  @AfterEach
  void drop_the_databases() {
    there.server().administer("DROP DATABASE IF EXISTS \"" + fresh + "\"");
    there.close();
  }

  private void letOwnerCreate() {
    there.execute("ALTER ROLE " + there.owner() + " CREATEDB");
  }

  private String connection() {
    return "Host=localhost;Port=%d;Database=%s;Username=%s"
        .formatted(there.server().port(), fresh, there.owner());
  }

  private Program program() {
    return Program.in(folder).with("ConnectionStrings__Gateway", connection());
  }

  /// Name and owner of the new database.
  private List<String> made() {
    return there.rows(
        "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname = '%s'"
            .formatted(fresh));
  }

  private static void checked(String golden, int code, Program.Result result) {
    Golden.check("dev/slipway/create-database/" + golden + ".txt", result.toString());
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
  }

  @Test
  void a_missing_database_is_made_and_migrated_once() {
    letOwnerCreate();

    Program.Result first = program().run("migrate", "--create-database");
    Program.Result second = program().run("migrate", "--create-database");

    assertThat(first.code()).as(first.toString()).isZero();
    assertThat(first.err()).isEqualTo("Gateway: created database \"%s\"\n".formatted(fresh));
    assertThat(first.out().replaceAll("\\d+ ms", "N ms")).isEqualTo(LINES);
    assertThat(made()).containsExactly(fresh + "|" + there.owner());
    assertThat(second.code()).as(second.toString()).isZero();
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).startsWith("Gateway: nothing to do");
  }

  @Test
  void the_setting_does_the_same_and_collectors_of_logs_learn_of_it() {
    letOwnerCreate();

    Program.Result result =
        program().with("Slipway__CreateDatabase", "true").with("Slipway__Output", "json").run();

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err())
        .contains("\"EventId\":11,\"LogLevel\":\"Information\"")
        .contains("\"Message\":\"Gateway: created database \\\"" + fresh + "\\\"\"")
        .contains("\"Event\":\"CreatedDatabase\"");
  }

  @Test
  void the_role_to_work_as_makes_and_owns_it() {
    String maker = there.createRole("maker");
    there.execute("ALTER ROLE %s CREATEDB".formatted(maker));
    there.execute("GRANT %s TO %s".formatted(maker, there.owner()));

    Program.Result result = program().run("migrate", "--create-database", "--role", maker);

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(made()).containsExactly(fresh + "|" + maker);
    there.server().administer("DROP DATABASE " + fresh);
  }

  @Test
  void a_name_is_taken_as_it_is_written() {
    letOwnerCreate();
    String name = there.name() + " \"Ü\"; x";
    String connection = connection().replace("Database=" + fresh, "Database='" + name + "'");

    Program.Result result =
        program()
            .with("ConnectionStrings__Gateway", connection)
            .run("migrate", "--create-database");

    assertThat(result.code()).as(result.toString()).isZero();
    there.server().administer("DROP DATABASE \"" + name.replace("\"", "\"\"") + "\"");
  }

  @Test
  void a_missing_right_is_told_with_what_an_administrator_has_to_run() {
    checked("no-right", 3, program().run("migrate", "--create-database"));

    assertThat(made()).isEmpty();
  }

  @Test
  void a_dry_run_says_that_it_would() {
    letOwnerCreate();

    checked("dry-run", 0, program().run("migrate", "--create-database", "--dry-run"));

    assertThat(made()).isEmpty();
  }

  @Test
  void a_dry_run_says_in_json_what_it_would_apply() {
    letOwnerCreate();

    checked(
        "dry-run-json", 0, program().run("migrate", "--create-database", "--dry-run", "--json"));

    assertThat(made()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "script --pending", "baseline " + ONE, "history"})
  void only_migrate_makes_databases(String command) {
    letOwnerCreate();

    Program.Result result =
        program().with("Slipway__CreateDatabase", "true").run(command.split(" ", -1));

    assertThat(result.code()).as(result.toString()).isEqualTo(4);
    assertThat(result.err()).contains("database \"%s\" does not exist".formatted(fresh));
    assertThat(made()).isEmpty();
  }

  @Test
  void nothing_is_made_for_a_changelog_that_cannot_be_sent() {
    letOwnerCreate();
    new Folder(folder).write("changelog/20240102000000_Two.sql", "\\i two.sql\n");

    Program.Result result = program().run("migrate", "--create-database");

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(made()).isEmpty();
  }

  @Test
  void two_runs_at_once_make_one_database() throws Exception {
    letOwnerCreate();
    Callable<Program.Result> run = () -> program().run("migrate", "--create-database");
    List<Program.Result> results;
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Program.Result>> futures = executor.invokeAll(List.of(run, run, run));
      results = futures.stream().map(Future::resultNow).toList();
    }

    assertThat(results).allSatisfy(result -> assertThat(result.code()).isZero());
    assertThat(results.stream().map(Program.Result::err))
        .filteredOn(err -> err.contains("created database"))
        .hasSize(1);
    assertThat(results.stream().filter(result -> result.out().startsWith("applied"))).hasSize(1);
  }

  @Test
  void a_database_that_another_run_has_made_meanwhile_is_no_failure() throws Exception {
    letOwnerCreate();
    ConnectionString connection = ConnectionString.parse("Gateway", connection());
    var connector = new Connector(Duration.ofSeconds(1), Optional.empty(), (reason, waited) -> {});
    try (Session maintenance = connector.toMaintenance("postgres").connect(connection)) {
      assertThat(DatabaseCreation.create(maintenance, connection, Optional.empty())).isTrue();
      assertThat(DatabaseCreation.create(maintenance, connection, Optional.empty())).isFalse();
    }
  }

  @Test
  void a_template_that_others_use_is_worth_another_try() throws Exception {
    try (EmbeddedPostgres server = TestServer.builder("newest").start()) {
      TestServer there = TestServer.at(server.getPort());
      there.administer("CREATE ROLE maker LOGIN CREATEDB");
      Program program =
          program()
              .with(
                  "ConnectionStrings__Gateway",
                  "Host=localhost;Port=%d;Database=fresh;Username=maker"
                      .formatted(server.getPort()));

      try (Connection other = DriverManager.getConnection(there.url("template1"))) {
        assertThat(other.isValid(0)).isTrue();
        checked("template-in-use", 5, program.run("migrate", "--create-database"));
      }

      Program.Result again = program.run("migrate", "--create-database");
      assertThat(again.code()).as(again.toString()).isZero();
    }
  }

  @Test
  void a_server_that_lets_nobody_into_its_database_postgres_is_asked_in_another() throws Exception {
    String rules =
        """
        host postgres maker all reject
        host all all all trust
        """;
    try (EmbeddedPostgres server = TestServer.builder("newest", rules).start()) {
      TestServer.at(server.getPort()).administer("CREATE ROLE maker LOGIN CREATEDB");
      String connection =
          "Host=localhost;Port=%d;Database=fresh;Username=maker".formatted(server.getPort());

      Program.Result result =
          program()
              .with("ConnectionStrings__Gateway", connection)
              .run("migrate", "--create-database");

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err()).isEqualTo("Gateway: created database \"fresh\"\n");
    }
  }
}
