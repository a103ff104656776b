package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.LargeChangelog;
import dev.slipway.testing.PeakMemory;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Much of everything: statements, rows, notices.
@Tag("slow")
final class LargeMigrationTest {
  private static final String FILE = "changelog/20240101000000_Large.sql";

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program.Result applied(String sql) {
    new Folder(path).write(FILE, sql);
    Program.Result result = Program.in(path).with("Gateway", database).run();
    assertThat(result.code()).as(result.toString()).isZero();
    return result;
  }

  private static final String INSERTING_FUNCTION =
      """
      CREATE TABLE seen (id int);
      CREATE FUNCTION see(id int) RETURNS text LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO seen VALUES (id);
        RETURN repeat('x', 100);
      END $$;
      """;

  @Test
  void a_select_with_side_effects_runs_to_its_end() {
    applied(INSERTING_FUNCTION + "SELECT see(n) FROM generate_series(1, 10000) AS n;\n");

    assertThat(database.rows("SELECT count(*) FROM seen")).containsExactly("10000");
  }

  @Test
  void a_select_with_side_effects_runs_to_its_end_without_a_transaction_too() {
    applied(
        "-- slipway: no-transaction\n"
            + INSERTING_FUNCTION
            + "SELECT see(n) FROM generate_series(1, 10000) AS n;\n");

    assertThat(database.rows("SELECT count(*) FROM seen")).containsExactly("10000");
  }

  @Test
  void returning_hands_out_its_rows_to_the_end() {
    applied(
        INSERTING_FUNCTION
            + "CREATE TABLE t (id int);\n"
            + "INSERT INTO t SELECT generate_series(1, 10000) RETURNING see(id);\n");

    assertThat(database.rows("SELECT count(*) FROM seen")).containsExactly("10000");
  }

  @Test
  void five_thousand_statements_are_applied_in_their_order() {
    var sql = new StringBuilder("CREATE TABLE t (position serial, id int);\n");
    for (int i = 1; i < 5_000; i++) {
      sql.append("INSERT INTO t (id) VALUES (").append(i).append(");\n");
    }

    applied(sql.toString());

    assertThat(database.rows("SELECT count(*), bool_and(position = id) FROM t"))
        .containsExactly("4999|t");
    assertThat(database.rows("SELECT statements_done, statements FROM slipway_journal"))
        .containsExactly("5000|5000");
  }

  @Test
  void statements_as_long_as_a_batch_do_not_jam() {
    String values = "(1),".repeat(20_000) + "(1);\n";

    applied("CREATE TABLE t (id int);\n" + ("INSERT INTO t VALUES " + values).repeat(20));

    assertThat(database.rows("SELECT count(*) FROM t")).containsExactly("400020");
  }

  @Test
  void a_flood_of_notices_is_neither_kept_nor_a_jam() throws InterruptedException {
    new Folder(path)
        .write(
            FILE,
            """
            DO $$ BEGIN
              FOR i IN 1..200000 LOOP
                RAISE NOTICE '%', repeat('x', 1000);
              END LOOP;
            END $$;
            """);
    Program program =
        Program.in(path).with("Gateway", database).with("JDK_JAVA_OPTIONS", "-Xmx48m");

    Program.Result result = Program.finish(program.start());

    assertThat(result.code()).as(result.toString()).isZero();
  }

  /// Of two megabytes, more than is read at once.
  private static final String LONG =
      ("INSERT INTO t VALUES ('€');\n" + "-- " + "x".repeat(70) + "\n").repeat(20_000);

  @Test
  void the_directives_of_a_large_file_are_obeyed() {
    applied("-- slipway: no-transaction\nCREATE TABLE t (v text);\nVACUUM t;\n");
    new Folder(path)
        .write(
            "changelog/20240102000000_Larger.sql", "-- slipway: run-always\nTRUNCATE t;\n" + LONG);

    assertThat(Program.in(path).with("Gateway", database).run().code()).isZero();
    assertThat(Program.in(path).with("Gateway", database).run().code()).isZero();

    assertThat(database.rows("SELECT count(*), min(v), max(v) FROM t"))
        .containsExactly("20000|€|€");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          -- slipway: run-always | a directive behind the first statement
          \\set x 1               | cannot run \\set
          SELECT 'x              | unterminated string
          COMMIT                 | cannot run COMMIT
          SELECT 'ä'             | not UTF-8: byte 0xE4
          """)
  void what_is_wrong_at_the_end_of_a_large_file_is_told_with_its_line(String end, String message)
      throws IOException {
    Path file = Files.createDirectories(path.resolve("changelog")).resolve("20240101000000_A.sql");
    Files.writeString(file, "CREATE TABLE t (v text);\n" + LONG);
    Files.writeString(file, end, StandardCharsets.ISO_8859_1, StandardOpenOption.APPEND);

    Program.Result result = Program.in(path).with("Gateway", database).run();

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err()).contains(message).contains("20240101000000_A.sql:40002");
    assertThat(database.tables()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void no_changelog_takes_more_than_256_megabytes_with_the_flags_of_the_image(LargeChangelog large)
      throws InterruptedException {
    int divisor = divisor(large);
    large.write(path.resolve("changelog"), divisor);

    Process process = Program.in(path).with("Gateway", database).startAsShipped();
    var peak = PeakMemory.of(process);
    Program.Result result = Program.finish(process);

    assertThat(result.code()).as(() -> result.out() + end(result.err())).isZero();
    assertThat(database.rows("SELECT count(*) FROM t"))
        .containsExactly(Integer.toString(large.count(divisor)));
    assertThat(peak.megabytes()).isBetween(32.0, 256.0);
  }

  /// Each in the size of its name, but for what takes long and does not grow.
  private static int divisor(LargeChangelog large) {
    return switch (large) {
      case MEGABYTES_OF_STATEMENTS, MEGABYTES_IN_ONE_STATEMENT -> 1;
      case STATEMENTS, ROWS, NOTICES, MIGRATIONS -> Math.max(1, 5 / Randomness.factor());
      case STATEMENTS_WITHOUT_TRANSACTION -> Math.max(1, 30 / Randomness.factor());
    };
  }

  private static String end(String text) {
    return text.substring(Math.max(0, text.length() - 4_000));
  }
}
