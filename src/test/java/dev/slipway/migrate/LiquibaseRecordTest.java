package dev.slipway.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migrate.LiquibaseRecord.Ambiguous;
import dev.slipway.migration.ForeignId;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Origin;
import dev.slipway.testing.HandMadeChangelog;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiquibaseRecordTest {
  private static final Migration ONE = migration("1 | ann | db/a.xml");
  private static final Migration TWO = migration("add-users | bob | db/b.yaml");

  private static Migration migration(String text) {
    return HandMadeChangelog.migration("id | " + text + " | SELECT 1", new Origin("file", 1));
  }

  /// @param text as in `1 | ann | db/a.xml`
  private static ForeignId row(String text) {
    String[] parts = text.split(" \\| ", -1);
    return new ForeignId(parts[0], parts[1], List.of(parts[2]));
  }

  private static List<ForeignId> rows(String... texts) {
    return Stream.of(texts).map(LiquibaseRecordTest::row).toList();
  }

  private static LiquibaseRecord match(List<ForeignId> rows, Migration... migrations) {
    return LiquibaseRecord.match(rows, Arrays.asList(migrations));
  }

  /// All rows were found.
  private static LiquibaseRecord found(int rows, Migration... applied) {
    return new LiquibaseRecord(Arrays.asList(applied), rows, List.of(), List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "1 | ann | db/a.xml",
    "1 | ANN | DB/a.xml",
    "1 | ann | classpath:/db/a.xml",
    "1 | ann | BOOT-INF/classes/db/a.xml",
    "1 | ann | a.xml",
    "1 | ann | old/a.xml"
  })
  void a_changeset_is_found_by_id_author_and_path(String row) {
    assertThat(match(rows(row), ONE, TWO)).isEqualTo(found(1, ONE));
  }

  @ParameterizedTest
  @CsvSource({
    "1 | bob | db/a.xml",
    "2 | ann | db/a.xml",
    "1 | ann | db/b.yaml",
    "1 | ann | db/xa.xml"
  })
  void another_id_author_or_file_name_is_another_changeset(String row) {
    assertThat(match(rows(row), ONE, TWO))
        .isEqualTo(new LiquibaseRecord(List.of(), 0, rows(row), List.of()));
  }

  @Test
  void each_of_its_paths_may_be_recorded() {
    Migration logical = migration("1 | ann | orders, db/a.xml, changelog/db/a.xml");

    assertThat(match(rows("1 | ann | orders"), logical)).isEqualTo(found(1, logical));
    assertThat(match(rows("1 | ann | db/a.xml"), logical)).isEqualTo(found(1, logical));
  }

  @Test
  void what_is_applied_keeps_the_order_of_the_changelog() {
    assertThat(match(rows("add-users | bob | db/b.yaml", "1 | ann | db/a.xml"), ONE, TWO))
        .isEqualTo(found(2, ONE, TWO));
  }

  @Test
  void two_rows_may_stand_for_one_changeset() {
    assertThat(match(rows("1 | ann | db/a.xml", "1 | ann | a.xml"), ONE)).isEqualTo(found(2, ONE));
  }

  @Test
  void the_same_id_and_author_in_two_files_are_told_apart_by_their_paths() {
    Migration inA = migration("1 | ann | a/c.sql");
    Migration inB = migration("1 | ann | b/c.sql");

    assertThat(match(rows("1 | ann | b/c.sql"), inA, inB)).isEqualTo(found(1, inB));
    assertThat(match(rows("1 | ann | app/a/c.sql"), inA, inB)).isEqualTo(found(1, inA));
  }

  @Test
  void the_longest_common_end_decides() {
    Migration root = migration("1 | ann | c.sql");
    Migration part = migration("1 | ann | a/c.sql");

    assertThat(match(rows("1 | ann | db/a/c.sql"), root, part)).isEqualTo(found(1, part));
    assertThat(match(rows("1 | ann | db/c.sql"), root, part)).isEqualTo(found(1, root));
  }

  @ParameterizedTest
  @CsvSource({"1 | ann | c.sql", "1 | ann | old/c.sql"})
  void what_may_be_several_is_left_to_a_person(String row) {
    Migration inA = migration("1 | ann | a/c.sql");
    Migration inB = migration("1 | ann | b/c.sql");

    assertThat(match(rows(row), inA, inB))
        .isEqualTo(
            new LiquibaseRecord(
                List.of(), 0, List.of(), List.of(new Ambiguous(row(row), List.of(inA, inB)))));
  }

  @Test
  void a_removed_changeset_is_not_taken_for_one_that_has_its_row() {
    Migration inA = migration("1 | ann | a/c.sql");
    Migration inB = migration("1 | ann | b/c.sql");
    List<ForeignId> rows = rows("1 | ann | old/c.sql", "1 | ann | a/c.sql", "1 | ann | x/b/c.sql");

    assertThat(match(rows, inA, inB))
        .isEqualTo(
            new LiquibaseRecord(List.of(inA, inB), 2, rows("1 | ann | old/c.sql"), List.of()));
  }

  @Test
  void nor_for_a_new_one_that_only_has_its_file_name() {
    Migration inA = migration("1 | ann | a/c.sql");
    Migration added = migration("1 | ann | b/c.sql");
    List<ForeignId> rows = rows("1 | ann | old/c.sql", "1 | ann | a/c.sql");

    assertThat(match(rows, inA, added).ambiguous())
        .containsExactly(new Ambiguous(row("1 | ann | old/c.sql"), List.of(added)));
  }
}
