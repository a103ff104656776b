package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Compares what we make of 300 connection strings with what Npgsql 10 makes of them, as measured
/// and written down in `connection-strings.tsv`.
class NpgsqlAgreementTest {
  private static final JsonFactory JSON = new JsonFactory();

  /// A deliberate difference: strings that Npgsql accepts and we refuse, or the other way round.
  private record Difference(String reason, List<String> texts) {
    Difference(String reason, String... texts) {
      this(reason, List.of(texts));
    }
  }

  private static final List<Difference> DIFFERENCES =
      List.of(
          new Difference(
              "versions 6 and 7 of Npgsql accept these keys; we warn",
              "Host=h;Continuous Processing=true",
              "Host=h;EF Template Database=value",
              "Host=h;EntityAdminDatabase=value",
              "Host=h;EntityTemplateDatabase=value",
              "Host=h;Include Error Details=true",
              "Host=h;Preload Reader=true",
              "Host=h;Use Extended Types=true"),
          new Difference(
              "a number without a meaning would pass for some mode", "Host=h;SSL Mode=9"),
          new Difference(
              "no name of a host; Npgsql fails at the look-up only, and a password may be in it",
              "Host=h Database=d",
              "host=h\tdatabase=d",
              "Host=h,Database=d"),
          new Difference(
              "no port; Npgsql fails at connecting only", "Host=h:99999", "Host=h:99999;Port=6000"),
          new Difference("Java knows no abstract sockets", "Host=@abstract"),
          new Difference(
              "an empty host; Npgsql fails at the look-up only, or takes it for this machine",
              "Host=,h;Port=6000",
              "Host=h1,,h2",
              "Host=h1,,h2;Port=6000"),
          new Difference(
              "an interval without a time; Npgsql fails at connecting only",
              "Host=h;TCP Keepalive Interval=17"),
          new Difference(
              "a revocation list would be asked of another server, and only the database is connected to",
              "Host=h;Check Certificate Revocation=true",
              "Host=h;CheckCertificateRevocation=true"),
          new Difference("URIs are understood", "jdbc:postgresql://h/d", "postgres://u:p@h:5432/d"),
          new Difference(
              "there is no Kerberos login",
              "Host=h;Kerberos Service Name=value",
              "Host=h;Krbsrvname=value"),
          new Difference("text travels as UTF-8 only", "Host=h;Encoding=value"));

  private record Row(String text, String outcome, String result) {
    boolean isAccepted() {
      return outcome.equals("ok");
    }
  }

  @Test
  void the_same_strings_are_refused_except_for_deliberate_differences() throws IOException {
    var differing = new TreeSet<String>();
    for (Row row : rows()) {
      if (isAccepted(row.text()) != row.isAccepted()) {
        differing.add(row.text());
      }
    }

    var deliberate = new TreeSet<String>();
    DIFFERENCES.forEach(difference -> deliberate.addAll(difference.texts()));
    assertThat(differing).isEqualTo(deliberate);
  }

  @Test
  void keys_and_values_are_canonical_as_in_Npgsql() throws IOException {
    Map<String, Map<String, String>> ours = new TreeMap<>();
    Map<String, Map<String, String>> npgsql = new TreeMap<>();
    for (Row row : rows()) {
      if (row.isAccepted() && !row.text().equals("Host=h;SSL Mode=9")) {
        ours.put(row.text(), canonical(row.text()));
        npgsql.put(row.text(), strings(row.result()));
      }
    }

    assertThat(ours).hasSize(214).isEqualTo(npgsql);
  }

  @Test
  void malformed_strings_are_malformed_at_the_same_index() throws IOException {
    Map<String, Integer> ours = new TreeMap<>();
    Map<String, Integer> npgsql = new TreeMap<>();
    String sentence = "does not conform to specification starting at index ";
    for (Row row : rows()) {
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

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    try (InputStream file =
        Objects.requireNonNull(
            NpgsqlAgreementTest.class.getResourceAsStream("connection-strings.tsv"))) {
      var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        String[] fields = line.split("\t", 3);
        rows.add(new Row(string(fields[0]), fields[1], fields[2]));
      }
    }
    assertThat(rows).hasSize(300);
    return rows;
  }

  private static String string(String json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      return parser.nextTextValue();
    }
  }

  private static Map<String, String> strings(String json) throws IOException {
    Map<String, String> strings = new TreeMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        strings.put(parser.currentName(), parser.nextTextValue());
      }
    }
    return strings;
  }
}
