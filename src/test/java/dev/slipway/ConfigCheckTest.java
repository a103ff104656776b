package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Certificates;
import dev.slipway.testing.FakeServer;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.GreetingProxy;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `slipway config --check`: what a connection looks like from inside, on real servers.
final class ConfigCheckTest {
  private static final String GATEWAY = "ConnectionStrings__Gateway";
  private static final String CHECK = "databases[0].check.";
  private static final String ERROR = "databases[0].error.";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));

  @BeforeEach
  void write_a_changelog() {
    folder =
        new Folder(path).write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);");
  }

  private Program program() {
    return Program.in(path);
  }

  private static Program.Result succeeds(Program.Result result) {
    assertThat(result.code()).as(result.toString()).isZero();
    return result;
  }

  private static void checked(String golden, int code, Program.Result result) {
    String text =
        result
            .toString()
            .replaceAll("(clock difference +)-?\\d+ ms", "$1N ms")
            .replaceAll("(server version +)\\S.*", "$1VERSION")
            .replaceAll("(Port +)\\d+", "$1PORT")
            .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT");
    Golden.check("dev/slipway/config/" + golden + ".txt", text);
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
  }

  private static Map<String, String> members(Program.Result result) {
    return ConfigCommandTest.members(result.out());
  }

  private static Map<String, String> check(Program program, String... more) {
    return members(succeeds(program.run(arguments(more))));
  }

  private static String[] arguments(String... more) {
    var arguments = new ArrayList<>(List.of("config", "--check", "--json"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  @Test
  void a_database_before_its_first_run_and_after_it() {
    try (var database = TestDatabase.create()) {
      String connection =
          database.connectionString(";Timezone=Europe/Berlin;Search Path=public,pg_catalog");
      Program program = program().with(GATEWAY, connection);

      checked("check-empty", 0, program.run("config", "--check"));
      assertThat(database.tables()).isEmpty();

      succeeds(program.run());
      checked("check-migrated", 0, program.run("config", "--check"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void machines_read_the_same(ServerVersion version) {
    try (var database = TestDatabase.on(version.server())) {
      Program program = program().with("Gateway", database);
      succeeds(program.run());

      Map<String, String> found = check(program);

      assertThat(found)
          .containsEntry(
              CHECK + "server_version",
              database.rows("SELECT current_setting('server_version')").getFirst())
          .containsEntry(CHECK + "tls", "null")
          .containsEntry(CHECK + "pooler", "false")
          .containsEntry(CHECK + "standby", "false")
          .containsEntry(CHECK + "read_only", "false")
          .containsEntry(CHECK + "database", database.name())
          .containsEntry(CHECK + "encoding", "UTF8")
          .containsEntry(CHECK + "login_role", database.owner())
          .containsEntry(CHECK + "role", database.owner())
          .containsEntry(CHECK + "superuser", "false")
          .containsEntry(CHECK + "database_rights[1]", "CREATE")
          .containsEntry(CHECK + "search_path", "\"$user\", public")
          .containsEntry(CHECK + "schema", "public")
          .containsEntry(CHECK + "history_table", "public.__EFMigrationsHistory")
          .containsEntry(CHECK + "history_rows", "1")
          .containsEntry(CHECK + "journal_exists", "true");
      assertThat(found.get(CHECK + "address")).endsWith(":" + database.server().port());
      assertThat(Long.parseLong(found.get(CHECK + "clock_difference_ms"))).isBetween(-999L, 999L);
    }
  }

  @Test
  void a_socket_has_no_address() {
    try (var database = TestDatabase.create()) {
      String connection = database.connectionString("").replace("Host=localhost", "Host=/tmp");

      assertThat(check(program().with(GATEWAY, connection)))
          .containsEntry(CHECK + "address", "null");
    }
  }

  @Test
  void tls_is_told_with_its_version_and_cipher() throws Exception {
    try (EmbeddedPostgres server =
        Certificates.ofLocalhost(path).serve(TestServer.builder("newest"), "localhost").start()) {
      String connection =
          "Host=localhost;Port=%d;Database=postgres;Username=postgres;SSL Mode=Require"
              .formatted(server.getPort());

      assertThat(check(program().with(GATEWAY, connection)))
          .containsEntry(CHECK + "tls", "TLSv1.3")
          .containsEntry(CHECK + "tls_cipher", "TLS_AES_256_GCM_SHA384")
          .containsEntry(CHECK + "superuser", "true");
    }
  }

  @Test
  void the_role_in_force_is_the_one_whose_rights_count() {
    try (var database = TestDatabase.create()) {
      String login = database.createRole("login");
      database.execute("GRANT %s TO %s".formatted(database.owner(), login));
      Program program = program().with(GATEWAY, database.connectionStringFor(login, ""));

      assertThat(check(program, "--role", database.owner()))
          .containsEntry(CHECK + "login_role", login)
          .containsEntry(CHECK + "role", database.owner())
          .containsEntry(CHECK + "schema_rights[1]", "CREATE");
    }
  }

  @Test
  void a_missing_schema_is_a_failure_unless_it_is_to_be_created() {
    try (var database = TestDatabase.create()) {
      Program program = program().with(GATEWAY, database.connectionString(";Search Path=app"));

      checked("check-missing-schema", 3, program.run("config", "--check"));
      assertThat(check(program, "--create-schema"))
          .containsEntry(CHECK + "schema", "app")
          .containsEntry(CHECK + "schema_exists", "false");
      assertThat(database.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'app'")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_right_is_named_by_its_grant_and_what_was_found_is_shown(ServerVersion version) {
    try (var database = TestDatabase.on(version.server())) {
      String role = database.createRole("weak");
      database.execute("CREATE SCHEMA app");
      database.execute("GRANT USAGE ON SCHEMA app TO " + role);
      Program program =
          program().with(GATEWAY, database.connectionStringFor(role, ";Search Path=app"));

      Program.Result result = program.run(arguments());

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(members(result))
          .containsEntry(CHECK + "schema_rights[0]", "USAGE")
          .doesNotContainKey(CHECK + "schema_rights[1]")
          .containsEntry(CHECK + "history_exists", "false")
          .containsEntry(ERROR + "kind", "configuration")
          .containsEntry(
              ERROR + "hint",
              "Let the owner run:\nGRANT USAGE, CREATE ON SCHEMA \"app\" TO \"%s\";"
                  .formatted(role));
    }
  }

  @Test
  void a_history_that_may_not_be_read_is_named_by_its_grant() {
    try (var database = TestDatabase.create()) {
      succeeds(program().with("Gateway", database).run());
      String role = database.createRole("weak");
      database.execute("GRANT USAGE, CREATE ON SCHEMA public TO " + role);

      Program.Result result =
          program().with(GATEWAY, database.connectionStringFor(role, "")).run(arguments());

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(members(result).get(ERROR + "hint"))
          .contains("GRANT SELECT, INSERT, UPDATE ON \"public\".\"__EFMigrationsHistory\"")
          .contains("ON \"public\".\"slipway_journal\"");
    }
  }

  @Test
  void a_read_only_role_cannot_migrate() {
    try (var database = TestDatabase.create()) {
      database.execute(
          "ALTER ROLE %s SET default_transaction_read_only = on".formatted(database.owner()));

      Program.Result result = program().with("Gateway", database).run(arguments());

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(members(result))
          .containsEntry(CHECK + "read_only", "true")
          .containsEntry(CHECK + "standby", "false");
    }
  }

  @Test
  void a_dead_server_is_not_reached() {
    String connection =
        "Host=localhost;Port=%d;Database=app;Username=app".formatted(FakeServer.unusedPort());

    checked(
        "check-dead",
        4,
        program().with(GATEWAY, connection).run("config", "--check", "--start-wait", "0s"));
  }

  @Test
  void a_dead_server_does_not_keep_the_other_database_from_being_checked() {
    folder
        .delete("changelog/20240101000000_One.sql")
        .write("changelog/gateway/20240101000000_One.sql", "SELECT 1;")
        .write("changelog/validator/20240101000000_One.sql", "SELECT 1;");
    try (var database = TestDatabase.create()) {
      Program program =
          program()
              .with(
                  GATEWAY, "Host=localhost;Port=%d;Username=app".formatted(FakeServer.unusedPort()))
              .with("Validator", database)
              .with("Slipway__StartWait", "0s");

      Program.Result result = program.run(arguments());

      assertThat(result.code()).as(result.toString()).isEqualTo(4);
      assertThat(members(result))
          .containsEntry(ERROR + "kind", "connection")
          .containsEntry("databases[1].name", "Validator")
          .containsEntry("databases[1].check.history_exists", "false")
          .doesNotContainKey("databases[1].error.kind");
      assertThat(program.run(arguments("--database", "validator")).code()).isZero();
    }
  }

  @Test
  void a_changelog_that_cannot_be_read_is_a_failure_beside_what_was_found() {
    folder.write("changelog/2024_Bad.sql", "SELECT 1;");
    try (var database = TestDatabase.create()) {
      Program.Result result = program().with("Gateway", database).run(arguments());

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(members(result))
          .containsEntry(CHECK + "role", database.owner())
          .containsEntry(ERROR + "kind", "configuration");
    }
  }

  @Test
  void nobody_is_connected_to_while_the_configuration_is_wrong() {
    try (var database = TestDatabase.create()) {
      Program program =
          program().with("Gateway", database).with("ConnectionStrings__Other", "Host=o;Prt=1");

      Program.Result result = program.run(arguments());

      assertThat(result.code()).as(result.toString()).isEqualTo(3);
      assertThat(members(result))
          .containsEntry("databases[0].connection.Database", database.name())
          .doesNotContainKey(CHECK + "database")
          .containsEntry("error.kind", "configuration");
    }
  }

  /// A reader's connection string beside the one that is migrated.
  @Test
  void a_database_without_a_changelog_is_described_and_not_judged() {
    folder
        .delete("changelog/20240101000000_One.sql")
        .write("changelog/gateway/20240101000000_One.sql", "SELECT 1;");
    try (var database = TestDatabase.create()) {
      String reader = database.createRole("reader");
      database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
      Program program =
          program()
              .with("Gateway", database)
              .with("ConnectionStrings__Reader", database.connectionStringFor(reader, ""));

      assertThat(check(program))
          .containsEntry("databases[1].check.role", reader)
          .doesNotContainKey("databases[1].check.schema_rights[1]");
    }
  }

  @Test
  void a_pooler_is_told_by_the_process_that_answers() {
    try (var database = TestDatabase.create();
        var proxy = GreetingProxy.withAnotherPid(database.server().port())) {
      String direct = database.connectionString("");
      String pooled = direct.replace("Port=" + database.server().port(), "Port=" + proxy.port());

      assertThat(check(program().with(GATEWAY, pooled))).containsEntry(CHECK + "pooler", "true");
      assertThat(check(program().with(GATEWAY, direct))).containsEntry(CHECK + "pooler", "false");
    }
  }

  @Test
  void a_password_of_a_connection_that_fails_is_not_shown() {
    try (var database = TestDatabase.on(TestServer.askingForPasswords())) {
      Program program = program().with(GATEWAY, database.connectionString(";Password=verysecret"));

      Program.Result result = program.run(arguments());

      assertThat(result.code()).as(result.toString()).isEqualTo(4);
      assertThat(result.toString()).doesNotContain("verysecret");
    }
  }
}
