package dev.slipway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.testing.RandomText;
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
import org.junit.jupiter.params.provider.ValueSource;

class LiteralTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``      | ''
          a       | 'a'
          it's    | 'it''s'
          "a"     | '"a"'
          a\\b    | E'a\\\\b'
          '\\'    | E'''\\\\'''
          """)
  void it_is_quoted_the_plain_way_unless_a_backslash_is_in_it(String value, String sql) {
    assertThat(new Literal(value).quoted()).isEqualTo(sql);
  }

  @Test
  void no_text_of_postgresql_holds_nul() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Literal("a\0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "off"})
  void the_server_reads_back_what_was_written_whatever_its_rule_for_backslashes(String standard)
      throws SQLException {
    long seed = Randomness.seed();
    Random random = Randomness.of(seed);
    try (var database = TestDatabase.create();
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET standard_conforming_strings = " + standard);
      statement.setEscapeProcessing(false);
      for (int round = 0; round < 20 * Randomness.factor(); round++) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          texts.add(RandomText.of(random, 12));
        }

        assertThat(read(statement, texts)).as("seed %d, round %d", seed, round).isEqualTo(texts);
      }
    }
  }

  private static List<String> read(Statement statement, List<String> texts) throws SQLException {
    String sql =
        texts.stream()
            .map(text -> new Literal(text).quoted())
            .collect(Collectors.joining(", ", "SELECT unnest(ARRAY[", "])"));
    List<String> read = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        read.add(result.getString(1));
      }
    }
    return read;
  }
}
