package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.FakeServer;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.PgBouncer;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Tool;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each way in which a connect can fail: one message, the right exit code, and not much later than
/// `StartWait` allows.
@TestInstance(Lifecycle.PER_CLASS)
final class ConnectionFailureTest {
  private static final Duration START_WAIT = Duration.ofSeconds(1);
  private static final Duration AT_MOST = START_WAIT.plusSeconds(2);
  private static final String HTTP =
      "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

  /// Nobody else has an entry.
  private static final String RULES =
      """
      local all locked scram-sha-256
      local all all trust
      host all postgres,open,dormant,missing all trust
      host all banned all reject
      hostssl all encrypted all trust
      """;

  private static final String ITSELF =
      "\n          Within a container, localhost is the container itself, unless";

  private final EmbeddedPostgres server = guarded();
  private Folder folder = new Folder(Path.of(""));
  private Path path = Path.of("");

  private static EmbeddedPostgres guarded() {
    try {
      EmbeddedPostgres started =
          TestServer.builder("newest", RULES)
              .setServerConfig("max_connections", "6")
              .setServerConfig("superuser_reserved_connections", "2")
              .start();
      TestServer server = TestServer.at(started.getPort());
      for (String role : List.of("open", "banned", "encrypted", "unlisted", "locked")) {
        server.administer("CREATE ROLE " + role + " LOGIN");
      }
      server.administer("CREATE ROLE dormant");
      server.administer("CREATE DATABASE app OWNER open");
      server.administer("CREATE DATABASE closed");
      server.administer("CREATE DATABASE shut ALLOW_CONNECTIONS false");
      server.administer("CREATE DATABASE broken");
      server.administer("UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'broken'");
      server.administer("REVOKE CONNECT ON DATABASE closed FROM public");
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  void stop_the_server() throws IOException {
    server.close();
  }

  @BeforeEach
  void write_a_changelog(@TempDir Path temporary) {
    path = temporary;
    folder = new Folder(path);
    folder.write("changelog/20240101000000_One.sql", "SELECT 1;\n");
  }

  private Program program(String connection) {
    return Program.in(path)
        .with("ConnectionStrings__Gateway", connection + ";Password=s3cret")
        .with("Slipway__StartWait", START_WAIT.toSeconds() + "s");
  }

  private String connection(String user, String more) {
    return "Host=localhost;Port=%d;Database=app;Username=%s%s"
        .formatted(server.getPort(), user, more);
  }

  private static String at(int port, String more) {
    return "Host=localhost;Port=%d;Database=app;Username=open%s".formatted(port, more);
  }

  private void refused(String golden, String connection) {
    long begin = System.nanoTime();

    Program.Result result = program(connection).run();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_MOST);
    Golden.check("dev/slipway/connect/" + golden + ".txt", result.toString());
    assertThat(result.code()).as(result.toString()).isEqualTo(4);
    assertThat(result.toString()).doesNotContain("s3cret");
  }

  @Test
  void the_server_lets_in_who_may() {
    Program.Result result = program(connection("open", "")).run();

    assertThat(result.code()).as(result.toString()).isZero();
  }

  @Test
  void a_host_name_that_nobody_knows() {
    refused("unknown-host", "Host=no-such-host.invalid;Database=app;Username=open");
  }

  @Test
  void an_address_that_swallows_what_is_sent() {
    try (var unreachable = FakeServer.unreachable()) {
      refused("black-hole", at(unreachable.port(), ""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Disable", "Allow", "Prefer", "Require"})
  void a_server_that_accepts_and_says_nothing(String sslMode) {
    try (var silent = FakeServer.silent()) {
      refused("silent", at(silent.port(), ";SSL Mode=" + sslMode));
    }
  }

  @Test
  void a_timeout_without_a_limit_ends_with_the_waiting() {
    try (var silent = FakeServer.silent()) {
      refused("silent", at(silent.port(), ";Timeout=0"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Disable", "Prefer", "Require"})
  void a_port_of_another_protocol(String sslMode) {
    try (var web = FakeServer.answering(HTTP)) {
      refused("http", at(web.port(), ";SSL Mode=" + sslMode));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Disable", "Prefer"})
  void a_server_that_hangs_up(String sslMode) {
    try (var closing = FakeServer.answering("")) {
      refused("hangs-up", at(closing.port(), ";SSL Mode=" + sslMode));
    }
  }

  private static Program.Result nothingListens(String host, Program program) {
    return program
        .with("ConnectionStrings__Gateway", "Host=%s;Port=1;Username=u".formatted(host))
        .with("Slipway__StartWait", "0")
        .run();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "::1"})
  void within_a_container_localhost_is_told_to_be_the_container(String host) {
    Program.Result result =
        nothingListens(host, Program.in(path).with("KUBERNETES_SERVICE_HOST", "10.96.0.1"));

    assertThat(result.code()).as(result.toString()).isEqualTo(4);
    assertThat(result.err()).contains("nothing listens there").contains(ITSELF);
  }

  @Test
  void config_tells_it_too() {
    Program.Result result =
        Program.in(path)
            .with("KUBERNETES_SERVICE_HOST", "10.96.0.1")
            .with("ConnectionStrings__Gateway", "Host=localhost;Port=1;Username=u")
            .with("Slipway__StartWait", "0")
            .run("config", "--check");

    assertThat(result.toString()).contains(ITSELF);
  }

  @Test
  void nothing_is_told_of_localhost_where_it_is_not_the_trouble() {
    Program.Result outside = nothingListens("localhost", Program.in(path));
    Program.Result elsewhere =
        nothingListens("127.0.0.2", Program.in(path).with("KUBERNETES_SERVICE_HOST", "10.96.0.1"));

    assertThat(outside.err()).contains("nothing listens there").doesNotContain("container");
    assertThat(elsewhere.err()).contains("nothing listens there").doesNotContain("container");
  }

  @Test
  void a_role_that_there_is_not() {
    refused("missing-role", connection("missing", ""));
  }

  @Test
  void a_role_that_may_not_log_in() {
    refused("no-login", connection("dormant", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "banned, rejected-by-rule",
    "unlisted, no-rule",
  })
  void a_role_that_the_rules_keep_out(String role, String golden) {
    refused(golden, connection(role, ""));
  }

  @Test
  void a_server_that_requires_tls() {
    refused("tls-required", connection("encrypted", ";SSL Mode=Disable"));
  }

  @Test
  void a_database_that_the_role_may_not_connect_to() {
    refused("no-connect", connection("open", "").replace("Database=app", "Database=closed"));
  }

  @Test
  void a_database_that_lets_nobody_in() {
    refused("allows-nobody", connection("open", "").replace("Database=app", "Database=shut"));
  }

  @Test
  void a_database_that_was_not_dropped_to_the_end() {
    refused("half-dropped", connection("open", "").replace("Database=app", "Database=broken"));
  }

  @Test
  void a_database_that_a_pooler_does_not_know() {
    try (var pooler = PgBouncer.startFor(TestServer.at(server.getPort()), "app", "open")) {
      refused("unknown-to-pooler", at(pooler.port(), "").replace("Database=app", "Database=ap"));
    }
  }

  @Test
  void a_folder_without_a_socket() {
    refused("no-socket", "Host=%s;Database=app;Username=open".formatted(path));
  }

  @Test
  void a_password_that_is_missing_where_the_socket_is_there() {
    Program.Result result =
        Program.in(path)
            .with(
                "ConnectionStrings__Gateway",
                connection("locked", "").replace("Host=localhost", "Host=/tmp"))
            .run();

    assertThat(result.code()).as(result.toString()).isEqualTo(4);
    assertThat(result.err())
        .contains("the server asks for a password, and none was given")
        .contains("next    Add the password to ConnectionStrings__Gateway: ;Password=…");
  }

  @Test
  void a_file_as_the_folder_of_a_socket() {
    folder.write("socket", "");

    refused("file-as-folder", "Host=%s/socket;Database=app;Username=open".formatted(path));
  }

  @Test
  void a_file_as_a_socket() {
    folder.write(".s.PGSQL.5432", "");

    refused("file-as-socket", "Host=%s;Database=app;Username=open".formatted(path));
  }

  @Test
  void a_socket_whose_path_is_too_long() {
    refused("long-socket", "Host=%s/%s;Database=app;Username=open".formatted(path, "x".repeat(99)));
  }

  @Test
  void a_server_that_is_starting_is_waited_for() {
    var refusals = List.of("57P03", "57P03", "53300", "57P01");
    try (var starting = FakeServer.refusing(refusals, TestServer.at(server.getPort()))) {
      Program.Result result =
          program(at(starting.port(), ";SSL Mode=Disable"))
              .with("Slipway__StartWait", "1min")
              .run();

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err())
          .isEqualTo("Gateway: waiting for the server (0 s): the database system is starting up\n");
    }
  }

  @Test
  void a_server_that_only_starts_is_given_up_at_last() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add("57P03");
    }
    try (var starting = FakeServer.refusing(many, TestServer.at(server.getPort()))) {
      refused("starting", at(starting.port(), ";SSL Mode=Disable"));
    }
  }

  private List<Connection> occupied() throws SQLException {
    List<Connection> sessions = new ArrayList<>();
    try {
      while (true) {
        sessions.add(session("open"));
      }
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo("53300");
      return sessions;
    }
  }

  private Connection session(String role) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:%d/app?user=%s".formatted(server.getPort(), role));
  }

  private static void close(List<Connection> sessions) throws SQLException {
    for (Connection session : sessions) {
      session.close();
    }
  }

  @Test
  void a_server_that_is_full_is_given_up_at_last() throws SQLException {
    List<Connection> sessions = occupied();
    try {
      refused("full", connection("open", ""));
    } finally {
      close(sessions);
    }
  }

  @Test
  void a_server_that_is_full_is_waited_for() throws Exception {
    List<Connection> sessions = occupied();
    try {
      Process process = program(connection("open", "")).with("Slipway__StartWait", "1min").start();
      BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
      String waiting = err.readLine();

      sessions.removeFirst().close();

      assertThat(waiting).matches("Gateway: waiting for the server \\(\\d s\\): .+");
      assertThat(process.waitFor()).isZero();
    } finally {
      close(sessions);
    }
  }

  /// A smart shutdown waits for the sessions that there are.
  @Test
  void a_server_that_is_shutting_down() throws Exception {
    try (EmbeddedPostgres ending = TestServer.builder("newest").start();
        Connection last = ending.getPostgresDatabase().getConnection();
        Statement statement = last.createStatement()) {
      Tool.run("kill", "-TERM", postmaster(statement));
      untilShuttingDown(ending);

      refused(
          "shutting-down",
          "Host=localhost;Port=%d;Database=postgres;Username=postgres".formatted(ending.getPort()));
    }
  }

  private static String postmaster(Statement statement) throws SQLException, IOException {
    try (ResultSet directory = statement.executeQuery("SHOW data_directory")) {
      directory.next();
      return Files.readAllLines(Path.of(directory.getString(1), "postmaster.pid")).getFirst();
    }
  }

  private static void untilShuttingDown(EmbeddedPostgres server) {
    long begin = System.nanoTime();
    boolean open = true;
    while (open) {
      try (Connection session = server.getPostgresDatabase().getConnection()) {
        assertThat(session.isValid(0)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_MOST.multipliedBy(9));
      } catch (SQLException e) {
        assertThat(e.getSQLState()).isEqualTo("57P03");
        open = false;
      }
    }
  }
}
