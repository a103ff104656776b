package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.OpenTransaction;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What runs that were really killed leave to a person, what they are told, and that each way out
/// that is printed is one.
@Tag("slow")
final class RepairTest {
  private static final String GOLDEN = "dev/slipway/repair/";
  private static final String ONE = "20240101000000_One";
  private static final String TWO = "20240102000000_Two";
  private static final String THREE = "20240103000000_Three";
  private static final String MARK = "-- slipway: no-transaction\n";

  /// Its second statement is a procedure that commits a part before it waits at the gate.
  private static final String CALLING =
      MARK
          + """
          CREATE TABLE two (id int);
          CALL fill();
          INSERT INTO two VALUES (3);
          """;

  private static final Pattern REPAIR = Pattern.compile("slipway repair( .*)");

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    folder =
        new Folder(path)
            .write(
                "changelog/" + ONE + ".sql",
                """
                CREATE TABLE gate AS SELECT 1 AS id;
                CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$
                BEGIN
                  INSERT INTO two VALUES (2);
                  COMMIT;
                  PERFORM 1 FROM gate;
                END $$;
                """)
            .write("changelog/" + TWO + ".sql", CALLING)
            .write("changelog/" + THREE + ".sql", "CREATE TABLE three (id int);");
    ends(0, program().run("--to", "One"));
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Gateway", database).with("Slipway__LockTimeout", "60s");
  }

  private static Program.Result ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  private void write(String two) {
    folder.write("changelog/" + TWO + ".sql", two);
  }

  /// Kills a run that waits at the gate, and then its session, so that what it waited for is not
  /// done.
  private void kill(String waiting) throws InterruptedException {
    try (var _ = new OpenTransaction(database, "LOCK TABLE gate")) {
      Process process = program().start();
      Until.running(database, waiting);
      assertThat(process.destroyForcibly().waitFor()).isEqualTo(137);
      database.execute(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND starts_with(application_name, 'slipway')""");
      Until.row(
          database,
          """
          SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND starts_with(application_name, 'slipway'))""");
    }
  }

  private void killInCall() throws InterruptedException {
    kill("CALL fill()");
  }

  /// The arguments of the commands that a message offers.
  private static List<String[]> offered(Program.Result result) {
    return REPAIR.matcher(result.err()).results().map(RepairTest::arguments).toList();
  }

  private static String[] arguments(MatchResult offered) {
    return ("repair" + offered.group(1)).split(" ", -1);
  }

  private Program.Result repair(String[] offered) {
    return ends(0, program().run(offered));
  }

  private List<String> two() {
    return database.rows("SELECT id FROM two ORDER BY 1");
  }

  private void assertThatAllIsApplied() {
    assertThat(ends(0, program().run("status")).out()).contains("up-to-date");
    assertThat(database.history()).containsExactly(ONE, TWO, THREE);
    assertThat(database.rows("SELECT migration_id FROM slipway_journal WHERE finished_at IS NULL"))
        .isEmpty();
  }

  @Test
  void a_statement_in_doubt_is_told_with_all_ways_out() throws InterruptedException {
    killInCall();

    Golden.check(GOLDEN + "in-doubt.txt", ends(8, program().run()).toString());
    Golden.check(GOLDEN + "in-doubt-status.txt", ends(8, program().run("status")).toString());
  }

  @Test
  void resume_goes_on_with_the_statement_in_doubt_once_it_is_undone() throws InterruptedException {
    killInCall();
    String[] resume = offered(ends(8, program().run())).getFirst();
    database.executeAsOwner("DELETE FROM two");

    Golden.check(GOLDEN + "resume.txt", repair(resume).toString());

    ends(0, program().run());
    assertThat(two()).containsExactly("2", "3");
    assertThatAllIsApplied();
  }

  @Test
  void resume_goes_on_behind_the_statement_in_doubt_if_it_took_effect()
      throws InterruptedException {
    killInCall();

    repair(offered(ends(8, program().run())).get(1));

    ends(0, program().run());
    assertThat(two()).containsExactly("2", "3");
    assertThatAllIsApplied();
  }

  @Test
  void mark_applied_records_what_was_finished_by_hand() throws InterruptedException {
    killInCall();
    String[] markApplied = offered(ends(8, program().run())).get(2);
    database.executeAsOwner("INSERT INTO two VALUES (3)");

    Golden.check(GOLDEN + "mark-applied.txt", repair(markApplied).toString());

    ends(0, program().run());
    assertThat(two()).containsExactly("2", "3");
    assertThatAllIsApplied();
  }

  @Test
  void mark_pending_lets_it_begin_anew_once_it_is_undone() throws InterruptedException {
    killInCall();
    String[] markPending = offered(ends(8, program().run())).get(3);
    database.executeAsOwner("DROP TABLE two");

    Golden.check(GOLDEN + "mark-pending.txt", repair(markPending).toString());

    ends(0, program().run());
    assertThat(two()).containsExactly("2", "3");
    assertThatAllIsApplied();
  }

  @Test
  void a_last_statement_in_doubt_that_took_effect_is_all() throws InterruptedException {
    write(MARK + "CREATE TABLE two (id int);\nCALL fill();");
    killInCall();

    repair(offered(ends(8, program().run())).get(1));

    ends(0, program().run());
    assertThatAllIsApplied();
  }

  @Test
  void a_text_edited_meanwhile_is_told_with_all_ways_out() throws InterruptedException {
    killInCall();
    write(CALLING.replace("(3)", "(30)"));

    Golden.check(GOLDEN + "edited-half-way.txt", ends(8, program().run()).toString());
  }

  @Test
  void accept_edited_goes_on_with_the_mended_text() {
    write(MARK + "CREATE TABLE two (id int);\nINSERT INTO twoo VALUES (2);");
    Program.Result failed = ends(8, program().run());
    Golden.check(GOLDEN + "failed-half-way.txt", failed.toString());
    write(MARK + "CREATE TABLE two (id int);\nINSERT INTO two VALUES (2);");

    Golden.check(GOLDEN + "accept-edited.txt", repair(offered(failed).getFirst()).toString());

    ends(0, program().run());
    assertThat(two()).containsExactly("2");
    assertThatAllIsApplied();
  }

  @Test
  void an_edited_statement_in_doubt_stays_in_doubt() throws InterruptedException {
    killInCall();
    write(CALLING.replace("(3)", "(30)"));

    repair(offered(ends(8, program().run())).getFirst());
    repair(offered(ends(8, program().run())).get(1));

    ends(0, program().run());
    assertThat(two()).containsExactly("2", "30");
    assertThatAllIsApplied();
  }

  @Test
  void a_text_with_fewer_statements_than_took_effect_is_not_accepted() {
    write(MARK + "CREATE TABLE two (id int);\nSELECT 2;\nSELECT 1/0;");
    ends(8, program().run());
    write(MARK + "CREATE TABLE two (id int);");

    assertThat(ends(8, program().run("repair", "--accept-edited", "Two")).err())
        .contains("an earlier run stopped at statement 3, and the file was edited since");
  }

  @Test
  void accepting_is_not_offered_where_it_is_refused() {
    write(MARK + "CREATE TABLE two (id int);\nSELECT 2;\nSELECT 1/0;");
    ends(8, program().run());

    for (String edited : List.of(MARK + "CREATE TABLE two (id int);", "CREATE TABLE two ();")) {
      write(edited);
      assertThat(ends(8, program().run()).err())
          .contains("the file was edited since")
          .doesNotContain("--accept-edited");
    }
  }

  @Test
  void one_whose_name_changed_its_letter_case_is_settled_all_the_same() {
    write(MARK + "CREATE TABLE two (id int);\nINSERT INTO two VALUES (2);\nSELECT 1/0;");
    ends(8, program().run());
    folder.delete("changelog/" + TWO + ".sql");
    folder.write(
        "changelog/20240102000000_TWO.sql",
        MARK + "CREATE TABLE two (id int);\nINSERT INTO two VALUES (2);\nSELECT 1/0;");

    ends(0, program().run("repair", "--resume=2"));

    assertThat(database.rows("SELECT migration_id, statements_done FROM slipway_journal"))
        .containsExactlyInAnyOrder(ONE + "|2", "20240102000000_TWO|1");
    ends(0, program().run("repair", "--mark-applied", "two"));
    assertThat(database.rows("SELECT migration_id FROM slipway_journal WHERE finished_at IS NULL"))
        .isEmpty();
  }

  @Test
  void accept_edited_settles_applied_migrations_that_were_edited() {
    write("CREATE TABLE two (id int);");
    ends(0, program().run());
    write("CREATE TABLE two (id bigint);");
    folder.write("changelog/" + THREE + ".sql", "CREATE TABLE three (id bigint);");
    Program.Result edited = ends(6, program().run());
    Golden.check(GOLDEN + "edited.txt", edited.toString());

    Program.Result repaired = repair(offered(edited).getFirst());

    assertThat(repaired.out()).contains("accepted  " + TWO + "\naccepted  " + THREE + "\n");
    ends(0, program().run());
    assertThatAllIsApplied();
  }

  @Test
  void what_was_temporary_is_gone_with_its_session() throws InterruptedException {
    write(
        MARK
            + """
            CREATE TABLE two (id int);
            CREATE TEMP TABLE collected AS SELECT 2 AS id;
            INSERT INTO two SELECT c.id FROM collected AS c, gate;
            """);
    kill("%INSERT INTO two SELECT%");

    Program.Result refused = ends(8, program().run());
    Golden.check(GOLDEN + "session-lost.txt", refused.toString());
    database.executeAsOwner("DROP TABLE two");
    repair(offered(refused).getLast());

    ends(0, program().run());
    assertThat(two()).containsExactly("2");
    assertThatAllIsApplied();
  }

  @Test
  void one_whose_file_is_gone_is_forgotten() throws InterruptedException {
    killInCall();
    folder.delete("changelog/" + TWO + ".sql");
    Program.Result refused = ends(8, program().run());
    Golden.check(GOLDEN + "abandoned.txt", refused.toString());
    assertThat(ends(8, program().run("status")).out()).contains("partial   " + TWO);

    repair(offered(refused).getFirst());

    ends(0, program().run());
    assertThat(database.history()).containsExactly(ONE, THREE);
  }

  @Test
  void a_dry_run_says_what_would_be_changed_and_changes_nothing() throws InterruptedException {
    killInCall();
    String journal = journal();

    for (String[] offered : offered(ends(8, program().run()))) {
      String[] arguments = new String[offered.length + 1];
      System.arraycopy(offered, 0, arguments, 0, offered.length);
      arguments[offered.length] = "--dry-run";

      assertThat(ends(0, program().run(arguments)).out())
          .startsWith("would be ")
          .endsWith("Gateway: 1 would be repaired, nothing was changed\n");
    }

    Golden.check(
        GOLDEN + "dry-run.txt", program().run("repair", "--resume", "--dry-run").toString());
    assertThat(journal()).isEqualTo(journal);
    assertThat(database.history()).containsExactly(ONE);
  }

  private String journal() {
    return database.rows("SELECT * FROM slipway_journal ORDER BY 1, 2").toString();
  }

  @Test
  void repair_tells_in_json() throws InterruptedException {
    killInCall();

    assertThat(ends(0, program().run("repair", "--resume", "--dry-run", "--json")).out())
        .contains("\"state\":\"partially-applied\"")
        .contains("\"would_repair\":[{\"id\":\"" + TWO + "\",\"to\":\"resumable\"}]");
    assertThat(ends(0, program().run("repair", "--mark-applied", "Two", "--json")).out())
        .contains("\"state\":\"pending\"")
        .contains("\"repaired\":[{\"id\":\"" + TWO + "\",\"to\":\"applied\"}]");
  }

  @Test
  void where_nothing_is_wrong_nothing_is_changed() {
    write("CREATE TABLE two (id int);");
    ends(0, program().run());
    String journal = journal();

    for (String option : List.of("--resume", "--accept-edited=Two", "--mark-applied=Two")) {
      assertThat(ends(0, program().run("repair", option)).out())
          .startsWith("Gateway: nothing to repair, up-to-date");
    }

    assertThat(journal()).isEqualTo(journal);
  }

  @Test
  void a_run_whose_session_was_ended_in_a_statement_in_doubt_says_so_itself() throws Exception {
    try (var _ = new OpenTransaction(database, "LOCK TABLE gate")) {
      Process process = program().start();
      Until.running(database, "CALL fill()");
      database.execute(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND query = 'CALL fill()'""");

      Golden.check(GOLDEN + "in-doubt-now.txt", ends(8, Program.finish(process)).toString());
    }
    repair(offered(ends(8, program().run())).get(1));

    ends(0, program().run());
    assertThat(two()).containsExactly("2", "3");
    assertThatAllIsApplied();
  }

  @Test
  void a_baseline_leaves_what_stopped_half_way_to_a_run() throws InterruptedException {
    write(MARK + "CREATE TABLE two (id int);\nINSERT INTO two SELECT id FROM gate;");
    kill("%INSERT INTO two SELECT%");

    Program.Result refused = program().run("baseline", "Three");

    Golden.check(GOLDEN + "baseline.txt", ends(8, refused).toString());
    ends(0, program().run());
    assertThatAllIsApplied();
  }

  @Test
  void an_applied_migration_can_be_made_pending() {
    write("CREATE TABLE IF NOT EXISTS two (id int);");
    ends(0, program().run());

    ends(0, program().run("repair", "--mark-pending", TWO.toUpperCase(Locale.ROOT)));

    assertThat(database.history()).containsExactly(ONE, THREE);
    assertThat(ends(0, program().run()).out()).contains("applied  " + TWO);
  }

  @Test
  void an_id_that_the_changelog_does_not_know_can_be_forgotten() {
    database.execute("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20230101000000_Gone', '8')");

    ends(0, program().run("repair", "--mark-pending", "20230101000000_gone"));

    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void nothing_is_recorded_over_an_invalid_index() throws InterruptedException {
    write(MARK + "CREATE INDEX CONCURRENTLY gate_id ON gate (id);");
    leaveInvalidIndex();

    Program.Result refused = ends(6, program().run("repair", "--mark-applied", "Two"));

    Golden.check(GOLDEN + "invalid-index.txt", refused.toString());
    assertThat(database.history()).containsExactly(ONE);
  }

  private void leaveInvalidIndex() throws InterruptedException {
    try (var _ = new OpenTransaction(database, OpenTransaction.SNAPSHOT)) {
      Process process = program().start();
      Until.row(
          database,
          "SELECT 1 FROM pg_stat_progress_create_index WHERE datname = current_database()"
              + " AND phase LIKE 'waiting for old snapshots'");
      process.destroyForcibly().waitFor();
      database.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index"
              + " WHERE datname = current_database()");
      Until.row(
          database,
          "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_progress_create_index"
              + " WHERE datname = current_database())");
    }
  }

  @Test
  void a_database_without_history_has_nothing_to_repair() {
    try (var empty = TestDatabase.create()) {
      Program.Result result =
          ends(6, Program.in(path).with("Gateway", empty).run("repair", "--resume"));

      Golden.check(GOLDEN + "no-history.txt", result.toString().replace(empty.name(), "DATABASE"));
      assertThat(empty.tables()).isEmpty();
    }
  }

  @Test
  void what_is_asked_for_has_to_make_sense() throws InterruptedException {
    killInCall();

    assertThat(ends(2, program().run("repair")).err()).contains("repair needs to be told");
    assertThat(ends(2, program().run("repair", "--resume=two")).err())
        .contains("\"two\" is no number of a statement");
    assertThat(ends(2, program().run("repair", "--resume=5")).err())
        .contains("migration \"" + TWO + "\" has no statement 5");
    assertThat(ends(2, program().run("repair", "--mark-applied", "Four")).err())
        .contains("no migration \"Four\" in the changelog");
    assertThat(ends(2, program().run("repair", "--mark-pending", "Four")).err())
        .contains("no migration \"Four\" in the changelog");
  }

  @Test
  void what_contradicts_itself_is_refused() {
    write(MARK + "CREATE TABLE two (id int);\nSELECT 1/0;");
    ends(8, program().run());
    String journal = journal();

    for (String other : List.of("--mark-pending=two", "--accept-edited=" + TWO, "--resume")) {
      assertThat(ends(2, program().run("repair", "--mark-applied", "Two", other)).err())
          .contains("cannot settle migration \"" + TWO + "\" in two ways");
    }

    assertThat(journal()).isEqualTo(journal);
    assertThat(database.history()).containsExactly(ONE);
  }

  @Test
  void what_is_said_twice_is_done_once() {
    write("CREATE TABLE two (id int);");

    Program.Result result =
        ends(0, program().run("repair", "--mark-applied", "Two", "--mark-applied", TWO));

    assertThat(result.out()).contains("Gateway: 1 repaired");
    assertThat(database.history()).containsExactly(ONE, TWO);
  }

  @Test
  void a_repair_waits_for_a_run_that_is_at_work() throws InterruptedException {
    write("CREATE TABLE two (id int);\nSELECT FROM gate;");
    try (var _ = new OpenTransaction(database, "LOCK TABLE gate")) {
      Process process = program().start();
      Until.running(database, "SELECT FROM gate");

      Program.Result result =
          program().run("repair", "--mark-applied", "Three", "--run-lock-wait", "1s");

      assertThat(ends(5, result).err()).contains("could not acquire the migration lock");
      process.destroyForcibly().waitFor();
    }
  }
}
