package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Much of everything, by the script.
@Tag("slow")
final class LargeScriptTest {
  private static final String FILE = "changelog/20240101000000_Large.sql";
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s*(\\d+) kB");
  private static final int MOST_KILOBYTES = 300_000;

  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  /// Runs the script of this migration.
  ///
  /// @return the most memory that the session's server process had
  private int peakKilobytes(String sql) throws IOException {
    new Folder(path).write(FILE, sql);
    String script = path.resolve("script.sql").toString();
    Program.Result result = Program.in(path).run("script", "-o", script);
    assertThat(result.code()).as(result.toString()).isZero();

    String printed =
        Tool.psql(
            database,
            "postgres",
            "\\i " + script,
            "SELECT pg_read_file('/proc/' || pg_backend_pid() || '/status')");

    Matcher peak = PEAK.matcher(printed);
    assertThat(peak.find()).as(printed).isTrue();
    return Integer.parseInt(peak.group(1));
  }

  @Test
  void a_hundred_thousand_statements_cost_the_server_little_memory() throws IOException {
    var sql = new StringBuilder("CREATE TABLE t (position serial, id int);\n");
    for (int i = 1; i < 100_000; i++) {
      sql.append("INSERT INTO t (id) VALUES (").append(i).append(");\n");
    }

    assertThat(peakKilobytes(sql.toString())).isLessThan(MOST_KILOBYTES);

    assertThat(database.rows("SELECT count(*), bool_and(position = id) FROM t"))
        .containsExactly("99999|t");
    assertThat(database.rows("SELECT statements_done, statements FROM slipway_journal"))
        .containsExactly("100000|100000");
  }

  @Test
  void a_statement_of_more_than_ten_megabytes_arrives() throws IOException {
    String text = "0123456789".repeat(1_100_000);

    assertThat(peakKilobytes("SELECT '" + text + "' AS text INTO t;\n")).isPositive();

    assertThat(
            database.rows(
                "SELECT length(text), md5(text) = md5(repeat('0123456789', 1100000)) FROM t"))
        .containsExactly("11000000|t");
  }

  @Test
  void a_statement_of_more_than_ten_megabytes_arrives_without_a_transaction_too()
      throws IOException {
    String text = "0123456789".repeat(1_100_000);

    assertThat(
            peakKilobytes(
                "-- slipway: no-transaction\nCREATE TABLE t AS SELECT '" + text + "' AS text;\n"))
        .isPositive();

    assertThat(database.rows("SELECT length(text) FROM t")).containsExactly("11000000");
  }
}
