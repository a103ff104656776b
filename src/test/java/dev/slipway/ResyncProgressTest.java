package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.Psql;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import dev.slipway.testing.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `slipway status` tells of the progress of a resync.
@Tag("slow")
final class ResyncProgressTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String NAME = "slipway resync-progress";
  private static final String REMEMBERED =
      "SELECT migration_id, resync_done FROM slipway_journal WHERE history_table = '%s'"
          .formatted(NAME);
  private static final String UP_TO_DATE = "Gateway: up-to-date at " + ONE + " (1 applied)\n";

  @TempDir private Path path;
  private TestDatabase database = TestDatabase.create();

  @BeforeEach
  void apply_one() {
    write(
        ONE,
        "CREATE TABLE orders (id int PRIMARY KEY); CREATE SEQUENCE numbers;"
            + " CREATE TABLE hidden AS SELECT 'hunter2' AS password;");
    define("SELECT count(*) FROM orders", "1000");
    ends(0, program().run());
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private void write(String id, String sql) {
    new Folder(path).write("changelog/" + id + ".sql", sql);
  }

  private void define(String query, String target) {
    new Folder(path)
        .write(
            "changelog/slipway.yaml",
            "# How far it is.\nresync-progress:\n  query: \"%s\"\n  target: \"%s\"\n"
                .formatted(query, target));
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  /// What status prints behind the summary, from a run that has nothing to warn of.
  private String status() {
    Program.Result result = ends(0, program().run("status"));
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith(UP_TO_DATE);
    return result.out().substring(UP_TO_DATE.length());
  }

  private void orders(int from, int to) {
    database.executeAsOwner(
        "INSERT INTO orders SELECT generate_series(%d, %d)".formatted(from, to));
  }

  /// Lets the last look be longer ago.
  private void later(int seconds) {
    database.execute(
        """
        UPDATE slipway_journal SET started_at = started_at - interval '%1$d s',
          finished_at = finished_at - interval '%1$d s' WHERE history_table = '%2$s'"""
            .formatted(seconds, NAME));
  }

  /// A time of the last look, as status writes it.
  private String remembered(String column) {
    return database
        .rows(
            """
            SELECT to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC'
            FROM slipway_journal WHERE history_table = '%s'"""
                .formatted(column, NAME))
        .getFirst();
  }

  private static MatchResult matched(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.matches()).as(text).isTrue();
    return matcher.toMatchResult();
  }

  @ParameterizedTest
  @ValueSource(strings = {"oldest", "newest"})
  void a_figure_that_moves_has_a_rate_since_the_last_look_and_an_end(String server) {
    if (server.equals("oldest")) {
      database.close();
      database = TestDatabase.on(TestServer.oldest());
      ends(0, program().run());
    }
    orders(1, 100);

    assertThat(status()).isEqualTo("resync    100 of 1000 (10 %)\n");

    later(1000);
    String since = remembered("finished_at");
    orders(101, 500);
    MatchResult told =
        matched(
            "resync    500 of 1000 \\(50 %\\), (\\S+) per second since (.+ UTC),"
                + " done about (.+) UTC\n",
            status());

    assertThat(Double.parseDouble(told.group(1))).isBetween(0.35, 0.4);
    assertThat(told.group(2)).isEqualTo(since);
    // 500 that are left, at 0.4 per second, take 1250 s.
    assertThat(
            database.rows(
                "SELECT timestamp '%s' - now() AT TIME ZONE 'UTC' BETWEEN '1100 s' AND '1430 s'"
                    .formatted(told.group(3))))
        .containsExactly("t");
    assertThat(database.rows(REMEMBERED)).containsExactly("__EFMigrationsHistory|500");
  }

  @Test
  void json_has_the_same_facts_and_leaves_out_what_is_not_known() {
    orders(1, 100);

    assertThat(ends(0, program().run("status", "--json")).out())
        .endsWith("\"modified\":[],\"resync\":{\"done\":100,\"total\":1000}}]}\n");

    later(1000);
    String since = remembered("finished_at").replace(" UTC", "Z").replace(' ', 'T');
    orders(101, 500);
    assertThat(ends(0, program().run("status", "--json")).out())
        .containsPattern(
            "\"resync\":\\{\"done\":500,\"total\":1000,\"rate\":0\\.[34]\\d*,\"since\":\"%s\","
                    .formatted(since)
                + "\"expected_end\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\"}}]}");

    later(1000);
    assertThat(ends(0, program().run("status", "--json")).out())
        .containsPattern(
            "\"resync\":\\{\"done\":500,\"total\":1000,\"rate\":0,\"since\":\"[^\"]+Z\"}");
  }

  /// However often it is looked at.
  @Test
  void what_stands_still_does_so_since_it_was_first_seen_and_moves_since_it_was_last_seen() {
    orders(1, 100);
    status();
    later(3600);
    String first = remembered("started_at");

    String standsStill = "resync    100 of 1000 (10 %), stands still since " + first + "\n";
    assertThat(status()).isEqualTo(standsStill);
    assertThat(status()).isEqualTo(standsStill);

    later(100);
    orders(101, 200);
    assertThat(status()).contains("since " + remembered("started_at").substring(0, 4));
    assertThat(database.rows(REMEMBERED)).containsExactly("__EFMigrationsHistory|200");
    assertThat(remembered("started_at")).isEqualTo(remembered("finished_at"));
  }

  @Test
  void a_figure_that_went_back_has_no_rate_and_one_that_has_all_is_complete() {
    orders(1, 100);
    status();
    later(100);
    database.executeAsOwner("DELETE FROM orders WHERE id > 50");

    assertThat(status()).isEqualTo("resync    50 of 1000 (5 %)\n");

    orders(51, 1001);
    assertThat(status()).isEqualTo("resync    1001 of 1000, complete\n");
  }

  @Test
  void nothing_yet_is_0_and_the_target_may_be_asked_for() {
    define("SELECT max(id) FROM orders;", "VALUES (12.50) -- so many");

    assertThat(status()).isEqualTo("resync    0 of 12.5 (0 %)\n");
  }

  /// What the server says of the transaction.
  @Test
  void it_is_asked_read_only_and_for_10_seconds_as_the_role_in_the_search_path() {
    String role = database.createRole("tables");
    database.execute(
        "GRANT %1$s TO %2$s; CREATE SCHEMA app AUTHORIZATION %1$s; DROP TABLE hidden"
            .formatted(role, database.owner()));
    define(
        "SELECT n FROM told WHERE current_user = '%s'".formatted(role),
        "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'"
            + " AND current_setting('transaction_read_only') = 'on'");
    write(ONE, "CREATE TABLE told AS SELECT 7 AS n;");
    Program program =
        Program.in(path)
            .with("ConnectionStrings__Gateway", database.connectionString(";Search Path=app"))
            .with("Slipway__Role", role);
    ends(0, program.run());

    assertThat(ends(0, program.run("status")).out()).endsWith("resync    7 of 10000 (0 %)\n");
    assertThat(
            database.rows(
                "SELECT resync_done FROM app.slipway_journal WHERE resync_done IS NOT NULL"))
        .containsExactly("7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1 | SELECT 0 | 4 | \"target\" of \"resync-progress\" gives no number above 0.",
        "SELECT 1 | 0 | 4 | gives no number above 0.",
        "SELECT 1 | SELECT -5 | 4 | gives no number above 0.",
        "SELECT 1 | SELECT NULL | 4 | gives no number above 0.",
        "SELECT 1 | SELECT 'NaN'::numeric | 4 | gives no number above 0.",
        "SELECT 1 | a million | 4 | failed: syntax error at or near \"a\" (SQLSTATE 42601).",
        "SELECT -1 | 5 | 3 | \"query\" of \"resync-progress\" gives no number from 0 on.",
        "SELECT '1e999999999' | 5 | 3 | gives no number from 0 on.",
        "SELECT password FROM hidden | 5 | 3 | gives no number from 0 on.",
        "SELECT 1 WHERE false | 5 | 3 | gives no row.",
        "SELECT generate_series(1, 100000000) | 5 | 3 | gives more than one row.",
        "SELECT 1, 2 | 5 | 3 | gives 2 columns.",
        "SELECT FROM hidden | 5 | 3 | gives 0 columns.",
        "SELECT 1; SELECT 2 | 5 | 3 | is not one SELECT.",
        "-- nothing | 5 | 3 | is not one SELECT.",
        "SELECT 1) AS a, (SELECT 2 | 5 | 3 | is not one SELECT.",
        "SELECT n FROM gone | 5 | 3 | failed: relation \"gone\" does not exist (SQLSTATE 42P01).",
        "SELECT 1 / 0 | 5 | 3 | failed: division by zero (SQLSTATE 22012).",
        "SELECT nextval('numbers') | 5 | 3 | failed: cannot execute nextval() in a read-only",
        "DELETE FROM orders RETURNING 1 | 5 | 3 | (SQLSTATE 42601).",
        "WITH gone AS (DELETE FROM orders RETURNING 1) TABLE gone | 5 | 3 | DECLARE CURSOR must not contain data-modifying",
        "COMMIT | 5 | 3 | is not one SELECT.",
        "VACUUM orders | 5 | 3 | (SQLSTATE 42601)."
      })
  void what_gives_no_figure_is_a_warning_and_nothing_else(
      String query, String target, int line, String why) {
    orders(1, 3);
    define(query, target);

    Program.Result result = ends(0, program().run("status"));
    Program.Result json = ends(0, program().run("status", "--json"));

    assertThat(result.out()).isEqualTo(UP_TO_DATE);
    assertThat(json.out()).doesNotContain("resync");
    assertThat(result.err())
        .startsWith("warning: Gateway: could not tell the progress of the resync\n")
        .contains("changelog/slipway.yaml:" + line + ": \"", why)
        .contains("\n  state   nothing was changed\n  next    ")
        .doesNotContain("hunter2");
    assertThat(json.err()).isEqualTo(result.err());
    assertThat(database.rows(REMEMBERED)).isEmpty();
    assertThat(database.rows("SELECT count(*) FROM orders")).containsExactly("3");
  }

  @Test
  void the_warnings_tell_what_to_do() {
    define("SELECT n FROM gone", "5");
    Golden.check("dev/slipway/resync/query-failed.txt", program().run("status").toString());
    define("SELECT 1", "SELECT 0");
    Golden.check("dev/slipway/resync/no-target.txt", program().run("status").toString());
  }

  @Test
  void what_is_wrong_with_the_file_is_told_before_anything_else() {
    new Folder(path).write("changelog/slipway.yaml", "resync-progress:\n  qery: SELECT 1\n");

    Program.Result result = program().run("status");

    Golden.check("dev/slipway/resync/malformed.txt", result.toString());
    ends(3, result);
  }

  @Test
  void a_query_that_is_cancelled_is_a_warning() throws InterruptedException {
    define("SELECT 1 FROM pg_sleep(60)", "5");
    Process process = program().start("status");
    Until.running(database, "FETCH 2 FROM %");

    database.execute(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'FETCH 2 FROM %'");

    Program.Result result = ends(0, Program.finish(process));
    assertThat(result.out()).isEqualTo(UP_TO_DATE);
    assertThat(result.err()).contains("(SQLSTATE 57014).", "next    It gets 10 s, or what");
  }

  @Test
  void a_query_that_takes_longer_than_the_connection_string_allows_is_a_warning() {
    define("SELECT 1 FROM pg_sleep(60)", "5");

    Program.Result result =
        ends(
            0,
            Program.in(path)
                .with("ConnectionStrings__Gateway", database.connectionString(";Command Timeout=1"))
                .run("status"));

    assertThat(result.out()).isEqualTo(UP_TO_DATE);
    assertThat(result.err())
        .contains("failed: the connection string's Command Timeout of 1 s ran out");
  }

  @Test
  void a_signal_ends_the_command() throws InterruptedException {
    define("SELECT 1 FROM pg_sleep(60)", "5");
    Process process = program().start("status");
    Until.running(database, "FETCH 2 FROM %");

    process.toHandle().destroy();

    Program.Result result = ends(143, Program.finish(process));
    assertThat(result.err()).doesNotContain("progress");
    Until.alone(database);
  }

  @Test
  void a_session_that_is_ended_is_a_warning() throws InterruptedException {
    define("SELECT 1 FROM pg_sleep(60)", "5");
    Process process = program().start("status");
    Until.running(database, "FETCH 2 FROM %");

    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE query LIKE 'FETCH 2 FROM %'");

    Program.Result result = ends(0, Program.finish(process));
    assertThat(result.out()).isEqualTo(UP_TO_DATE);
    assertThat(result.err()).contains("could not tell the progress of the resync");
  }

  @Test
  void before_the_database_is_up_to_date_nothing_is_asked() {
    write(TWO, "CREATE TABLE lines (id int);");
    define("SELECT count(*) FROM lines", "5");

    Program.Result pending = ends(1, program().run("status"));

    assertThat(pending.out() + pending.err()).doesNotContain("resync");
    ends(0, program().run());
    assertThat(ends(0, program().run("status")).out()).endsWith("resync    0 of 5 (0 %)\n");
    new Folder(path).delete("changelog/" + TWO + ".sql");
    Program.Result ahead = ends(0, program().run("status"));
    assertThat(ahead.out()).contains("resync    0 of 5 (0 %), stands still since ");
  }

  @Test
  void who_may_not_write_sees_the_figure_and_no_rate() {
    String reader = database.createRole("reader");
    database.executeAsOwner("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + reader);
    Program reading =
        Program.in(path)
            .with("ConnectionStrings__Gateway", database.connectionStringFor(reader, ""));

    for (int i = 0; i < 2; i++) {
      Program.Result result = ends(0, reading.run("status"));
      assertThat(result.out()).isEqualTo(UP_TO_DATE + "resync    0 of 1000 (0 %)\n");
      assertThat(result.err()).isEmpty();
    }

    assertThat(database.rows(REMEMBERED)).isEmpty();
    database.executeAsOwner("GRANT INSERT ON slipway_journal TO " + reader);
    ends(0, reading.run("status"));
    assertThat(database.rows(REMEMBERED)).isEmpty();
    // But it sees the looks of others.
    status();
    assertThat(ends(0, reading.run("status")).out()).contains("stands still since ");
  }

  @Test
  void where_transactions_are_read_only_nothing_is_remembered() {
    Program.Result result =
        ends(
            0,
            Program.in(path)
                .with(
                    "ConnectionStrings__Gateway",
                    database.connectionString(";Options=-c default_transaction_read_only=on"))
                .run("status"));

    assertThat(result.out()).endsWith("resync    0 of 1000 (0 %)\n");
    assertThat(result.err()).isEmpty();
    assertThat(database.rows(REMEMBERED)).isEmpty();
  }

  @Test
  void a_journal_that_is_locked_is_not_waited_for() {
    try (var _ = new OpenTransaction(database, "LOCK TABLE slipway_journal IN SHARE MODE")) {
      assertThat(status()).isEqualTo("resync    0 of 1000 (0 %)\n");
    }
    assertThat(database.rows(REMEMBERED)).isEmpty();
  }

  @Test
  void a_server_that_does_not_take_the_look_is_a_warning() {
    database.execute("ALTER TABLE slipway_journal ADD CHECK (resync_done IS NULL) NOT VALID");

    Program.Result result = ends(0, program().run("status"));

    assertThat(result.out()).endsWith("resync    0 of 1000 (0 %)\n");
    Golden.check("dev/slipway/resync/not-noted.txt", result.toString());
  }

  @Test
  void a_journal_of_an_older_version_has_no_room_for_it_until_the_next_migration() {
    database.execute("ALTER TABLE slipway_journal DROP COLUMN resync_done");

    assertThat(status()).isEqualTo("resync    0 of 1000 (0 %)\n");
    assertThat(status()).isEqualTo("resync    0 of 1000 (0 %)\n");

    write(TWO, "SELECT 1;");
    ends(0, program().run());
    ends(0, program().run("status"));
    assertThat(database.rows(REMEMBERED)).containsExactly("__EFMigrationsHistory|0");
  }

  @Test
  void each_history_of_a_schema_has_its_own() {
    Program other = program().with("Slipway__HistoryTable", "_Other");
    database.executeAsOwner("DROP TABLE orders, hidden; DROP SEQUENCE numbers");
    database.executeAsOwner("DROP TABLE \"__EFMigrationsHistory\"");
    ends(0, other.run());
    ends(0, other.run("status"));
    database.executeAsOwner("ALTER TABLE \"_Other\" RENAME TO \"__EFMigrationsHistory\"");
    orders(1, 10);

    assertThat(status()).isEqualTo("resync    10 of 1000 (1 %)\n");

    assertThat(database.rows(REMEMBERED + " ORDER BY 1"))
        .containsExactlyInAnyOrder("_Other|0", "__EFMigrationsHistory|10");
  }

  /// Every command that reads the journal, and a script in psql.
  private List<String> everythingElse() {
    List<String> seen = new ArrayList<>();
    for (String command :
        List.of(
            "history",
            "history --json",
            "status --json --verbose",
            "migrate --json",
            "migrate --dry-run=execute",
            "baseline " + ONE,
            "repair --accept-edited " + ONE,
            "wait",
            "resync --check --json",
            "config --check",
            "script --output-file script.sql")) {
      String result = program().run(command.split(" ")).toString();
      // The server's estimate of the journal's rows, and what is measured at each look.
      seen.add(
          command
              + "\n"
              + result
                  .replaceAll("\"(rows|bytes)\":\\d+", "")
                  .replaceAll("clock difference  -?\\d+ ms", ""));
    }
    seen.add(Psql.run(database, database.owner(), path.resolve("script.sql")).toString());
    seen.add("check\n" + program().run("check", "script.sql", "--database", "Gateway"));
    seen.addAll(
        database.rows(
            "SELECT history_table, migration_id, finished_at FROM slipway_journal"
                + " WHERE history_table <> '%s'".formatted(NAME)));
    return seen;
  }

  @Test
  void nothing_else_sees_what_is_remembered() {
    new Folder(path).delete("changelog/slipway.yaml");
    List<String> before = everythingElse();
    define("SELECT count(*) FROM orders", "1000");
    status();
    new Folder(path).delete("changelog/slipway.yaml");
    assertThat(database.rows(REMEMBERED)).hasSize(1);

    List<String> after = everythingElse();

    assertThat(String.join("\n", after)).isEqualTo(String.join("\n", before));
    assertThat(String.join("\n", after)).doesNotContain(NAME);
    assertThat(database.rows(REMEMBERED)).hasSize(1);
  }

  /// The journal's row must not look like a migration that somebody has begun.
  @Test
  void a_migration_of_another_release_goes_on_top_of_it() {
    status();
    write(TWO, "-- slipway: no-transaction\nSELECT 1;\nVACUUM orders;");
    ends(0, program().run("script", "--output-file", "script.sql"));

    assertThat(Psql.run(database, database.owner(), path.resolve("script.sql")).code()).isZero();

    assertThat(database.history()).containsExactly(ONE, TWO);
    assertThat(ends(0, program().run()).out()).startsWith("Gateway: nothing to do");
    assertThat(database.rows(REMEMBERED)).hasSize(1);
  }

  @Test
  void the_guide_shows_a_file_that_can_be_used() throws IOException {
    List<String> shown =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/resync.md")))
            .results()
            .map(match -> match.group(1))
            .filter(text -> text.contains("resync-progress"))
            .toList();
    assertThat(shown).hasSize(1);
    new Folder(path).write("changelog/slipway.yaml", shown.getFirst());

    assertThat(status()).isEqualTo("resync    0 of 9000000 (0 %)\n");
  }

  @Test
  void wait_does_not_show_it() {
    Program.Result result = ends(0, program().run("wait"));

    assertThat(result.out() + result.err()).doesNotContain("resync");
  }
}
