package dev.slipway.migration;

import static dev.slipway.migration.Samples.history;
import static dev.slipway.migration.Samples.migration;
import static dev.slipway.migration.Samples.rows;
import static dev.slipway.migration.Samples.unfinished;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The table of docs/resync.md, line by line.
final class GroundTest {
  private static String id(char name) {
    return "2024010%d000000_%s".formatted(name - 'a' + 1, name);
  }

  private static String[] ids(String names) {
    return names.equals("-")
        ? new String[0]
        : names.chars().mapToObj(name -> id((char) name)).toArray(String[]::new);
  }

  private static Changelog changelog(String names, String marked, HistoryUse use) {
    var contents = new ChangelogContents();
    for (String id : ids(names)) {
      contents.add(migration(id));
    }
    for (String id : ids(marked)) {
      contents.needsCleanDatabase(new MigrationId(id));
    }
    contents.recordAmong(use);
    return new Changelog("changelog", contents);
  }

  private static String answer(Changelog changelog, History history, Ground.Tables tables) {
    Plan plan = Planner.plan(changelog, history);
    return switch (Ground.of(plan, changelog, tables)) {
      case Ground.Fits(var older, var newer) ->
          "fits"
              + names(" older ", older.stream().map(Step.UnknownOlder::id).toList())
              + names(" newer ", newer.stream().map(Step.UnknownNewer::id).toList())
              + names(
                  " late ",
                  plan.outOfOrder().stream().map(step -> step.migration().id().value()).toList());
      case Ground.NothingInCommon() -> "nothing in common";
      case Ground.NotClean(var marked) ->
          "not clean" + names(" ", marked.stream().map(Migration::toString).toList());
    };
  }

  private static String names(String before, List<String> ids) {
    StringBuilder names = new StringBuilder();
    ids.forEach(id -> names.append(id.charAt(id.length() - 1)));
    return names.isEmpty() ? "" : before + names;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # changelog | history | marked | shared | tables | answer
          abc         | -       | -      | OWN    | NONE   | fits
          abc         | -       | -      | OWN    | SOME   | fits
          abc         | a       | -      | OWN    | SOME   | fits
          abc         | abc     | -      | OWN    | SOME   | fits
          # out of order, a hotfix branch
          abc         | ac      | -      | OWN    | SOME   | fits late b
          abd         | abc     | -      | OWN    | SOME   | fits older c
          # squashed; downwards; dated before the old ones
          d           | abc     | -      | OWN    | SOME   | nothing in common
          de          | abc     | -      | OWN    | SOME   | nothing in common
          abc         | de      | -      | OWN    | SOME   | nothing in common
          a           | bc      | -      | OWN    | SOME   | nothing in common
          d           | a       | d      | OWN    | SOME   | nothing in common
          # the second one of two that share a history
          d           | abc     | -      | SHARED | SOME   | fits
          abc         | de      | -      | SHARED | SOME   | fits
          bd          | abcd    | -      | SHARED | SOME   | fits
          # renamed; squashed and adopted
          bcd         | abc     | -      | OWN    | SOME   | fits older a
          cd          | abc     | -      | OWN    | SOME   | fits older ab
          # the database is ahead
          ab          | abc     | -      | OWN    | SOME   | fits newer c
          ab          | abcd    | -      | OWN    | SOME   | fits newer cd
          bc          | abd     | -      | OWN    | SOME   | fits older a newer d
          # marked
          abc         | -       | a      | OWN    | NONE   | fits
          abc         | -       | a      | OWN    | SOME   | not clean a
          abc         | ab      | c      | OWN    | SOME   | not clean c
          abc         | ac      | b      | OWN    | SOME   | not clean b
          abc         | -       | ac     | OWN    | SOME   | not clean ac
          abc         | a       | a      | OWN    | SOME   | fits
          abc         | abc     | ac     | OWN    | SOME   | fits
          d           | abc     | d      | SHARED | SOME   | not clean d
          """)
  void history_and_changelog_and_marks_decide(
      String names,
      String held,
      String marked,
      HistoryUse use,
      Ground.Tables tables,
      String answer) {
    String given = answer(changelog(names, marked, use), history(ids(held)), tables);

    assertThat(given).isEqualTo(answer);
  }

  @Test
  void letter_case_does_not_make_another_id() {
    History held =
        history(Arrays.stream(ids("ab")).map(id -> id.replace("_a", "_A")).toArray(String[]::new));

    assertThat(answer(changelog("a", "a", HistoryUse.OWN), held, Ground.Tables.SOME))
        .isEqualTo("fits newer b");
  }

  /// Its tables are its own.
  @Test
  void a_marked_one_that_stopped_half_way_may_be_gone_on_with() {
    Changelog changelog = changelog("ab", "b", HistoryUse.OWN);
    var held = new History(rows(id('a')), List.of(unfinished(id('b'), "as shipped", 1)));

    assertThat(answer(changelog, held, Ground.Tables.SOME)).isEqualTo("fits");
  }

  @Test
  void what_others_have_begun_in_a_shared_history_is_theirs() {
    var held = new History(rows(id('a')), List.of(unfinished(id('b'), "as shipped", 1)));

    assertThat(Planner.plan(changelog("d", "-", HistoryUse.SHARED), held).state())
        .isEqualTo(DatabaseState.PENDING);
    assertThat(Planner.plan(changelog("ad", "-", HistoryUse.OWN), held).state())
        .isEqualTo(DatabaseState.PARTIALLY_APPLIED);
  }

  @Test
  void an_id_beyond_the_wanted_end_asks_for_nothing() {
    Changelog changelog = changelog("abc", "c", HistoryUse.OWN);
    Plan plan = Planner.planTo(changelog, history(id('a')), changelog.migrations().get(1));

    assertThat(Ground.of(plan, changelog, Ground.Tables.SOME)).isInstanceOf(Ground.Fits.class);
  }
}
