package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.testing.Golden;
import dev.slipway.testing.Psql;
import dev.slipway.testing.State;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A script without non-transactional migrations does its work in whatever client it is run.
@Tag("slow")
class ScriptClientsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final String EVERY_CONDUCT = "src/test/resources/dev/slipway/script/every-conduct";

  private static final String ANY_CLIENT = "src/test/resources/dev/slipway/script/any-client";

  /// How a script is run.
  enum Way {
    ONE_JDBC_STATEMENT,
    ONE_JDBC_STATEMENT_IN_A_TRANSACTION,
    EACH_STATEMENT_ALONE,
    PSQL_FILE_AS_LATIN1,
    PSQL_COMMAND,
    PSQL_SINGLE_TRANSACTION
  }

  @TempDir private Path folder;

  private static Stream<Arguments> ways() {
    return Stream.of(
            List.of("changelog/miner"),
            List.of("changelog/validator", "--to", "20250121085500_AddEnsembleForecasts"),
            List.of(ANY_CLIENT),
            List.of("src/test/resources/liquibase/all/changelog.xml"))
        .flatMap(changelog -> Stream.of(Way.values()).map(way -> Arguments.of(changelog, way)));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whatever_client_runs_it_the_database_is_the_runners(List<String> changelog, Way way)
      throws Exception {
    try (var one = TestDatabase.create();
        var other = TestDatabase.create()) {
      one.executeAsOwner("CREATE SCHEMA app");
      other.executeAsOwner("CREATE SCHEMA app");
      succeeded(run("migrate", changelog, one));
      succeeded(run("migrate", changelog, one));
      String script = succeeded(run("script", changelog, other)).out();

      run(script, way, other);
      run(script, way, other);

      assertThat(State.of(other, "app")).isEqualTo(State.of(one, "app"));
    }
  }

  /// @param changelog with options behind it
  private static Program.Result run(String command, List<String> changelog, TestDatabase database) {
    List<String> arguments = new ArrayList<>(changelog);
    arguments.set(0, command);
    return Program.in(ROOT)
        .with("Slipway__Changelog", changelog.getFirst())
        .with("ConnectionStrings__Release", database.connectionString(";Search Path=app"))
        .run(arguments.toArray(String[]::new));
  }

  private static Program.Result succeeded(Program.Result result) {
    assertThat(result.code()).as(result.toString()).isZero();
    return result;
  }

  private void run(String script, Way way, TestDatabase database) throws Exception {
    String file = Files.writeString(folder.resolve("script.sql"), script).toString();
    switch (way) {
      case ONE_JDBC_STATEMENT -> execute(List.of(script), database);
      case ONE_JDBC_STATEMENT_IN_A_TRANSACTION -> executeInTransaction(script, database);
      case EACH_STATEMENT_ALONE -> execute(statements(script), database);
      case PSQL_FILE_AS_LATIN1 -> psql(database, "LATIN1", "-f", file);
      case PSQL_COMMAND -> psql(database, "UTF8", "-c", script);
      case PSQL_SINGLE_TRANSACTION -> psql(database, "UTF8", "-1", "-f", file);
    }
  }

  private static void execute(List<String> statements, TestDatabase database) throws SQLException {
    try (Connection connection = database.connectAsOwner();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void executeInTransaction(String script, TestDatabase database)
      throws SQLException {
    try (Connection connection = database.connectAsOwner();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(script);
      connection.commit();
    }
  }

  private static String psql(TestDatabase database, String encoding, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of("env", "PGCLIENTENCODING=" + encoding, "psql", "-X", "-v", "ON_ERROR_STOP=1"));
    command.addAll(List.of("-h", "localhost", "-p", Integer.toString(database.server().port())));
    command.addAll(List.of("-U", database.owner(), "-d", database.name()));
    command.addAll(List.of(options));
    return Tool.run(command.toArray(String[]::new));
  }

  /// As a client splits that knows no SQL: at the end of a block, and outside of one, at a line's
  /// end with `;`.
  private static List<String> statements(String script) {
    List<String> statements = new ArrayList<>();
    var statement = new StringBuilder();
    String block = "";
    for (String line : script.split("\n", -1)) {
      statement.append(line).append('\n');
      if (line.startsWith("DO $slipway")) {
        block = line.substring("DO ".length());
      } else if (line.endsWith(block + ";")) {
        statements.add(statement.toString());
        statement.setLength(0);
        block = "";
      }
    }
    assertThat(statement).isBlank();
    return statements;
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESET ALL", "DISCARD ALL", "SET client_encoding TO DEFAULT"})
  void a_migration_without_a_transaction_that_takes_the_encoding_away(String sql) {
    var hand =
        new HandRun(folder)
            .migration("20240101000000_Ä", "CREATE TABLE names (name text);")
            .migration(
                "20240102000000_Ö",
                "-- slipway: no-transaction\n%s;\nINSERT INTO names VALUES ('Bäcker €');"
                    .formatted(sql))
            .migration("20240103000000_Ü", "INSERT INTO names VALUES ('später');");
    try (var database = TestDatabase.create();
        var other = TestDatabase.create()) {
      database.execute("ALTER ROLE %s SET client_encoding = 'LATIN1'".formatted(database.owner()));

      Psql.Result result = hand.runUntilError(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(HandRun.State.of(database)).isEqualTo(hand.byProgram(other));
    }
  }

  /// psql sends the text of -c as one, which the server converts before it runs any of it.
  @Test
  void a_client_that_takes_the_script_for_another_encoding_is_refused() {
    try (var database = TestDatabase.create()) {
      database.executeAsOwner("CREATE SCHEMA app");
      String script = succeeded(run("script", List.of(ANY_CLIENT), database)).out();

      for (String encoding : List.of("LATIN1", "WIN1252", "SJIS", "BIG5")) {
        assertThatThrownBy(() -> psql(database, encoding, "-c", script))
            .hasMessageMatching(
                "(?s).*\nERROR:  (slipway: the client takes|character with|invalid byte) .*");
      }
      assertThat(database.tables()).isEmpty();
    }
  }

  @Test
  void plain_refuses_by_name_what_only_psql_can_do() {
    Program.Result result = offline(EVERY_CONDUCT, "script", "--plain");

    Golden.check("dev/slipway/script/plain.txt", result.toString().replace(ROOT + "/", ""));
    assertThat(result.code()).isEqualTo(3);
  }

  @Test
  void plain_writes_what_any_client_runs() {
    Program.Result result =
        offline(EVERY_CONDUCT, "script", "--plain", "--to", "20240104000000_Count");

    assertThat(succeeded(result).out().lines().filter(line -> line.startsWith("\\"))).isEmpty();
    Golden.check("dev/slipway/script/header-any-client.txt", header(result.out()));
  }

  @Test
  void the_header_names_psql_and_the_migrations_that_need_it() {
    Program.Result result = offline(EVERY_CONDUCT, "script");

    Golden.check("dev/slipway/script/header-psql.txt", header(succeeded(result).out()));
  }

  private static Program.Result offline(String changelog, String... arguments) {
    return Program.in(ROOT).with("Slipway__Changelog", changelog).run(arguments);
  }

  private static String header(String script) {
    return script
        .substring(0, script.indexOf("\n\n") + 1)
        .replaceFirst("-- Slipway \\S+", "-- Slipway VERSION");
  }
}
