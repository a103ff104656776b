package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Migrations that are due again, and what does not make one due.
final class RepeatableTest {
  private static final String ONE = "20240101000000_One";
  private static final String VIEW = "20240102000000_View";
  private static final String VIEW_FILE = "changelog/" + VIEW + ".sql";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    folder =
        new Folder(path)
            .write(
                "changelog/" + ONE + ".sql",
                "CREATE TABLE runs (id int);\n\nINSERT INTO runs VALUES (1);\n");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program.Result ends(int code, String... arguments) {
    Program.Result result = Program.in(path).with("Gateway", database).run(arguments);
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    return result;
  }

  @Test
  void an_edited_run_on_change_migration_is_applied_again() {
    folder.write(
        VIEW_FILE, "-- slipway: run-on-change\nCREATE OR REPLACE VIEW v AS SELECT 1 AS a;");
    ends(0);
    folder.write(
        VIEW_FILE, "-- slipway: run-on-change\nCREATE OR REPLACE VIEW v AS SELECT 2 AS a;");

    assertThat(ends(1, "status").out()).startsWith("changed   " + VIEW + "\n");
    ends(0);

    assertThat(database.rows("SELECT a FROM v")).containsExactly("2");
    assertThat(ends(0).out()).startsWith("Gateway: nothing to do");
    assertThat(database.history()).containsExactly(ONE, VIEW);
  }

  @Test
  void a_run_always_migration_is_applied_by_each_run() {
    folder.write(VIEW_FILE, "-- slipway: run-always\nINSERT INTO runs VALUES (2);");
    ends(0);
    ends(0);

    ends(0);

    assertThat(database.rows("SELECT count(*) FROM runs WHERE id = 2")).containsExactly("3");
    assertThat(database.history()).containsExactly(ONE, VIEW);
  }

  @Test
  void a_run_always_migration_leaves_status_up_to_date() {
    folder.write(VIEW_FILE, "-- slipway: run-always\nINSERT INTO runs VALUES (2);");
    ends(0);

    Program.Result status = ends(0, "status");

    assertThat(status.out())
        .isEqualTo("always    " + VIEW + "\nGateway: up-to-date at " + VIEW + " (2 applied)\n");
  }

  @Test
  void a_run_always_migration_that_fails_leaves_what_the_last_run_made() {
    folder.write(VIEW_FILE, "-- slipway: run-always\nINSERT INTO runs VALUES (2);");
    ends(0);
    folder.write(VIEW_FILE, "-- slipway: run-always\nINSERT INTO runs VALUES (3); SELECT 1/0;");

    ends(7);

    assertThat(database.rows("SELECT id FROM runs ORDER BY 1")).containsExactly("1", "2");
    assertThat(database.history()).containsExactly(ONE, VIEW);
  }

  @Test
  void line_ends_byte_order_mark_and_trailing_blanks_are_no_edit() {
    ends(0);
    folder.write(
        "changelog/" + ONE + ".sql",
        "\uFEFFCREATE TABLE runs (id int);  \r\n\t\r\nINSERT INTO runs VALUES (1);\r\n\r\n");

    assertThat(ends(0).out()).startsWith("Gateway: nothing to do");
  }

  @Test
  void leading_blanks_are_an_edit() {
    ends(0);
    folder.write(
        "changelog/" + ONE + ".sql",
        " CREATE TABLE runs (id int);\n\nINSERT INTO runs VALUES (1);\n");

    ends(6);
  }
}
