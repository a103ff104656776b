package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.config.ConnectionString;
import dev.slipway.postgres.ConnectionFailedException;
import dev.slipway.postgres.Connector;
import dev.slipway.postgres.Session;
import dev.slipway.testing.FakeServer;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.Replica;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Several hosts in a connection string, with a real standby among them.
@TestInstance(Lifecycle.PER_CLASS)
final class SeveralHostsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofSeconds(1);

  /// In recovery, and the port.
  private static final String WHO = "SELECT pg_is_in_recovery(), current_setting('port')";

  private static final String REPLAYED =
      "SELECT 1 FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_flush_lsn()";

  private final Replica replica = Replica.start();
  private final TestDatabase database = TestDatabase.on(replica.primary());

  SeveralHostsTest() {
    Until.row(database, REPLAYED);
  }

  @AfterAll
  void stop_the_servers() {
    database.close();
    replica.close();
  }

  private int primary() {
    return replica.primary().port();
  }

  private int standby() {
    return replica.standby().port();
  }

  /// A connection string for these ports of localhost.
  private String to(String more, int... ports) {
    var hosts = new StringBuilder();
    for (int port : ports) {
      hosts.append(hosts.isEmpty() ? "" : ",").append("localhost:").append(port);
    }
    return "Host=%s;Database=%s;Username=%s%s"
        .formatted(hosts, database.name(), database.owner(), more);
  }

  /// The port where a session is opened.
  private static int connected(Duration startWait, String connection) throws SQLException {
    var connector = new Connector(startWait, Optional.empty(), (reason, waited) -> {});
    try (Session session = connector.connect(ConnectionString.parse("Gateway", connection))) {
      return Integer.parseInt(session.query(WHO).getFirst().text(1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "any, true, true",
    "any, false, false",
    "primary, true, true",
    "primary, false, true",
    "standby, true, false",
    "standby, false, false",
    "prefer-primary, true, true",
    "prefer-primary, false, true",
    "prefer-standby, true, false",
    "prefer-standby, false, false",
    "read-write, true, true",
    "read-write, false, true",
    "read-only, true, false",
    "read-only, false, false"
  })
  void each_target_session_attribute_finds_its_host(
      String target, boolean primaryFirst, boolean primaryFound) throws Exception {
    int first = primaryFirst ? primary() : standby();
    int second = primaryFirst ? standby() : primary();

    int found = connected(LONG, to(";Target Session Attributes=" + target, first, second));

    assertThat(found).isEqualTo(primaryFound ? primary() : standby());
  }

  @ParameterizedTest
  @CsvSource({
    "primary, true",
    "prefer-primary, true",
    "read-only, true",
    "standby, false",
    "prefer-standby, false"
  })
  void a_read_only_primary_is_a_primary_and_read_only(String target, boolean primaryFound)
      throws Exception {
    makeReadOnly();
    try {
      int found = connected(LONG, to(";Target Session Attributes=" + target, primary(), standby()));

      assertThat(found).isEqualTo(primaryFound ? primary() : standby());
    } finally {
      makeWritable();
    }
  }

  @Test
  void a_read_only_primary_is_none_to_write_to() {
    makeReadOnly();
    try {
      assertThatThrownBy(
              () ->
                  connected(
                      SHORT, to(";Target Session Attributes=read-write", primary(), standby())))
          .isInstanceOf(ConnectionFailedException.class)
          .hasMessage(
              "could not connect to database \"%s\": localhost:%d: is a read-only primary;"
                      .formatted(database.name(), primary())
                  + " localhost:%d: is a standby".formatted(standby()));
    } finally {
      makeWritable();
    }
  }

  private void makeReadOnly() {
    database.execute("ALTER SYSTEM SET default_transaction_read_only = on");
    reloadUntil("on");
  }

  private void makeWritable() {
    database.execute("ALTER SYSTEM RESET default_transaction_read_only");
    reloadUntil("off");
  }

  private void reloadUntil(String value) {
    database.execute("SELECT pg_reload_conf()");
    Until.row(
        database,
        "SELECT 1 WHERE current_setting('default_transaction_read_only') = '" + value + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host=localhost:%1$d,localhost:%2$d;Database=%3$s;Username=%4$s",
        "postgres://%4$s@localhost:%1$d,localhost:%2$d/%3$s?target_session_attrs=standby",
        "postgres://%4$s@/%3$s?host=localhost,localhost&port=%1$d,%2$d",
        "jdbc:postgresql://localhost:%1$d,localhost:%2$d/%3$s?user=%4$s&targetServerType=secondary"
      })
  void each_form_of_a_connection_string_and_its_variable_ask_for_a_standby(
      String form, @TempDir Path folder) {
    Program.Result result =
        Program.in(folder)
            .with(
                "ConnectionStrings__Gateway",
                form.formatted(primary(), standby(), database.name(), database.owner()))
            .with("PGTARGETSESSIONATTRS", form.contains("target") ? "primary" : "standby")
            .run("config", "--check", "--json");

    assertThat(result.out())
        .contains("\"address\":\"127.0.0.1:%d\"".formatted(standby()))
        .contains("\"standby\":true");
  }

  @ParameterizedTest
  @CsvSource({
    "any",
    "primary",
    "prefer-primary",
    "read-write",
  })
  void a_dead_first_host_leads_to_the_next(String target) throws Exception {
    String connection =
        to(";Target Session Attributes=" + target, FakeServer.unusedPort(), primary());

    assertThat(connected(Duration.ZERO, connection)).isEqualTo(primary());
  }

  @ParameterizedTest
  @CsvSource({"prefer-primary, true", "prefer-standby, false"})
  void what_is_preferred_need_not_be_there(String target, boolean standbyOnly) throws Exception {
    int there = standbyOnly ? standby() : primary();
    String connection = to(";Target Session Attributes=" + target, there, FakeServer.unusedPort());

    assertThat(connected(Duration.ZERO, connection)).isEqualTo(there);
  }

  @Test
  void a_host_that_does_not_let_us_in_leads_to_the_next() throws Exception {
    try (var guarded = FakeServer.refusing(List.of("28P01"), replica.primary())) {
      assertThat(connected(Duration.ZERO, to(";SSL Mode=Disable", guarded.port(), primary())))
          .isEqualTo(primary());
    }
  }

  @Test
  void a_host_that_does_not_answer_leaves_time_for_the_next() throws Exception {
    try (var silent = FakeServer.silent();
        var unreachable = FakeServer.unreachable()) {
      long begin = System.nanoTime();

      int found =
          connected(Duration.ofSeconds(3), to("", silent.port(), unreachable.port(), primary()));

      assertThat(found).isEqualTo(primary());
      // Without a part for each, the first would take Timeout's 15 s.
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void the_time_to_connect_counts_for_each_host() throws Exception {
    try (var silent = FakeServer.silent()) {
      long begin = System.nanoTime();

      int found = connected(LONG, to(";Timeout=1", silent.port(), silent.port(), primary()));

      assertThat(found).isEqualTo(primary());
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
    }
  }

  @Test
  void a_session_waits_longer_for_answers_than_its_opening_did() throws Exception {
    var connector = new Connector(SHORT, Optional.empty(), (reason, waited) -> {});
    try (Session session =
        connector.connect(ConnectionString.parse("Gateway", to(";Timeout=1", primary())))) {
      assertThat(session.query("SELECT pg_sleep(1.5)")).hasSize(1);
    }
  }

  @Test
  void a_standby_that_is_promoted_is_waited_for(@TempDir Path folder) throws Exception {
    new Folder(folder).write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);\n");
    try (EmbeddedPostgres alone = Replica.startAlone(folder)) {
      Process process =
          Program.in(folder)
              .with(
                  "ConnectionStrings__Gateway",
                  "Host=localhost:%d,localhost:%d;Database=postgres;Username=postgres;"
                          .formatted(FakeServer.unusedPort(), alone.getPort())
                      + "Target Session Attributes=primary")
              .start();
      BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
      String waiting = err.readLine();

      try (var connection = alone.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("SELECT pg_promote()");
      }

      assertThat(waiting)
          .startsWith("Gateway: waiting for the server (0 s): localhost:")
          .contains(": nothing listens there; localhost:")
          .endsWith(": is a standby");
      assertThat(process.waitFor()).isZero();
    }
  }

  private Program.Result migrated(Path folder, String connection) {
    new Folder(folder).write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);\n");
    return Program.in(folder)
        .with("ConnectionStrings__Gateway", connection)
        .with("Slipway__StartWait", "1s")
        .run();
  }

  private static void refused(String golden, int code, Program.Result result) {
    Golden.check("dev/slipway/hosts/" + golden + ".txt", result.toString());
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
  }

  @Test
  void a_standby_cannot_be_migrated(@TempDir Path folder) {
    refused("standby", 3, migrated(folder, to("", standby())));
  }

  /// What was remembered on the primary is known there, and nothing is written.
  @Test
  void a_standby_tells_the_progress_of_a_resync(@TempDir Path folder) {
    new Folder(folder)
        .write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);\n")
        .write(
            "changelog/slipway.yaml",
            "resync-progress: {query: SELECT count(*) FROM one, target: 10}");
    try (var own = TestDatabase.on(replica.primary())) {
      Program onPrimary = Program.in(folder).with("Gateway", own);
      Program onStandby =
          Program.in(folder)
              .with(
                  "ConnectionStrings__Gateway",
                  "Host=localhost;Port=%d;Database=%s;Username=%s"
                      .formatted(standby(), own.name(), own.owner()));
      assertThat(onPrimary.run().code()).isZero();
      awaitReplay(own);

      Program.Result first = onStandby.run("status");
      assertThat(onPrimary.run("status").code()).isZero();
      own.execute("INSERT INTO one VALUES (1)");
      awaitReplay(own);
      Program.Result second = onStandby.run("status");

      assertThat(first.code()).isZero();
      assertThat(first.err()).isEmpty();
      assertThat(first.out()).endsWith("\nresync    0 of 10 (0 %)\n");
      assertThat(second.err()).isEmpty();
      assertThat(second.out()).contains("\nresync    1 of 10 (10 %), ", " per second since ");
    }
  }

  /// What was committed without waiting for the disk is not sent before it is there.
  private static void awaitReplay(TestDatabase database) {
    database.execute(
        "SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'test', '')");
    Until.row(database, REPLAYED);
  }

  @Test
  void both_dead(@TempDir Path folder) {
    refused(
        "both-dead", 4, migrated(folder, to("", FakeServer.unusedPort(), FakeServer.unusedPort())));
  }

  @Test
  void one_dead_and_one_of_the_wrong_kind(@TempDir Path folder) {
    refused(
        "dead-and-standby",
        4,
        migrated(
            folder, to(";Target Session Attributes=primary", FakeServer.unusedPort(), standby())));
  }

  @Test
  void all_of_the_wrong_kind(@TempDir Path folder) {
    refused(
        "standbys",
        4,
        migrated(folder, to(";Target Session Attributes=primary", standby(), standby())));
  }

  @Test
  void what_all_refuse_alike_is_told_once_and_at_once(@TempDir Path folder) {
    String nobody =
        "Host=localhost:%d,localhost:%d;Database=%s;Username=nobody"
            .formatted(primary(), standby(), database.name());

    refused("nobody", 4, migrated(folder, nobody));
  }

  @Test
  void a_refusal_and_a_dead_host_are_told_with_what_to_do_about_the_refusal(@TempDir Path folder) {
    String nobody =
        "Host=localhost:%d,localhost:%d;Database=%s;Username=nobody"
            .formatted(FakeServer.unusedPort(), primary(), database.name());

    refused("dead-and-nobody", 4, migrated(folder, nobody));
  }

  @Test
  void a_missing_database_is_made_on_the_primary(@TempDir Path folder) {
    database.execute("ALTER ROLE " + database.owner() + " CREATEDB");
    String fresh = database.name() + "_fresh";
    new Folder(folder).write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);\n");

    Program.Result result =
        Program.in(folder)
            .with(
                "ConnectionStrings__Gateway",
                to(";Target Session Attributes=prefer-primary", standby(), primary())
                    .replace("Database=" + database.name(), "Database=" + fresh))
            .run("migrate", "--create-database");

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err()).isEqualTo("Gateway: created database \"%s\"\n".formatted(fresh));
    database.server().administer("DROP DATABASE " + fresh);
  }
}
