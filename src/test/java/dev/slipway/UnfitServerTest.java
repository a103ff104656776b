package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Catalog;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.GreetingProxy;
import dev.slipway.testing.Psql;
import dev.slipway.testing.Replica;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said of a server, a database or a session where nothing can be written.
@Tag("slow")
final class UnfitServerTest {
  private static final String READ_ONLY = "default_transaction_read_only";

  @TempDir private Path folder;

  @BeforeEach
  void write_a_changelog() {
    new Folder(folder).write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);");
  }

  private Program program(String connection) {
    return Program.in(folder).with("ConnectionStrings__Gateway", connection);
  }

  /// Whoever is refused reads why, and changes nothing.
  private static Program.Result assertThatItIsRefused(
      TestDatabase database, Program program, String golden, String... arguments) {
    String before = Catalog.schema(database);

    Program.Result refused = program.run(arguments);

    assertThat(refused.code()).as(refused.toString()).isEqualTo(3);
    Golden.check("dev/slipway/rights/" + golden + ".txt", refused.err());
    assertThat(Catalog.schema(database)).isEqualTo(before);
    return refused;
  }

  /// Statement by statement, as psql sends it.
  private void paste(TestDatabase database, Program.Result refused) throws IOException {
    Path script = folder.resolve("remedy.sql");
    Files.write(
        script, refused.err().lines().dropWhile(line -> !line.endsWith(" run:")).skip(1).toList());

    Psql.Result result = Psql.run(database, "postgres", script, HandRun.STOP);

    assertThat(result.code()).as(result.toString()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "role,          ALTER ROLE %1$s_owner SET",
    "database,      ALTER DATABASE %1$s SET",
    "database-role, ALTER ROLE %1$s_owner IN DATABASE %1$s SET"
  })
  void a_role_or_a_database_that_is_read_only_is_made_writable_by_what_is_printed(
      String golden, String setting) throws IOException {
    for (ServerVersion version : ServerVersion.values()) {
      try (var database = TestDatabase.on(version.server())) {
        database.execute(setting.formatted(database.name()) + " " + READ_ONLY + " = on");
        Program program = program(database.connectionString(""));

        Program.Result refused =
            assertThatItIsRefused(database, program, "read-only-" + golden, "migrate");

        paste(database, refused);
        assertThat(program.run().code()).isZero();
        assertThat(database.tables()).contains("public.one");
      }
    }
  }

  @Test
  void a_session_that_asks_to_be_read_only_is_told_so() {
    try (var database = TestDatabase.create()) {
      String connection = database.connectionString(";Options=-c default_transaction_read_only=on");

      assertThatItIsRefused(database, program(connection), "read-only-session");
      assertThatItIsRefused(
          database,
          program(connection),
          "read-only-session",
          "resync",
          "--wipe",
          "--confirm",
          database.name());
    }
  }

  @Test
  void a_server_that_is_read_only_is_made_writable_by_what_is_printed() throws Exception {
    try (var server = TestServer.builder("newest").start();
        var database = TestDatabase.on(TestServer.at(server.getPort()))) {
      database.execute("ALTER SYSTEM SET %s = on".formatted(READ_ONLY));
      reloadUntil(database, "on");
      Program program = program(database.connectionString(""));

      Program.Result refused = assertThatItIsRefused(database, program, "read-only-server");

      paste(database, refused);
      reloadUntil(database, "off");
      assertThat(program.run().code()).isZero();
    }
  }

  private static void reloadUntil(TestDatabase database, String value) {
    database.execute("SELECT pg_reload_conf()");
    Until.row(database, "SELECT 1 WHERE current_setting('%s') = '%s'".formatted(READ_ONLY, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"migrate", "config --check", "resync --wipe --confirm DATABASE"})
  void a_standby_is_refused(String command) {
    try (var replica = Replica.start();
        var database = TestDatabase.on(replica.primary())) {
      String connection =
          "Host=localhost;Port=%d;Database=%s;Username=%s;Include Error Detail=true"
              .formatted(replica.standby().port(), database.name(), database.owner());
      Until.row(
          database, "SELECT 1 FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()");

      assertThatItIsRefused(
          database,
          program(connection),
          "standby",
          command.replace("DATABASE", database.name()).split(" ", -1));
    }
  }

  @Test
  void a_server_that_is_too_old_is_refused() {
    try (var database = TestDatabase.create();
        var old = GreetingProxy.withVersion(database.server().port(), "13.4")) {
      String connection =
          "Host=localhost;Port=%d;Database=%s;Username=%s"
              .formatted(old.port(), database.name(), database.owner());

      assertThatItIsRefused(database, program(connection), "too-old");
    }
  }
}
