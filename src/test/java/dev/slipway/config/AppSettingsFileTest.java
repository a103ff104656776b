package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppSettingsFileTest {
  @TempDir private Path folder;

  @Test
  void comments_trailing_commas_and_a_byte_order_mark_are_allowed() throws IOException {
    String json =
        """
        \uFEFF{
          // the gateway
          "ConnectionStrings": {
            "Gateway": "Host=db", /* and
            no other */
          },
        }
        """;

    assertThat(connections(json)).containsExactly(entry("Gateway", "Host=db"));
  }

  @Test
  void keys_are_joined_with_colons_however_they_are_nested() throws IOException {
    String json =
        """
        {"ConnectionStrings:A": "a", "connectionstrings": {"B": {"C": true}, "D": [1, [2.5], null]}}
        """;

    assertThat(connections(json))
        .containsExactly(
            entry("A", "a"),
            entry("B:C", "true"),
            entry("D:0", "1"),
            entry("D:1:0", "2.5"),
            entry("D:2", ""));
  }

  @Test
  void a_malformed_file_is_told_with_line_and_column_and_without_what_it_says() throws IOException {
    assertMalformedAt("{\n  \"a\": secret\n}", 2, 15);
    assertMalformedAt("[]", 1, 1);
    assertMalformedAt("{} {}", 1, 4);
    assertMalformedAt("", 1, 1);
    assertMalformedAt("{\"a\": \"secret", 1, 14);
  }

  @Test
  void a_folder_in_its_place_is_told() throws IOException {
    Path file = Files.createDirectory(folder.resolve("appsettings.json"));
    var sources = new Sources();

    AppSettingsFile.read(file, sources);

    assertThat(sources.problems())
        .containsExactly(
            new ConfigurationProblem(
                file.toString(),
                "\"" + file + "\" is a folder, a pipe or a device",
                "Name a regular file: it is read again at each connect, as what it holds may"
                    + " change."));
  }

  @Test
  void a_key_that_is_given_twice_is_refused_as_in_dotnet() throws IOException {
    String json =
        """
        {"ConnectionStrings": {"A": "Host=a"}, "connectionstrings:a": "Host=b",
         "Other": {"A": "a", "a": "b"}}
        """;

    assertThat(read(json).problems())
        .containsExactly(
            new ConfigurationProblem(
                folder.resolve("appsettings.json") + ":1:63",
                "the file gives the value of this key twice; letter case does not count",
                "Take one of them out: .NET does not read the file either."));
  }

  private void assertMalformedAt(String json, int line, int column) throws IOException {
    assertThat(read(json).problems())
        .as(json)
        .containsExactly(
            new ConfigurationProblem(
                folder.resolve("appsettings.json") + ":" + line + ":" + column,
                "\"appsettings.json\" is not well-formed JSON",
                "Mend the file there; comments and trailing commas are allowed."));
  }

  private Map<String, String> connections(String json) throws IOException {
    Map<String, String> connections = new TreeMap<>();
    Sources sources = read(json);
    sources.connections().forEach((name, given) -> connections.put(name, given.text()));
    assertThat(sources.problems()).isEmpty();
    return connections;
  }

  private Sources read(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("appsettings.json"), json);
    var sources = new Sources();
    AppSettingsFile.read(file, sources);
    return sources;
  }
}
