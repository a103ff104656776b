package dev.slipway.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.History.JournalEntry;
import dev.slipway.sql.Lexer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What can be done about a migration that stopped half-way, by its text and the journal's marks.
final class ResumptionTest {
  private static final String THREE = "CREATE TABLE a (b int);\nVACUUM a;\nCALL c();";

  private static Migration migration(String sql, TransactionMode mode) {
    return new Migration(
        new MigrationId("20260101000000_One"),
        new Origin("one.sql", 1),
        Samples.checksum(sql),
        new Conduct(mode, Rerun.NEVER, Conduct.OnFailure.STOP),
        Edits.NONE,
        Optional.empty(),
        Optional.empty(),
        () -> MigrationSql.of("one.sql", Lexer.split(sql)));
  }

  private static JournalEntry begun(String text, int done, @Nullable Integer statementBegun) {
    return new JournalEntry(
        "20260101000000_One", Samples.checksum(text), Samples.NOON, null, done, 3, statementBegun);
  }

  private static Resumption of(String sql, int done, @Nullable Integer statementBegun) {
    Migration migration = migration(sql, TransactionMode.NONE);
    return Resumption.of(CompiledMigration.of(migration), begun(sql, done, statementBegun));
  }

  @Test
  void one_of_which_nothing_took_effect_begins_anew() {
    assertThat(of(THREE, 0, 0)).isEqualTo(new Resumption.Anew());
  }

  @Test
  void a_statement_that_was_not_begun_is_next() {
    assertThat(of(THREE, 1, 0)).isEqualTo(new Resumption.Next(1));
    assertThat(of(THREE, 2, 2)).isEqualTo(new Resumption.Next(2));
  }

  @Test
  void a_statement_that_was_begun_is_run_again_if_that_does_no_harm() {
    assertThat(of(THREE, 1, 2)).isEqualTo(new Resumption.Again(1));
  }

  @Test
  void a_statement_that_was_begun_is_in_doubt_if_it_must_not_be_run_twice() {
    assertThat(of(THREE, 2, 3)).isEqualTo(new Resumption.InDoubt(2));
  }

  @Test
  void a_statement_may_have_been_begun_where_the_journal_does_not_note_that() {
    assertThat(of(THREE, 1, null)).isEqualTo(new Resumption.Again(1));
    assertThat(of(THREE, 2, null)).isEqualTo(new Resumption.InDoubt(2));
  }

  @Test
  void only_the_record_is_missing_behind_the_last_statement() {
    assertThat(of(THREE, 3, 3)).isEqualTo(new Resumption.Next(3));
    assertThat(of("CREATE TEMP TABLE a (b int);", 1, 0)).isEqualTo(new Resumption.Next(1));
  }

  @Test
  void an_edited_text_is_not_gone_on_with() {
    Migration migration = migration(THREE, TransactionMode.NONE);

    assertThat(Resumption.of(CompiledMigration.of(migration), begun("another text", 1, 0)))
        .isEqualTo(new Resumption.Edited());
  }

  @Test
  void one_that_has_a_transaction_by_now_was_edited() {
    String sql = "CREATE TABLE a (b int);\nSELECT 1;";
    Migration migration = migration(sql, TransactionMode.ONE);

    assertThat(Resumption.of(CompiledMigration.of(migration), begun(sql, 1, 0)))
        .isEqualTo(new Resumption.Edited());
  }

  @Test
  void an_edited_text_of_which_nothing_took_effect_begins_anew() {
    Migration migration = migration(THREE, TransactionMode.NONE);

    assertThat(Resumption.of(CompiledMigration.of(migration), begun("another text", 0, 0)))
        .isEqualTo(new Resumption.Anew());
  }

  @Test
  void the_last_temporary_object_that_is_lost_is_named() {
    String sql = "CREATE TEMP TABLE a (b int);\nSELECT 1;\nCREATE TEMP TABLE c (d int);\nSELECT 2;";

    assertThat(of(sql, 2, 0)).isEqualTo(new Resumption.SessionLost(2, 0));
    assertThat(of(sql, 3, 0)).isEqualTo(new Resumption.SessionLost(3, 2));
  }

  @Test
  void nothing_is_lost_that_the_migration_itself_discarded() {
    String sql = "CREATE TEMP TABLE a (b int);\nSELECT 1;\nDISCARD ALL;\nSELECT 2;";

    assertThat(of(sql, 1, 0)).isEqualTo(new Resumption.SessionLost(1, 0));
    assertThat(of(sql, 3, 3)).isEqualTo(new Resumption.Next(3));
  }

  @Test
  void nothing_is_lost_that_nothing_left_can_use() {
    String sql =
        "CREATE TEMP TABLE a (b int);\nSELECT 1;\nCREATE INDEX CONCURRENTLY ON c (d);\nVACUUM c;";

    assertThat(of(sql, 1, 0)).isEqualTo(new Resumption.SessionLost(1, 0));
    assertThat(of(sql, 2, 3)).isEqualTo(new Resumption.Again(2));
    assertThat(of(sql, 3, 3)).isEqualTo(new Resumption.Next(3));
  }

  @ParameterizedTest
  @CsvSource({"0, []", "1, [0]", "2, [0]", "3, '[0, 2]'", "4, []", "5, [4]", "6, []"})
  void settings_are_made_again_for_those_that_would_have_found_them(int next, String settings) {
    var state =
        new SessionState(
            Lexer.split(
                    "SET a.b = 1;\nSELECT 1;\nSET a.c = 2;\nDISCARD ALL;\nSET a.d = 3;\nSELECT 2;")
                .statements());

    assertThat(state.settings(next)).hasToString(settings);
  }
}
