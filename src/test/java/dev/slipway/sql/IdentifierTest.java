package dev.slipway.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.testing.RandomText;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifierTest {
  private static final int LONGEST_BYTES = 63;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a              | "a"
          Mixed Case     | "Mixed Case"
          a"b            | "a""b"
          "              | \"""\"
          it's           | "it's"
          a\\b           | "a\\b"
          """)
  void it_is_always_in_double_quotes(String value, String sql) {
    assertThat(new Identifier(value).quoted()).isEqualTo(sql);
    assertThat(new Identifier(value)).hasToString(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0", "a\0b"})
  void no_name_is_empty_or_holds_nul(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Identifier(value));
  }

  @Test
  void the_server_reads_back_the_name_that_was_written() throws SQLException {
    long seed = Randomness.seed();
    Random random = Randomness.of(seed);
    try (var database = TestDatabase.create();
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (int round = 0; round < 20 * Randomness.factor(); round++) {
        List<String> names = names(random);

        assertThat(read(statement, names)).as("seed %d, round %d", seed, round).isEqualTo(names);
      }
    }
  }

  private static List<String> names(Random random) {
    List<String> names = new ArrayList<>();
    while (names.size() < 500) {
      String name = RandomText.of(random, 12);
      if (!name.isEmpty() && name.getBytes(UTF_8).length <= LONGEST_BYTES) {
        names.add(name);
      }
    }
    return names;
  }

  private static List<String> read(Statement statement, List<String> names) throws SQLException {
    String sql =
        names.stream()
            .map(name -> "1 AS " + new Identifier(name).quoted())
            .collect(Collectors.joining(", ", "SELECT ", ""));
    List<String> read = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      ResultSetMetaData columns = result.getMetaData();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        read.add(columns.getColumnLabel(i));
      }
    }
    return read;
  }
}
