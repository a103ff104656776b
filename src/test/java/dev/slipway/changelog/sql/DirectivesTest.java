package dev.slipway.changelog.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.migration.Base;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import dev.slipway.sql.Position;
import dev.slipway.sql.Problem;
import dev.slipway.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectivesTest {
  private final List<ChangelogProblem> problems = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"30s, 30000", "1min, 60000", "0, 0", "00:00:02, 2000"})
  void a_lock_timeout_is_a_duration(String text, long milliseconds) {
    Directives read = read("-- slipway: no-transaction, lock-timeout " + text + "\nSELECT 1");

    assertThat(problems).isEmpty();
    assertThat(read.conduct().lockTimeout()).contains(Duration.ofMillis(milliseconds));
    assertThat(read.transaction()).isEqualTo(TransactionMode.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # text                                                          | mode | rerun
          SELECT 1                                                        | ONE  | NEVER
          -- slipway: no-transaction                                      | NONE | NEVER
          -- slipway: run-always                                          | ONE  | ALWAYS
          -- slipway: run-on-change                                       | ONE  | ON_CHANGE
          -- slipway: no-transaction, run-on-change                       | NONE | ON_CHANGE
          -- slipway: run-on-change,no-transaction                        | NONE | ON_CHANGE
          --slipway:no-transaction                                        | NONE | NEVER
          --   Slipway:   RUN-Always                                      | ONE  | ALWAYS
          -- slipway: run-always, run-always                              | ONE  | ALWAYS
          -- slipway: no-transaction⏎-- slipway: run-always               | NONE | ALWAYS
          ⏎⏎  -- Why.⏎⏎-- slipway: no-transaction⏎VACUUM                  | NONE | NEVER
          -- the word slipway: run-always, in a sentence                  | ONE  | NEVER
          -- slipway run-always                                           | ONE  | NEVER
          SELECT 1;⏎-- slipway: run-always                                | ONE  | NEVER
          /* Why. */⏎-- slipway: run-always                               | ONE  | NEVER
          """)
  void the_first_comment_lines_are_read(String text, TransactionMode mode, Rerun rerun) {
    for (String lineEnd : List.of("\n", "\r\n", "\r")) {
      assertThat(read(text.replace("⏎", lineEnd)))
          .isEqualTo(new Directives(mode, rerun, Optional.empty(), Base.ANY));
    }
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          -- slipway: no-transactions         | 1 | unknown directive "no-transactions"
          -- slipway:                         | 1 | unknown directive ""
          -- slipway: run-always,             | 1 | unknown directive ""
          -- slipway: no-transaction please   | 1 | unknown directive "no-transaction please"
          -- Why.⏎⏎-- slipway: x              | 3 | unknown directive "x"
          -- slipway: lock-timeout            | 1 | the directive "lock-timeout" has no duration
          -- slipway: lock-timeout 30         | 1 | the directive "lock-timeout 30" has no duration
          -- slipway: lock-timeout 1s, lock-timeout 2s | 1 | two lock-timeouts in one file
          -- slipway: lock-timeouts 30s       | 1 | unknown directive "lock-timeouts 30s"
          -- slipway: needs-clean-databases   | 1 | unknown directive "needs-clean-databases"
          -- slipway: run-always, run-on-change | 1 | run-always and run-on-change in one file
          -- slipway: run-on-change⏎-- slipway: run-always | 2 | run-always and run-on-change in one file
          """)
  void what_cannot_be_honoured_is_refused_by_name_and_line(String text, int line, String message) {
    for (String lineEnd : List.of("\n", "\r\n", "\r")) {
      problems.clear();

      read(text.replace("⏎", lineEnd));

      assertThat(problems).extracting(ChangelogProblem::message).containsExactly(message);
      assertThat(problems.getFirst().origin()).isEqualTo(new Origin("a.sql", line));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- slipway: needs-clean-database",
        "-- slipway: Needs-Clean-Database, no-transaction",
        "-- slipway: no-transaction\n-- slipway: needs-clean-database, lock-timeout 1s, run-always"
      })
  void a_file_may_need_a_clean_database(String text) {
    assertThat(read(text).base()).isEqualTo(Base.CLEAN_DATABASE);
    assertThat(problems).isEmpty();
  }

  @Test
  void all_unknown_directives_are_listed() {
    read("-- slipway: a, no-transaction, b\n-- slipway: c\n");

    assertThat(problems).extracting(p -> p.origin().line()).containsExactly(1, 1, 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # text                                             | first | line | behind
          SELECT 1;⏎-- slipway: no-transaction               | 1     | 2    | the first statement
          -- Why.⏎⏎SELECT⏎  -- slipway: x⏎1                  | 3     | 4    | the first statement
          /* Why. */⏎-- slipway: no-transaction⏎VACUUM       | 3     | 2    | other text
          /* Why. */⏎-- slipway: no-transaction              | 999   | 2    | other text
          """)
  void a_directive_that_would_be_ignored_is_refused(
      String text, int firstStatement, int line, String behind) {
    for (String lineEnd : List.of("\n", "\r\n", "\r")) {
      assertThat(misplaced(text.replace("⏎", lineEnd), firstStatement))
          .extracting(Problem::position, Problem::message)
          .containsExactly(tuple(new Position(line, 1), "a directive behind " + behind));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-- slipway: no-transaction\nVACUUM",
        "-- slipway: no-transaction\n\n-- slipway: run-always\nVACUUM\n-- done",
        "SELECT 1; -- slipway: no-transaction"
      })
  void a_directive_in_its_place_is_not(String text) {
    assertThat(misplaced(text, 1)).isEmpty();
  }

  private static List<Problem> misplaced(String text, int firstStatement) {
    return misplaced(List.of(text), firstStatement);
  }

  private static List<Problem> misplaced(List<String> pieces, int firstStatement) {
    var watched = new MisplacedDirectives(pieces.iterator());
    watched.forEachRemaining(piece -> {});
    return watched.problems(List.of(new Statement("SELECT 1", new Position(firstStatement, 1))));
  }

  @Test
  void a_line_in_two_pieces_is_one_line() {
    assertThat(misplaced(List.of("SELECT '\n", "a", "\n-- slipway: x\n", "';"), 1))
        .extracting(Problem::position)
        .containsExactly(new Position(3, 1));
    assertThat(misplaced(List.of("SELECT 1\n, ", "-- slipway: x\n"), 1)).isEmpty();
  }

  @Test
  void a_directive_behind_the_first_piece_is_refused() {
    assertThat(misplaced(List.of("-- Why.\n", "-- slipway: no-transaction\n"), 999))
        .extracting(Problem::position)
        .containsExactly(new Position(2, 1));
  }

  private Directives read(String text) {
    return Directives.read("a.sql", text, problems);
  }
}
