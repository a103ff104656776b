package dev.slipway.migration;

import static dev.slipway.migration.Samples.checksum;
import static dev.slipway.migration.Samples.migration;
import static dev.slipway.migration.Samples.unfinished;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.Plan.Common;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
  private static final Migration VIEW = migration("20260103000000_View", Rerun.ON_CHANGE);
  private static final Migration GRANTS = migration("20260104000000_Grants", Rerun.ALWAYS);

  private static final Step APPLIED = new Step.Applied(migration("20260101000000_Applied"));
  private static final Step PENDING = new Step.Pending(migration("20260107000000_Pending"));
  private static final Step LATE =
      new Step.OutOfOrder(migration("20260102000000_Late"), "20260106000000_Modified");
  private static final Step BEYOND = new Step.Beyond(migration("20260108000000_Beyond"));
  private static final Step EDITED = new Step.RepeatableDue(VIEW, Step.RepeatableDue.Text.OTHER);
  private static final Step ALWAYS = new Step.RepeatableDue(GRANTS, Step.RepeatableDue.Text.SAME);
  private static final Step MODIFIED =
      new Step.Modified(migration("20260106000000_Modified"), checksum("of before"));
  private static final Step HALF =
      new Step.PartiallyApplied(
          migration("20260105000000_Half"),
          unfinished("20260105000000_Half", "as shipped", 2),
          Step.Standing.PENDING);
  private static final Step ABANDONED =
      new Step.Abandoned(unfinished("20260105500000_Gone", "as shipped", 2));
  private static final Step OLDER = new Step.UnknownOlder("20260101120000_Older");
  private static final Step NEWER = new Step.UnknownNewer("20270101000000_Newer");

  private static final Plan EVERYTHING =
      new Plan(
          List.of(
              OLDER, NEWER, ABANDONED, APPLIED, LATE, EDITED, ALWAYS, HALF, MODIFIED, PENDING,
              BEYOND),
          Common.SOME);

  @Test
  void due_is_what_a_run_applies() {
    assertThat(EVERYTHING.due())
        .extracting(Migration::toString)
        .containsExactly(
            "20260102000000_Late",
            "20260103000000_View",
            "20260104000000_Grants",
            "20260105000000_Half",
            "20260107000000_Pending");
  }

  @Test
  void pending_is_what_waits_for_a_run_also_behind_the_end_and_an_edited_repeatable() {
    assertThat(EVERYTHING.pending())
        .containsExactly(
            "20260102000000_Late",
            "20260103000000_View",
            "20260105000000_Half",
            "20260107000000_Pending",
            "20260108000000_Beyond");
  }

  @Test
  void a_run_always_migration_waits_for_a_run_only_if_it_was_edited() {
    var edited = new Step.RepeatableDue(GRANTS, Step.RepeatableDue.Text.OTHER);

    assertThat(new Plan(List.of(ALWAYS), Common.SOME).pending()).isEmpty();
    assertThat(new Plan(List.of(edited), Common.SOME).pending())
        .containsExactly("20260104000000_Grants");
  }

  @Test
  void all_is_there_where_nothing_waits_or_a_newer_release_has_its_own_text() {
    assertThat(isThere(APPLIED, ALWAYS)).isTrue();
    assertThat(isThere(APPLIED, NEWER)).isTrue();
    assertThat(isThere(APPLIED, EDITED, NEWER)).isTrue();
    assertThat(isThere(APPLIED, EDITED)).isFalse();
    assertThat(isThere(APPLIED, LATE, EDITED, NEWER)).isFalse();
    assertThat(isThere(APPLIED, MODIFIED, NEWER)).isFalse();
    assertThat(isThere(APPLIED, HALF, NEWER)).isFalse();
  }

  private static boolean isThere(Step... steps) {
    return new Plan(List.of(steps), Common.SOME).isThere();
  }

  @Test
  void applied_is_what_changelog_and_history_share() {
    assertThat(EVERYTHING.applied())
        .containsExactly(
            "20260101000000_Applied",
            "20260103000000_View",
            "20260104000000_Grants",
            "20260106000000_Modified");
  }

  @Test
  void unknown_is_what_only_the_history_has() {
    assertThat(EVERYTHING.unknown())
        .containsExactly("20260101120000_Older", "20270101000000_Newer");
  }

  @Test
  void steps_can_be_had_by_kind() {
    assertThat(EVERYTHING.newer()).containsExactly((Step.UnknownNewer) NEWER);
    assertThat(EVERYTHING.outOfOrder()).containsExactly((Step.OutOfOrder) LATE);
    assertThat(EVERYTHING.modified()).containsExactly((Step.Modified) MODIFIED);
    assertThat(EVERYTHING.partiallyApplied()).containsExactly((Step.PartiallyApplied) HALF);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # steps                             | common     | state
          PENDING                             | NO_HISTORY | EMPTY
          HALF PENDING                        | NO_HISTORY | PARTIALLY_APPLIED
          APPLIED                             | SOME       | UP_TO_DATE
          APPLIED PENDING                     | SOME       | PENDING
          APPLIED BEYOND                      | SOME       | PENDING
          APPLIED LATE                        | SOME       | PENDING
          APPLIED EDITED                      | SOME       | PENDING
          APPLIED ALWAYS                      | SOME       | UP_TO_DATE
          OLDER APPLIED                       | SOME       | UP_TO_DATE
          NEWER APPLIED                       | SOME       | AHEAD
          NEWER APPLIED PENDING               | SOME       | PENDING
          OLDER PENDING                       | NOTHING    | CONFLICT
          NEWER PENDING                       | NOTHING    | CONFLICT
          APPLIED MODIFIED                    | SOME       | CONFLICT
          NEWER MODIFIED PENDING              | SOME       | CONFLICT
          APPLIED MODIFIED HALF PENDING NEWER | SOME       | PARTIALLY_APPLIED
          OLDER HALF                          | NOTHING    | PARTIALLY_APPLIED
          ABANDONED APPLIED                   | SOME       | PARTIALLY_APPLIED
          """)
  void the_gravest_of_the_steps_decides_the_state(
      String steps, Common common, DatabaseState state) {
    var plan = new Plan(Stream.of(steps.split(" ", -1)).map(PlanTest::step).toList(), common);

    assertThat(plan.state()).isEqualTo(state);
  }

  @Test
  void a_plan_does_not_change_with_the_list_it_was_made_of() {
    List<Step> steps = new ArrayList<>(List.of(APPLIED));
    var plan = new Plan(steps, Common.SOME);

    steps.clear();

    assertThat(plan.steps()).containsExactly(APPLIED);
  }

  private static Step step(String name) {
    return switch (name) {
      case "APPLIED" -> APPLIED;
      case "PENDING" -> PENDING;
      case "LATE" -> LATE;
      case "BEYOND" -> BEYOND;
      case "EDITED" -> EDITED;
      case "ALWAYS" -> ALWAYS;
      case "MODIFIED" -> MODIFIED;
      case "HALF" -> HALF;
      case "ABANDONED" -> ABANDONED;
      case "OLDER" -> OLDER;
      case "NEWER" -> NEWER;
      default -> throw new IllegalArgumentException(name);
    };
  }
}
