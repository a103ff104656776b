package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DollarQuoteTest {
  private static final List<String> PIECES =
      List.of("$", "sql", "$sql", "sql$", "$sql$", "$sql1$", "sql1", "1", "$$", "s", "'", "\n");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``           | $sql$$sql$
          a            | $sql$a$sql$
          sql          | $sql$sql$sql$
          it's \\ $$   | $sql$it's \\ $$$sql$
          $q$a$q$      | $sql$$q$a$q$$sql$
          a$           | $sql$a$$sql$
          a$sq         | $sql$a$sq$sql$
          a$sql        | $sql1$a$sql$sql1$
          $sql$        | $sql1$$sql$$sql1$
          $SQL$        | $sql$$SQL$$sql$
          $sql$a$sql1$ | $sql2$$sql$a$sql1$$sql2$
          $sql$a$sql1  | $sql2$$sql$a$sql1$sql2$
          """)
  void the_first_tag_is_taken_that_the_text_does_not_close(String text, String quoted) {
    assertThat(DollarQuote.around(text, "sql")).isEqualTo(quoted);
  }

  @Test
  void the_server_reads_back_what_was_quoted() throws SQLException {
    long seed = Randomness.seed();
    Random random = Randomness.of(seed);
    try (var database = TestDatabase.create();
        Connection connection = database.connect()) {
      for (int round = 0; round < 10 * Randomness.factor(); round++) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          texts.add(text(random));
        }

        assertThat(read(connection, texts)).as("seed %d, round %d", seed, round).isEqualTo(texts);
      }
    }
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int left = random.nextInt(6); left > 0; left--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  private static List<String> read(Connection connection, List<String> texts) throws SQLException {
    String sql =
        texts.stream()
            .map(text -> DollarQuote.around(text, "sql"))
            .collect(Collectors.joining(", ", "SELECT unnest(ARRAY[", "])"));
    List<String> read = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        read.add(result.getString(1));
      }
    }
    return read;
  }
}
