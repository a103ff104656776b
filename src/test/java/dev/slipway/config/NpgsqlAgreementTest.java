package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.NpgsqlStrings;
import dev.slipway.testing.NpgsqlStrings.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Compares what we make of 300 connection strings with what Npgsql 10 makes of them, as measured
/// and written down in `connection-strings.tsv`.
class NpgsqlAgreementTest {
  @Test
  void the_same_strings_are_refused_except_for_deliberate_differences() {
    var differing = new TreeSet<String>();
    for (Row row : NpgsqlStrings.rows()) {
      if (isAccepted(row.text()) != row.isAccepted()) {
        differing.add(row.text());
      }
    }

    assertThat(differing).isEqualTo(NpgsqlStrings.differing());
  }

  @Test
  void keys_and_values_are_canonical_as_in_Npgsql() {
    Map<String, Map<String, String>> ours = new TreeMap<>();
    Map<String, Map<String, String>> npgsql = new TreeMap<>();
    for (Row row : NpgsqlStrings.rows()) {
      if (row.isAccepted() && !row.text().equals("Host=h;SSL Mode=9")) {
        ours.put(row.text(), canonical(row.text()));
        npgsql.put(row.text(), row.properties());
      }
    }

    assertThat(ours).hasSize(214).isEqualTo(npgsql);
  }

  @Test
  void malformed_strings_are_malformed_at_the_same_index() {
    Map<String, Integer> ours = new TreeMap<>();
    Map<String, Integer> npgsql = new TreeMap<>();
    String sentence = "does not conform to specification starting at index ";
    for (Row row : NpgsqlStrings.rows()) {
      int found = row.result().indexOf(sentence);
      if (found >= 0) {
        String index = row.result().substring(found + sentence.length());
        npgsql.put(row.text(), Integer.valueOf(index.replace(".", "")));
        ours.put(row.text(), malformedIndex(row.text()));
      }
    }

    assertThat(ours).hasSize(20).isEqualTo(npgsql);
  }

  private static boolean isAccepted(String text) {
    try {
      ConnectionString.parse("x", text);
      return true;
    } catch (ConfigurationException _) {
      return false;
    }
  }

  private static Map<String, String> canonical(String text) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Map<String, String> values = new TreeMap<>();
    ConnectionStringReader.canonical(new Given("x", text, "test"), problems)
        .forEach((key, value) -> values.put(key.text(), value));
    assertThat(problems).as(text).isEmpty();
    return values;
  }

  private static int malformedIndex(String text) {
    try {
      ConnectionPairs.read(text);
      return -1;
    } catch (ConnectionPairs.MalformedException e) {
      return e.index();
    }
  }
}
