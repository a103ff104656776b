package dev.slipway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.config.ResyncProgress.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `after-resync` and `resync-progress` in a changelog's `slipway.yaml`.
final class ResyncKeysTest {
  private static final String BOTH =
      "Write two lines beneath it: query: SELECT count(*) FROM orders, target: 9000000 (or a"
          + " SELECT that gives a number)";

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("slipway.yaml");
  }

  private Settings settings(String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return Settings.load(Map.of(), List.of(), Map.of(), folder).withChangelogFile(file);
  }

  private List<ConfigurationProblem> problems(String text) {
    return catchThrowableOfType(ConfigurationException.class, () -> settings(text)).problems();
  }

  private ConfigurationProblem problem(int line, String message, String hint) {
    return new ConfigurationProblem(file + ":" + line, message, hint);
  }

  private Figure figure(String text, int line) {
    return new Figure(text, file + ":" + line);
  }

  @Test
  void without_them_nothing_is_known() {
    assertThat(settings("role: a").resync()).isEqualTo(ResyncNotes.NONE);
    assertThat(Settings.load(Map.of(), List.of(), Map.of(), folder).resync())
        .isEqualTo(ResyncNotes.NONE);
  }

  @Test
  void both_are_read_with_their_lines() {
    ResyncNotes notes =
        settings(
                """
                after-resync: |
                  Start one replica.

                  Then the others.
                resync-progress:
                  target: 9_000_000
                  query: |
                    SELECT count(*)
                    FROM orders
                """)
            .resync();

    assertThat(notes)
        .isEqualTo(
            new ResyncNotes(
                Optional.of("Start one replica.\n\nThen the others."),
                Optional.of(
                    new ResyncProgress(
                        figure("SELECT count(*)\nFROM orders", 7), figure("9000000", 6)))));
  }

  @ParameterizedTest
  @CsvSource({"12.5, 12.5", "'\"12\"', 12", "SELECT 9, SELECT 9", "'\"SELECT 9\"', SELECT 9"})
  void a_target_is_a_number_or_a_text(String written, String read) {
    assertThat(
            settings("resync-progress: {query: SELECT 1, target: " + written + "}")
                .resync()
                .progress())
        .contains(new ResyncProgress(figure("SELECT 1", 1), figure(read, 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "~", "''", "'  '", "\"\\n\""})
  void an_empty_text_is_refused(String empty) {
    assertThat(
            problems(
                "after-resync: %1$s\nresync-progress:\n  query: %1$s\n  target: %1$s\n"
                    .formatted(empty)))
        .containsExactly(
            problem(1, "\"after-resync\" is empty", "Write a text behind it, or take it out."),
            problem(
                3,
                "\"query\" of \"resync-progress\" is empty",
                "Write a text behind it, or take it out."),
            problem(
                4,
                "\"target\" of \"resync-progress\" is empty",
                "Write a text behind it, or take it out."));
  }

  @Test
  void lists_and_mappings_are_refused() {
    String hint = "Write one text behind it.";

    assertThat(problems("after-resync: [a]\nresync-progress:\n  query: {a: b}\n  target:\n  - 9\n"))
        .containsExactly(
            problem(1, "\"after-resync\" cannot be a list or a mapping", hint),
            problem(3, "\"query\" of \"resync-progress\" cannot be a list or a mapping", hint),
            problem(4, "\"target\" of \"resync-progress\" cannot be a list or a mapping", hint));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SELECT 1", "[query, target]", "9"})
  void progress_is_a_mapping(String other) {
    assertThat(problems("role: a\nresync-progress: " + other))
        .containsExactly(problem(2, "\"resync-progress\" is no mapping", BOTH));
  }

  @Test
  void both_members_are_required() {
    assertThat(problems("resync-progress: {}"))
        .containsExactly(
            problem(1, "\"resync-progress\" has no \"query\"", BOTH),
            problem(1, "\"resync-progress\" has no \"target\"", BOTH));
    assertThat(problems("resync-progress: {query: SELECT 1}"))
        .containsExactly(problem(1, "\"resync-progress\" has no \"target\"", BOTH));
  }

  @Test
  void unknown_members_are_refused_with_the_nearest_name() {
    assertThat(
            problems(
                """
                resync-progress:
                  query: SELECT 1
                  targets: 5
                  unit: orders
                  target: 5
                  query: SELECT 2
                """))
        .containsExactly(
            problem(
                3, "unknown key \"targets\" of \"resync-progress\"", "Did you mean \"target\"?"),
            problem(
                4,
                "unknown key \"unit\" of \"resync-progress\"",
                "Take it out; it holds query and target."),
            problem(6, "\"query\" of \"resync-progress\" is given twice", "Take one of them out."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "true", "2024-04-02", "1.5"})
  void a_query_is_a_text(String other) {
    assertThat(problems("resync-progress: {target: 5, query: " + other + "}"))
        .containsExactly(
            problem(
                1,
                "\"query\" of \"resync-progress\" cannot be \"" + other + "\"",
                "Write a SELECT that gives one number."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5", "0.0", "true", "0x10", ".inf", "2024-04-02"})
  void a_target_is_more_than_nothing(String other) {
    assertThat(problems("resync-progress: {query: SELECT 1, target: " + other + "}"))
        .containsExactly(
            problem(
                1,
                "\"target\" of \"resync-progress\" cannot be \"" + other + "\"",
                "Write a number above 0, or a SELECT that gives one."));
  }

  @Test
  void slips_in_their_names_are_told() {
    assertThat(problems("after-resnc: a\nresync_progress: b\n"))
        .containsExactly(
            problem(1, "unknown setting \"after-resnc\"", "Did you mean \"after-resync\"?"),
            problem(2, "unknown setting \"resync_progress\"", "Did you mean \"resync-progress\"?"));
  }
}
