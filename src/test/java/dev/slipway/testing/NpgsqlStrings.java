package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What Npgsql 10 makes of 300 connection strings, as measured and written down in
/// `connection-strings.tsv`, and where we differ from it on purpose.
public final class NpgsqlStrings {
  private static final String FILE = "/dev/slipway/config/connection-strings.tsv";
  private static final JsonFactory JSON = new JsonFactory();

  /// A deliberate difference: strings that Npgsql accepts and we refuse, or the other way round.
  public record Difference(String reason, List<String> texts) {
    public Difference {
      texts = List.copyOf(texts);
    }

    Difference(String reason, String... texts) {
      this(reason, List.of(texts));
    }
  }

  public static final List<Difference> DIFFERENCES =
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

  /// One string.
  ///
  /// @param outcome `ok`, `refused` or `refused when opened`
  /// @param result the properties as JSON, or the exception
  public record Row(String text, String outcome, String result) {
    public boolean isAccepted() {
      return outcome.equals("ok");
    }

    /// The properties that Npgsql set, by its own names.
    public Map<String, String> properties() {
      try {
        return strings(result);
      } catch (IOException e) {
        throw new UncheckedIOException(text, e);
      }
    }
  }

  private NpgsqlStrings() {}

  /// The strings that one of both accepts and the other refuses.
  public static Set<String> differing() {
    var texts = new TreeSet<String>();
    DIFFERENCES.forEach(difference -> texts.addAll(difference.texts()));
    return texts;
  }

  public static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    try (InputStream file = Objects.requireNonNull(NpgsqlStrings.class.getResourceAsStream(FILE))) {
      var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        String[] fields = line.split("\t", 3);
        rows.add(new Row(string(fields[0]), fields[1], fields[2]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(FILE, e);
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
