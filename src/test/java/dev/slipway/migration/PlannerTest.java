package dev.slipway.migration;

import static dev.slipway.migration.Samples.changelog;
import static dev.slipway.migration.Samples.checksum;
import static dev.slipway.migration.Samples.finished;
import static dev.slipway.migration.Samples.history;
import static dev.slipway.migration.Samples.migration;
import static dev.slipway.migration.Samples.rows;
import static dev.slipway.migration.Samples.unfinished;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.Plan.Common;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// In the tables a migration is a letter, which stands for an id of that order; a capital letter is
/// the same id in other letter case.
class PlannerTest {
  private static final Migration A = migration(id('a'));
  private static final Migration B = migration(id('b'));
  private static final Migration C = migration(id('c'));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # changelog | history | steps                                    | common
          abc         | -       | pending a, pending b, pending c          | NO_HISTORY
          abc         | a       | applied a, pending b, pending c          | SOME
          abc         | abc     | applied a, applied b, applied c          | SOME
          abc         | ABC     | applied a, applied b, applied c          | SOME
          ABC         | abc     | applied A, applied B, applied C          | SOME
          abc         | b       | late a (b), applied b, pending c         | SOME
          abc         | ac      | applied a, late b (c), applied c         | SOME
          abcde       | bd      | late a (d), applied b, late c (d), applied d, pending e | SOME
          abc         | c       | late a (c), late b (c), applied c        | SOME
          abc         | ax      | newer x, applied a, pending b, pending c | SOME
          bc          | ab      | older a, applied b, pending c            | SOME
          bd          | bc      | older c, applied b, pending d            | SOME
          bd          | abcdex  | older a, older c, newer e, newer x, applied b, applied d | SOME
          b           | a       | older a, pending b                       | NOTHING
          a           | bc      | newer b, newer c, pending a              | NOTHING
          a           | a       | applied a                                | SOME
          """)
  void each_migration_gets_its_step(
      String changelog, @Nullable String history, String steps, Common common) {
    Plan plan = Planner.plan(changelogOf(changelog), historyOf(history));

    assertThat(text(plan)).isEqualTo(steps);
    assertThat(plan.common()).isEqualTo(common);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # changelog | history | to | steps
          abc         | -       | a  | pending a, beyond b, beyond c
          abc         | -       | c  | pending a, pending b, pending c
          abc         | a       | a  | applied a, beyond b, beyond c
          abc         | ab      | a  | applied a, applied b, beyond c
          abc         | b       | a  | late a (b), applied b, beyond c
          abcd        | bd      | b  | late a (d), applied b, beyond c, applied d
          abc         | ax      | b  | newer x, applied a, pending b, beyond c
          """)
  void a_plan_may_end_before_the_last(
      String changelog, @Nullable String history, char to, String steps) {
    Changelog all = changelogOf(changelog);
    Migration last = all.byId(id(to)).orElseThrow();

    assertThat(text(Planner.planTo(all, historyOf(history), last))).isEqualTo(steps);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # rerun   | recorded | journal    | its text   | step
          NEVER     | no       | -          | -          | pending
          NEVER     | yes      | -          | -          | applied
          NEVER     | yes      | finished   | as shipped | applied
          NEVER     | yes      | finished   | of before  | modified
          NEVER     | no       | finished   | as shipped | pending
          NEVER     | no       | unfinished | as shipped | half
          NEVER     | no       | unfinished | of before  | half
          NEVER     | yes      | unfinished | as shipped | applied
          ON_CHANGE | no       | -          | -          | pending
          ON_CHANGE | yes      | -          | -          | again
          ON_CHANGE | yes      | finished   | as shipped | applied
          ON_CHANGE | yes      | finished   | of before  | again
          ON_CHANGE | no       | unfinished | as shipped | half
          ON_CHANGE | yes      | unfinished | as shipped | half
          ON_CHANGE | yes      | unfinished | of before  | half
          ALWAYS    | no       | -          | -          | pending
          ALWAYS    | yes      | -          | -          | again
          ALWAYS    | yes      | finished   | as shipped | again
          ALWAYS    | yes      | finished   | of before  | again
          ALWAYS    | no       | unfinished | as shipped | half
          ALWAYS    | yes      | unfinished | as shipped | half
          """)
  void the_journal_and_the_author_decide_whether_it_is_due_again(
      Rerun rerun, String recorded, @Nullable String journal, @Nullable String text, String step) {
    String id = id('a');
    List<History.JournalEntry> entries =
        switch (String.valueOf(journal)) {
          case "finished" -> List.of(finished(id, String.valueOf(text)));
          case "unfinished" -> List.of(unfinished(id, String.valueOf(text), 2));
          default -> List.of();
        };
    // A second migration keeps the history from being empty.
    var history = new History(recorded.equals("yes") ? rows(id, id('b')) : rows(id('b')), entries);

    Plan plan = Planner.plan(changelog(migration(id, rerun), B), history);

    assertThat(text(plan))
        .isEqualTo(step.equals("pending") ? "late a (b), applied b" : step + " a, applied b");
  }

  @Test
  void steps_carry_what_their_reader_needs() {
    var history = new History(rows(A.id().value()), List.of(finished(A.id().value(), "of before")));
    var half = new History(List.of(), List.of(unfinished(B.id().value(), "as shipped", 2)));

    assertThat(Planner.plan(changelog(A, B, C), history).steps())
        .containsExactly(
            new Step.Modified(A, checksum("of before")), new Step.Pending(B), new Step.Pending(C));
    assertThat(Planner.plan(changelog(A, B, C), half).steps())
        .containsExactly(
            new Step.Pending(A),
            new Step.PartiallyApplied(
                B, half.journal(B.id().value()).orElseThrow(), Step.Standing.PENDING),
            new Step.Pending(C));
  }

  @Test
  void what_was_begun_and_is_in_the_changelog_no_more_is_not_forgotten() {
    var gone = unfinished(C.id().value(), "as shipped", 2);
    var half = new History(rows(A.id().value()), List.of(gone));
    var settled = new History(rows(A.id().value(), C.id().value()), List.of(gone));

    assertThat(Planner.plan(changelog(A, B), half).abandoned())
        .containsExactly(new Step.Abandoned(gone));
    assertThat(Planner.plan(changelog(A, B), half).isHalfDone()).isTrue();
    assertThat(Planner.plan(changelog(A, B), half).whileAnotherRuns().isHalfDone()).isFalse();
    assertThat(Planner.plan(changelog(A, B), settled).abandoned()).isEmpty();
  }

  @Test
  void an_emptying_that_was_begun_is_told_whatever_the_history_holds() {
    var begun = unfinished(History.EMPTYING, "", 100);
    var half = new History(rows(A.id().value(), B.id().value()), List.of(begun));
    var finished = new History(List.of(), List.of(finished(History.EMPTYING, "")));

    Plan plan = Planner.plan(changelog(A, B), half);

    assertThat(text(plan)).isEqualTo("half emptied, applied a, applied b");
    assertThat(plan.state()).isEqualTo(DatabaseState.PARTIALLY_APPLIED);
    assertThat(plan.whileAnotherRuns().isHalfDone()).isFalse();
    assertThat(Planner.plan(changelog(A, B), finished).isHalfDone()).isFalse();
  }

  @Test
  void the_journal_is_looked_up_without_regard_to_letter_case_too() {
    var history =
        new History(
            rows(A.id().value().toUpperCase(Locale.ROOT)),
            List.of(finished(A.id().value().toUpperCase(Locale.ROOT), "of before")));

    assertThat(Planner.plan(changelog(A), history).modified())
        .containsExactly(new Step.Modified(A, checksum("of before")));
  }

  @Test
  void an_interrupted_repeatable_beyond_the_end_is_left_alone() {
    Migration view = migration(id('b'), Rerun.ON_CHANGE);
    var history =
        new History(
            rows(A.id().value(), view.id().value()),
            List.of(finished(view.id().value(), "of before")));

    assertThat(Planner.planTo(changelog(A, view), history, A).steps())
        .containsExactly(new Step.Applied(A), new Step.Applied(view));
  }

  /// A Liquibase root file keeps its own order, and its ids have any form.
  @Test
  void the_order_of_the_changelog_counts_not_that_of_the_ids() {
    Migration tables = migration("tables");
    Migration indexes = migration("indexes");
    Migration cleanup = migration("cleanup");
    Changelog root = changelog(tables, indexes, cleanup);

    assertThat(Planner.plan(root, history()).due()).containsExactly(tables, indexes, cleanup);
    assertThat(Planner.plan(root, history("indexes")).steps())
        .containsExactly(
            new Step.OutOfOrder(tables, "indexes"),
            new Step.Applied(indexes),
            new Step.Pending(cleanup));
    assertThat(Planner.plan(root, history("cleanup", "indexes", "tables")).state())
        .isEqualTo(DatabaseState.UP_TO_DATE);
  }

  @ParameterizedTest
  @EnumSource(Rerun.class)
  void equal_input_gives_an_equal_plan(Rerun rerun) {
    Changelog all = changelog(A, migration(id('b'), rerun), C);
    History history = history(id('b'), id('x'));

    assertThat(Planner.plan(all, history)).isEqualTo(Planner.plan(all, history));
  }

  private static String id(char letter) {
    return "202601%02d000000_%s".formatted(Character.toLowerCase(letter) - 'a' + 1, letter);
  }

  private static Changelog changelogOf(String letters) {
    return changelog(
        letters.chars().mapToObj(c -> migration(id((char) c))).toArray(Migration[]::new));
  }

  private static History historyOf(@Nullable String letters) {
    return letters == null
        ? History.EMPTY
        : history(letters.chars().mapToObj(c -> id((char) c)).toArray(String[]::new));
  }

  private static String text(Plan plan) {
    return plan.steps().stream().map(PlannerTest::text).collect(Collectors.joining(", "));
  }

  private static String text(Step step) {
    return switch (step) {
      case Step.Applied(var migration) -> "applied " + migration.id().name();
      case Step.Pending(var migration) -> "pending " + migration.id().name();
      case Step.OutOfOrder(var migration, var behind) ->
          "late " + migration.id().name() + " (" + new MigrationId(behind).name() + ")";
      case Step.Beyond(var migration) -> "beyond " + migration.id().name();
      case Step.RepeatableDue(var migration, _) -> "again " + migration.id().name();
      case Step.Modified(var migration, _) -> "modified " + migration.id().name();
      case Step.Rewritten(var migration) -> "rewritten " + migration.id().name();
      case Step.PartiallyApplied(var migration, _, _) -> "half " + migration.id().name();
      case Step.Abandoned(var begun) -> "abandoned " + new MigrationId(begun.id()).name();
      case Step.HalfEmptied _ -> "half emptied";
      case Step.UnknownOlder(var id) -> "older " + new MigrationId(id).name();
      case Step.OfOthers(var id) -> "others' " + id;
      case Step.UnknownNewer(var id) -> "newer " + new MigrationId(id).name();
    };
  }
}
