package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.sql.Statement.Lines;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class ExcerptTest {
  private static final List<String> GAPS =
      List.of(" ", "\t", "\n", "\r\n", "\r", "/* \n\uD83D\uDE80 */", "--x\n");
  private static final List<String> COLUMNS =
      List.of(
          " ", "\t", "\n", "\r\n", "1, ", "'é提\uD83D\uDE80', ", "/* \r\uD83D\uDE80 */", "--é\n");

  private static String render(String text, Position start, int position) {
    return Excerpt.render(new Statement(text, start), position);
  }

  @Test
  void the_caret_stands_under_the_failing_character() {
    assertThat(render("SELECT nothing FROM here", new Position(3, 1), 8))
        .isEqualTo(
            """
            LINE 3: SELECT nothing FROM here
                           ^""");
  }

  @Test
  void lines_are_those_of_the_file() {
    assertThat(render("SELECT\n  a,\n  nothing\nFROM here", new Position(99, 1), 15))
        .isEqualTo(
            """
            LINE 101:   nothing
                        ^""");
  }

  @Test
  void lines_that_are_not_those_of_the_file_do_not_count() {
    assertThat(
            Excerpt.render(
                new Statement("SELECT\n  nothing", new Position(99, 1), Lines.OF_TEXT), 10))
        .isEqualTo("LINE 99:   nothing\n           ^");
  }

  @Test
  void every_kind_of_line_end_counts_once() {
    assertThat(render("a\r\nb\rc\nd", Position.START, 8)).isEqualTo("LINE 4: d\n        ^");
  }

  @Test
  void positions_count_characters_and_a_tab_is_one() {
    assertThat(render("\t'\uD83D\uDE80' x", Position.START, 6))
        .isEqualTo("LINE 1:  '\uD83D\uDE80' x\n             ^");
  }

  @Test
  void a_position_behind_the_text_is_its_end() {
    assertThat(render("SELECT", Position.START, 7)).isEqualTo("LINE 1: SELECT\n              ^");
    assertThat(render("SELECT", Position.START, 99)).isEqualTo("LINE 1: SELECT\n              ^");
    assertThat(render("SELECT", Position.START, 0)).isEqualTo("LINE 1: SELECT\n        ^");
  }

  @Test
  void a_long_line_is_cut_around_the_position() {
    String text = "x".repeat(200) + "!" + "y".repeat(200);

    assertThat(render(text, Position.START, 201))
        .isEqualTo(
            "LINE 1: ..."
                + "x".repeat(39)
                + "!"
                + "y".repeat(38)
                + "...\n"
                + " ".repeat("LINE 1: ...".length() + 39)
                + "^");
  }

  @Test
  void a_long_line_is_cut_behind_when_the_position_is_in_front() {
    assertThat(render("x".repeat(100), Position.START, 1))
        .isEqualTo("LINE 1: " + "x".repeat(78) + "...\n        ^");
  }

  @Test
  void the_caret_finds_what_the_server_complains_about() throws SQLException {
    long seed = Randomness.seed();
    Random random = Randomness.of(seed);
    try (var database = TestDatabase.create();
        Connection connection = database.connect()) {
      for (int i = 0; i < 300 * Randomness.factor(); i++) {
        String sql =
            "SELECT "
                + fillers(random, COLUMNS)
                + "\u00FCnknown "
                + fillers(random, GAPS)
                + "FROM pg_class";

        String[] lines = render(sql, Position.START, position(connection, sql)).split("\n", -1);

        assertThat(lines).as("seed %d, case %d: %s", seed, i, sql).hasSize(2);
        int caret = lines[1].indexOf('^');
        int shown = lines[0].offsetByCodePoints(0, caret);
        assertThat(lines[0].substring(shown))
            .as("seed %d, case %d", seed, i)
            .startsWith("\u00FCnkno");
      }
    }
  }

  private static String fillers(Random random, List<String> fillers) {
    var text = new StringBuilder();
    for (int left = random.nextInt(40); left > 0; left--) {
      text.append(fillers.get(random.nextInt(fillers.size())));
    }
    return text.toString();
  }

  private static int position(Connection connection, String sql) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.execute(sql);
      throw new AssertionError("the server did not complain");
    } catch (PSQLException e) {
      ServerErrorMessage message = Objects.requireNonNull(e.getServerErrorMessage());
      return message.getPosition();
    }
  }
}
