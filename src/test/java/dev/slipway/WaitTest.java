package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.FakeServer;
import dev.slipway.testing.Folder;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What waits for the end of a run that migrates.
final class WaitTest {
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    write(ONE, "CREATE TABLE one (id int);");
    write(TWO, "CREATE TABLE two (id int);");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private void write(String id, String sql) {
    new Folder(path).write("changelog/" + id + ".sql", sql);
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  @Test
  void where_all_is_there_it_ends_at_once() {
    ends(0, program().run());

    Program.Result result = ends(0, program().run("wait"));

    assertThat(result.out()).isEqualTo("Gateway: there, up-to-date at " + TWO + " (2 applied)\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void a_database_that_is_ahead_holds_all() {
    ends(0, program().run());
    database.execute("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20990101000000_New', '8')");

    assertThat(ends(0, program().run("wait")).out()).contains("there, ahead");
  }

  @Test
  void it_waits_for_what_is_pending() throws InterruptedException {
    ends(0, program().run("--to", "One"));
    Process waiting = program().start("wait");
    Until.asked(database, "%FROM %slipway_journal%");

    ends(0, program().run());

    Program.Result result = ends(0, Program.finish(waiting));
    assertThat(result.out()).contains("Gateway: there, up-to-date at " + TWO);
    assertThat(result.err())
        .contains("notice: Gateway: waiting for what is pending, pending at " + ONE);
  }

  @Test
  void it_waits_for_a_database_that_is_still_to_be_created() throws InterruptedException {
    try (var server = new FutureDatabase()) {
      Process waiting = server.program(path).start("wait");
      assertThat(waiting.errorReader()).isNotNull();

      ends(0, server.program(path).run("--create-database"));

      assertThat(ends(0, Program.finish(waiting)).out()).contains("there, up-to-date");
    }
  }

  /// A database that does not exist yet.
  private final class FutureDatabase implements AutoCloseable {
    private final String name = database.name() + "_future";

    FutureDatabase() {
      database.server().administer("ALTER ROLE " + database.owner() + " CREATEDB");
    }

    Program program(Path folder) {
      return Program.in(folder)
          .with(
              "ConnectionStrings__Gateway",
              database
                  .connectionString("")
                  .replace(";Database=" + database.name(), ";Database=" + name));
    }

    @Override
    public void close() {
      database.server().administer("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
  }

  @Test
  void when_time_is_up_the_answer_is_no() {
    ends(0, program().run("--to", "One"));

    Program.Result result = ends(1, program().run("wait", "--timeout", "1s"));

    assertThat(result.out())
        .isEqualTo(
            "Gateway: not there within 1 s, pending at " + ONE + " (1 applied, 1 pending)\n");
  }

  @Test
  void an_empty_database_does_not_hold_it_and_nothing_is_written() {
    assertThat(ends(1, program().run("wait", "--timeout=0")).out())
        .contains("not there within 0 s, empty");
    assertThat(database.tables()).isEmpty();
  }

  @Test
  void an_edited_migration_that_is_run_again_is_waited_for() {
    for (String often : List.of("run-always", "run-on-change")) {
      write(TWO, "-- slipway: %s\nCREATE OR REPLACE VIEW v AS SELECT 1 AS x;".formatted(often));
      ends(0, program().run());
      ends(0, program().run("wait"));
      write(TWO, "-- slipway: %s\nCREATE OR REPLACE VIEW v AS SELECT 2 AS x;".formatted(often));

      Program.Result result = ends(1, program().run("wait", "--timeout=0"));

      assertThat(result.out()).contains("not there within 0 s, pending at " + TWO);
      ends(0, program().run());
      ends(0, program().run("wait"));
    }
  }

  @Test
  void the_release_before_does_not_wait_for_its_text_of_what_a_newer_one_has_edited() {
    write(TWO, "-- slipway: run-on-change\nCREATE OR REPLACE VIEW v AS SELECT 1 AS x;");
    ends(0, program().run());
    new Folder(path)
        .write(
            "newer/" + TWO + ".sql",
            "-- slipway: run-on-change\nCREATE OR REPLACE VIEW v AS SELECT 2 AS x;")
        .write("newer/" + ONE + ".sql", "CREATE TABLE one (id int);")
        .write("newer/20240103000000_Three.sql", "CREATE TABLE three (id int);");
    ends(0, program().run("migrate", "--changelog", "newer"));

    assertThat(ends(0, program().run("wait", "--timeout=0")).out()).startsWith("Gateway: there, ");
  }

  @Test
  void where_waiting_longer_does_not_help_it_says_so() {
    ends(0, program().run());
    write(ONE, "CREATE TABLE one (id bigint);");

    Program.Result result = ends(1, program().run("wait", "--timeout=0"));

    assertThat(result.out()).contains("not there within 0 s, conflict at ");
    assertThat(result.err())
        .contains("Gateway: waiting longer does not help; what does: slipway status");
  }

  @Test
  void rights_to_read_are_waited_for() throws InterruptedException {
    String reader = database.createRole("reader");
    Program program =
        Program.in(path)
            .with("ConnectionStrings__Gateway", database.connectionStringFor(reader, ""));
    ends(0, program().run());

    Program.Result refused = ends(3, program.run("wait", "--timeout=0"));
    Process waiting = program.start("wait");
    Until.asked(database, "%has_table_privilege%");
    grants(refused).forEach(database::execute);

    ends(0, Program.finish(waiting));
    assertThat(grants(refused))
        .containsExactly(
            "GRANT SELECT ON \"public\".\"__EFMigrationsHistory\" TO \"%s\"".formatted(reader),
            "GRANT SELECT ON \"public\".\"slipway_journal\" TO \"%s\"".formatted(reader));
  }

  @Test
  void the_rights_that_the_guide_gives_beforehand_are_enough() throws IOException {
    String guide = Files.readString(Path.of("docs/kubernetes.md"));
    String reader = database.createRole("reader");
    database.execute("ALTER SCHEMA public OWNER TO " + database.owner());
    database.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC");
    database.execute(
        guide
            .substring(
                guide.indexOf("```sql\n") + 7, guide.indexOf("```\n", guide.indexOf("```sql")))
            .replace("shop_app", reader)
            .replace("ROLE shop ", "ROLE %s ".formatted(database.owner())));
    Program program =
        Program.in(path)
            .with("ConnectionStrings__Gateway", database.connectionStringFor(reader, ""));

    ends(1, program.run("wait", "--timeout=0"));
    ends(0, program().run());
    ends(0, program.run("wait", "--timeout=0"));
  }

  private static List<String> grants(Program.Result result) {
    return result
        .err()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("GRANT "))
        .map(line -> line.replace(";", ""))
        .toList();
  }

  @Test
  void a_history_that_ef_keeps_locked_is_not_there_in_time() {
    ends(0, program().run());
    try (var _ =
        new OpenTransaction(
            database, "LOCK TABLE \"__EFMigrationsHistory\" IN ACCESS EXCLUSIVE MODE")) {
      Program.Result result = ends(1, program().run("wait", "--timeout", "2s"));

      assertThat(result.out()).contains("not there within 2 s");
      assertThat(result.err()).contains("EF is migrating: waiting for its lock on the history");
    }
  }

  @Test
  void a_server_that_is_never_reached_is_no_connection() {
    Program.Result result =
        Program.in(path)
            .with(
                "ConnectionStrings__Gateway",
                "Host=127.0.0.1;Port=%d;Username=u;Database=d".formatted(FakeServer.unusedPort()))
            .run("wait", "--timeout", "1s");

    assertThat(ends(4, result).err())
        .contains("nothing listens there")
        .contains("wait longer: Slipway__Timeout=5min");
  }

  @Test
  void a_role_that_does_not_exist_is_told_at_once() {
    Program.Result result =
        Program.in(path)
            .with(
                "ConnectionStrings__Gateway",
                database.connectionStringFor("nobody_" + database.name(), ""))
            .run("wait", "--timeout", "10min");

    assertThat(ends(4, result).err()).contains("role").contains("does not exist");
  }

  @Test
  void one_that_is_partially_applied_is_not_there() {
    write(TWO, "-- slipway: no-transaction\nSELECT 1;\nSELECT 1/0;");
    ends(8, program().run());

    assertThat(ends(1, program().run("wait", "--timeout", "1s")).out())
        .contains("not there within 1 s, partially-applied");
  }

  @Test
  void a_lost_connection_is_made_again() throws InterruptedException {
    ends(0, program().run("--to", "One"));
    Process waiting = program().start("wait");
    Until.asked(database, "%");
    database.execute(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND starts_with(application_name, 'slipway')""");

    ends(0, program().run());

    ends(0, Program.finish(waiting));
  }

  @Test
  void a_history_that_EF_has_locked_is_waited_for() throws InterruptedException {
    ends(0, program().run());
    Process waiting;
    try (var _ =
        new OpenTransaction(
            database, "LOCK TABLE \"__EFMigrationsHistory\" IN ACCESS EXCLUSIVE MODE")) {
      waiting = program().start("wait");
      Until.row(
          database,
          """
          SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
            AND starts_with(application_name, 'slipway') AND wait_event_type = 'Lock'""");
    }

    ends(0, Program.finish(waiting));
  }

  @Test
  void each_of_several_databases_has_to_hold_its_own() {
    Folder folder = new Folder(path);
    folder.write("all/a/" + ONE + ".sql", "CREATE TABLE a (id int);");
    folder.write("all/b/" + ONE + ".sql", "CREATE TABLE b (id int);");
    try (var other = TestDatabase.create()) {
      Program both =
          Program.in(path).with("A", database).with("B", other).with("Slipway__Changelog", "all");
      ends(0, both.run("--database", "B"));

      Program.Result result = ends(1, both.run("wait", "--timeout", "1s", "--json"));

      assertThat(result.out())
          .contains("{\"name\":\"A\",\"state\":\"empty\"")
          .contains("{\"name\":\"B\",\"state\":\"up-to-date\"");
    }
  }

  @Test
  void a_signal_ends_the_waiting_within_a_second() throws IOException, InterruptedException {
    Process waiting = program().start("wait", "--timeout", "10min");
    Until.asked(database, "%");
    new ProcessBuilder(List.of("kill", "-TERM", Long.toString(waiting.pid()))).start().waitFor();

    assertThat(ends(143, Program.finish(waiting)).err()).contains("stopped by a signal");
  }
}
