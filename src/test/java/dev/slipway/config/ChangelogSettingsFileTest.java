package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangelogSettingsFileTest {
  private static final String KEYS =
      "lock-timeout, lock-wait, role, history-table, history-schema,"
          + " shared-history, contexts, labels, migration-id, needs-clean-database,"
          + " after-resync, resync-progress";

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("slipway.yaml");
  }

  @Test
  void it_gives_settings() throws IOException {
    write(
        "# ours",
        "history-table: \"_Migrations\"",
        "history-schema: ops",
        "lock-timeout: 00:00:30");

    Settings settings = settings(Map.of());

    assertThat(settings.historyTable()).contains("_Migrations");
    assertThat(settings.historySchema()).contains("ops");
    assertThat(settings.lockTimeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void all_other_sources_count_more() throws IOException {
    write("role: author", "history-table: author");

    Settings settings = settings(Map.of("Slipway__Role", "operator"));

    assertThat(settings.role()).contains("operator");
    assertThat(settings.historyTable()).contains("author");
  }

  @Test
  void it_may_be_absent_or_say_nothing() throws IOException {
    assertThat(settings(Map.of()).role()).isEmpty();
    write("# nothing");
    assertThat(settings(Map.of()).role()).isEmpty();
    write("role:");
    assertThat(settings(Map.of()).role()).isEmpty();
  }

  @Test
  void unknown_keys_are_refused_with_their_line() throws IOException {
    write(
        "role: a",
        "history-tabel: b",
        "json: true",
        "role: c",
        "history-schema: [d]",
        "lock-timeout: 5");

    assertThat(problems())
        .containsExactly(
            problem(2, "unknown setting \"history-tabel\"", "Did you mean \"history-table\"?"),
            problem(
                3, "unknown setting \"json\"", "Take it out; a changelog can set " + KEYS + "."),
            problem(4, "\"role\" is given twice", "Take one of them out."),
            problem(
                5,
                "\"history-schema\" cannot be a list or a mapping",
                "Write one value behind it."),
            problem(
                6,
                "\"Slipway:LockTimeout\" cannot be \"5\"",
                "Write a duration: 500ms, 5s, 2min, 1h, hh:mm:ss, d.hh:mm:ss or 0."));
  }

  @Test
  void expressions_are_refused_with_their_place() throws IOException {
    write("contexts: a, b", "labels: a and");

    assertThat(problems())
        .containsExactly(
            problem(2, "\"Slipway:Labels\" cannot be the value given", Expression.EXPECTATION));
    assertThat(
            catchThrowableOfType(
                    ConfigurationException.class, () -> settings(Map.of("Slipway__Contexts", "(a")))
                .problems())
        .containsExactly(
            new ConfigurationProblem(
                "environment variable Slipway__Contexts",
                "\"Slipway:Contexts\" cannot be the value given",
                Expression.EXPECTATION));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{autor}.{id}", "{author}", "{id", "{id}}", "{ID}", "release"})
  void a_template_of_ids_is_refused_with_its_place(String template) throws IOException {
    write("role: a", "migration-id: \"" + template + "\"");

    assertThat(problems())
        .extracting(ConfigurationProblem::source, ConfigurationProblem::hint)
        .containsExactly(
            tuple(
                file + ":2",
                "Write a text with {id}; {author} and {path} are the only other names in braces."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{id}", "{path}/{author}.{id}", "v1-{id}"})
  void a_template_of_ids_is_read(String template) throws IOException {
    write("migration-id: \"" + template + "\"");

    assertThat(settings(Map.of()).migrationId()).isEqualTo(template);
  }

  @Test
  void a_malformed_file_is_told_with_line_and_column() throws IOException {
    String message = "\"slipway.yaml\" is not a well-formed YAML mapping";
    String hint = "Write a setting and its value on each line, such as lock-timeout: 5s.";

    write("role: a", "  b: c");
    assertThat(problems()).containsExactly(new ConfigurationProblem(file + ":2:4", message, hint));
    write("- role");
    assertThat(problems()).containsExactly(new ConfigurationProblem(file + ":1:1", message, hint));
  }

  @Test
  void a_file_that_is_no_text_is_told() throws IOException {
    Files.write(file, "role: \u00e9".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(problems())
        .containsExactly(
            new ConfigurationProblem(
                file.toString(),
                "could not read \"" + file + "\"",
                "Make it a readable file of UTF-8."));
  }

  private ConfigurationProblem problem(int line, String message, String hint) {
    return new ConfigurationProblem(file + ":" + line, message, hint);
  }

  private List<ConfigurationProblem> problems() {
    return catchThrowableOfType(ConfigurationException.class, () -> settings(Map.of())).problems();
  }

  private Settings settings(Map<String, String> environment) {
    return Settings.load(environment, List.of(), Map.of(), folder).withChangelogFile(file);
  }

  private void write(String... lines) throws IOException {
    Files.writeString(file, String.join("\n", lines) + "\n");
  }
}
