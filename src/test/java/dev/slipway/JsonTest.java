package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The one object that `--json` prints, as golden files with a member per line.
final class JsonTest {
  private static final String TWO = "changelog/20240102000000_Two.sql";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void write_a_changelog() {
    folder =
        new Folder(path)
            .write("changelog/20240101000000_One.sql", "CREATE TABLE one (id int);\n")
            .write(TWO, "CREATE TABLE two (id int);\nSELECT 'Größe';\n");
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program program() {
    return Program.in(path).with("Gateway", database);
  }

  private static void checked(String golden, int code, Program.Result result) {
    String text =
        "exit %d\n--- stdout\n%s--- stderr\n%s"
            .formatted(result.code(), readable(result.out()), result.err());
    Golden.check("dev/slipway/json/" + golden + ".txt", text.replaceAll(TIME, "TIME"));
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
  }

  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

  /// Parses what was printed, which must be one object on one line, and puts each member on a line
  /// of its own.
  private static String readable(String out) {
    assertThat(out).hasLineCount(1).endsWith("}\n");
    var text = new StringBuilder();
    try (JsonParser parser = new JsonFactory().createParser(out)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth -= token.isStructEnd() ? 1 : 0;
        text.append("  ".repeat(depth)).append(shown(parser, token)).append('\n');
        depth += token.isStructStart() ? 1 : 0;
      }
      assertThat(depth).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(out, e);
    }
    return text.toString().replaceAll(":\n *", ": ");
  }

  private static String shown(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case FIELD_NAME -> parser.currentName() + ":";
      case VALUE_STRING -> "\"" + parser.getText().replace("\n", "\\n") + "\"";
      case VALUE_NUMBER_INT -> parser.currentName().equals("milliseconds") ? "N" : parser.getText();
      default -> parser.getText();
    };
  }

  @Test
  void migrate_tells_what_it_applied() {
    checked("migrate", 0, program().run("migrate", "--json"));
  }

  @Test
  void a_run_with_nothing_to_do_says_so() {
    program().run();

    checked("nothing-to-do", 0, program().run("--json"));
  }

  @Test
  void a_dry_run_tells_what_it_would_apply() {
    checked("dry-run", 0, program().run("--json", "--dry-run"));
  }

  @Test
  void a_dry_run_to_an_id_ends_there() {
    checked("dry-run-to", 0, program().run("--json", "--dry-run", "--to", "One"));
  }

  @Test
  void status_of_an_empty_database() {
    checked("status-empty", 1, program().run("status", "--json"));
  }

  @Test
  void status_of_a_database_that_is_ahead() {
    program().run();
    database.execute("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20990101000000_New', '10')");

    checked("status-ahead", 0, program().run("status", "--json"));
  }

  @Test
  void status_of_an_edited_migration() {
    program().run();
    folder.write(TWO, "SELECT 2;\n");

    checked("status-conflict", 6, program().run("status", "--json"));
  }

  @Test
  void history_of_rows_with_and_without_a_journal() {
    program().run();
    database.execute("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20230101000000_Ef', '9.0.1')");

    checked("history", 0, program().run("history", "--json"));
  }

  @Test
  void show_prints_the_migration_itself() {
    checked("show", 0, Program.in(path).run("show", "head", "--json"));
  }

  @Test
  void show_of_what_there_is_not() {
    checked("show-unknown", 2, Program.in(path).run("show", "Ten", "--json"));
  }

  @Test
  void new_prints_id_and_file() {
    folder.write("changelog/29990101000000_Last.sql", "SELECT 1;");

    checked("new", 0, Program.in(path).run("new", "AddOrders", "--json"));
  }

  @Test
  void a_usage_failure() {
    checked("usage", 2, program().run("--json", "--nonsense"));
  }

  @Test
  void a_configuration_failure() {
    checked("configuration", 3, Program.in(path).run("status", "--json"));
  }

  @Test
  void a_configuration_failure_where_json_is_asked_for_by_the_environment() {
    Program program = Program.in(path).with("Slipway__Json", "true");

    checked("configuration", 3, program.run());
  }

  @Test
  void a_changelog_that_cannot_be_sent() {
    folder.write(TWO, "VACUUM;");

    checked("changelog", 3, program().run("--json"));
  }

  @Test
  void a_database_that_cannot_be_reached() {
    database.close();

    checked("connection", 4, program().run("--json"));
  }

  @Test
  void a_failed_migration() {
    folder.write(TWO, "CREATE TABLE two (id itn);\n");

    checked("failed", 7, program().run("--json"));
  }

  @Test
  void a_partially_applied_migration() {
    folder.write(TWO, "-- slipway: no-transaction\nVACUUM one;\nSELECT 1/0;\n");

    checked("partially-applied", 8, program().run("--json"));
    checked("status-partially-applied", 8, program().run("status", "--json"));
  }
}
