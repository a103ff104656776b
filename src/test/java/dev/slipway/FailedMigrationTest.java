package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Until;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator reads of a migration that fails, and what is left of it.
final class FailedMigrationTest {
  private static final String FAILING = "changelog/20240103000000_Three.sql";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_five_migrations() {
    folder =
        new Folder(path)
            .write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int PRIMARY KEY);")
            .write("changelog/20240102000000_Two.sql", "CREATE TABLE two (id int);")
            .write(FAILING, "")
            .write("changelog/20240104000000_Four.sql", "CREATE TABLE four (id int);")
            .write("changelog/20240105000000_Five.sql", "CREATE TABLE five (id int);");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  /// Runs with this as the third migration, which fails.
  private void fails(String golden, String sql) {
    folder.write(FAILING, sql);

    Program.Result result = program().run();

    Golden.check("dev/slipway/failures/" + golden + ".txt", result.toString());
    assertThat(result.code()).isEqualTo(7);
    assertThat(database.history()).containsExactly("20240101000000_One", "20240102000000_Two");
    assertThat(database.tables())
        .containsExactly(
            "public.__EFMigrationsHistory", "public.one", "public.slipway_journal", "public.two");
  }

  @Test
  void a_failing_third_of_five_leaves_the_first_two() {
    fails(
        "third-of-five",
        """
        CREATE TABLE three (id int);

        ALTER TABLE three
          ADD COLUMN name text,
          ADD COLUMN kind teext;
        """);
  }

  @Test
  void once_mended_the_run_goes_on_with_it() {
    folder.write(FAILING, "CREATE TABLE three (id itn);");
    program().run();
    folder.write(FAILING, "CREATE TABLE three (id int);");

    Program.Result result = program().run();

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.out())
        .startsWith("applied  20240103000000_Three")
        .contains("Gateway: 3 applied, up-to-date at 20240105000000_Five (5 applied)");
    assertThat(database.history()).hasSize(5);
  }

  @Test
  void a_failing_first_one_says_that_none_is_applied() {
    folder.write("changelog/20230101000000_Zero.sql", "SELECT 1/0;");

    Program.Result result = program().run();

    assertThat(result.err()).contains("  state   rolled back; 0 of 6 applied\n");
    assertThat(database.history()).isEmpty();
  }

  @Test
  void an_error_in_a_function_shows_its_query_and_context() {
    fails(
        "in-function",
        """
        CREATE FUNCTION count_them() RETURNS int LANGUAGE plpgsql AS $$
        BEGIN
          RETURN (SELECT count(*) FROM no_such_table);
        END $$;
        SELECT count_them();
        """);
  }

  @Test
  void an_error_in_a_do_block_shows_its_context() {
    fails("in-do-block", "DO $$ BEGIN RAISE EXCEPTION 'no' USING HINT = 'Try yes.'; END $$;\n");
  }

  @Test
  void a_deferred_constraint_fails_at_commit() {
    fails(
        "deferred-constraint",
        """
        CREATE TABLE three (
          one int REFERENCES one DEFERRABLE INITIALLY DEFERRED);
        INSERT INTO three VALUES (42);
        """);
  }

  @Test
  void a_syntax_error_at_the_end_of_input_points_behind_the_last_line() {
    fails("end-of-input", "CREATE TABLE three (id int);\n\nINSERT INTO three\n  VALUES\n;\n");
  }

  @Test
  void the_caret_stands_right_behind_characters_of_several_bytes() {
    fails(
        "multi-byte",
        """
        -- Größe, 東京, 🚢
        CREATE TABLE three (id int);
        INSERT INTO three VALUES (length('Größe 東京 🚢'), nonsense);
        """);
  }

  @Test
  void the_caret_stands_right_behind_statements_with_characters_of_several_bytes() {
    fails(
        "multi-byte-before",
        """
        CREATE TABLE three (id text DEFAULT 'Größe 東京 🚢');
        INSERT INTO three VALUES ('🚢');
        INSERT INTO three VALUES (nonsense);
        """);
  }

  @Test
  void a_statement_that_cannot_be_parsed_is_named_though_none_before_it_ran() {
    fails(
        "cannot-be-parsed",
        """
        CREATE TABLE three (id text DEFAULT '🚢');
        INSERT INTO three VALUES ('one');
        INSERT INTO three VALEUS ('two');
        INSERT INTO three VALUES ('three');
        """);
  }

  @Test
  void the_line_is_right_behind_windows_line_ends() {
    fails(
        "windows-lines",
        "-- one\r\n-- two\r\nCREATE TABLE three (\r\n  id int,\r\n  name teext\r\n);\r\n");
  }

  @Test
  void the_line_is_right_behind_a_byte_order_mark() {
    fails("byte-order-mark", "\uFEFFCREATE TABLE three (id teext);\n");
  }

  @Test
  void a_long_line_is_cut_around_the_caret() {
    fails("long-line", "SELECT " + "1, ".repeat(200) + "nonsense" + ", 2".repeat(200) + ";\n");
  }

  @Test
  void a_violated_constraint_shows_detail_without_a_caret() {
    fails("violation", "INSERT INTO one VALUES (1);\nINSERT INTO one VALUES (1);\n");
  }

  @Test
  void the_failing_one_among_statements_sent_together_is_named() {
    fails(
        "among-many",
        "INSERT INTO one VALUES (0);\n"
            + "CREATE TABLE three (id int);\n"
            + "INSERT INTO three VALUES (1);\n".repeat(150)
            + "INSERT INTO three VALUES ('x');\n"
            + "INSERT INTO three VALUES (1);\n".repeat(150));
  }

  @Test
  void a_statement_that_outlasts_the_command_timeout_is_rolled_back_by_the_server() {
    for (String slow :
        new String[] {"SELECT pg_sleep(60);", "DO $$BEGIN PERFORM pg_sleep(60); END$$;"}) {
      folder.write(FAILING, "CREATE TABLE three (id int);\n" + slow);

      Program.Result result =
          Program.in(path)
              .with("ConnectionStrings__Gateway", database.connectionString(";Command Timeout=3"))
              .run();

      assertThat(result.code()).as(result.toString()).isEqualTo(7);
      assertThat(result.err())
          .contains("failed: the connection string's Command Timeout of 3 s ran out\n")
          .contains("Three.sql:2, statement 2 of 2")
          .contains("  state   rolled back; ")
          .contains("  next    Take Command Timeout out of the connection string, or raise it");
      Until.alone(database);
      assertThat(database.tables()).doesNotContain("public.three");
    }
  }

  @Test
  void a_position_in_a_text_of_the_servers_own_does_not_mislead() {
    fails(
        "position-elsewhere",
        """
        CREATE TABLE three (a int);
        PREPARE p AS SELECT a FROM three;
        ALTER TABLE three DROP COLUMN a;
        CREATE TABLE four AS EXECUTE p;
        """);
  }
}
