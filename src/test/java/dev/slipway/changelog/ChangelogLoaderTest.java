package dev.slipway.changelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.changelog.sql.PlainSqlReader;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import dev.slipway.sql.Statement;
import dev.slipway.testing.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangelogLoaderTest {
  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));

  @BeforeEach
  void begin_with_an_empty_folder() {
    folder = new Folder(path);
  }

  @Test
  void a_folder_is_read_in_the_order_of_ids() {
    folder.write("20260102000000_b.sql", "SELECT 2;");
    folder.write("20260101000000_z.sql", "SELECT 1;");
    folder.write("20260102000000_B2.sql", "SELECT 3;");

    assertThat(load().migrations())
        .extracting(Migration::toString)
        .containsExactly("20260101000000_z", "20260102000000_B2", "20260102000000_b");
    assertThat(load().name()).isEqualTo(path.toString());
  }

  @Test
  void a_file_alone_is_a_changelog_too() {
    folder.write("20260101000000_a.sql", "SELECT 1;").write("20260102000000_b.sql", "SELECT 2;");

    Path file = path.resolve("20260102000000_b.sql");

    assertThat(load(file).migrations())
        .extracting(Migration::toString)
        .containsExactly("20260102000000_b");
  }

  @Test
  void a_migration_is_what_its_file_says() {
    folder.write(
        "20260101000000_a.sql", "-- slipway: no-transaction, run-on-change\nSELECT 1;\nSELECT 2");

    Migration migration = load().migrations().getFirst();

    assertThat(migration.transaction()).isEqualTo(TransactionMode.NONE);
    assertThat(migration.rerun()).isEqualTo(Rerun.ON_CHANGE);
    assertThat(migration.origin()).hasToString(path.resolve("20260101000000_a.sql") + ":1");
    assertThat(CompiledMigration.of(migration).statements())
        .extracting(Statement::text)
        .containsExactly("SELECT 1", "SELECT 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README",
        "README.md",
        "README.txt",
        ".gitignore",
        ".20260101000000_a.sql.swp",
        "slipway.yaml",
        "expected.yaml",
        ".git/config"
      })
  void what_is_no_part_of_a_changelog_is_passed_over(String name) {
    folder.write("20260101000000_a.sql", "SELECT 1;").write(name, "anything");

    assertThat(load().migrations()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"notes.txt", "a.SQL", "20260101000000_b.sql~", "slipway.yml", "a.sql.bak"})
  void any_other_file_is_refused_by_name(String name) {
    folder.write("20260101000000_a.sql", "SELECT 1;").write(name, "anything");

    assertThat(problems())
        .containsExactly(path.resolve(name) + ":1: \"" + name + "\" is no changelog file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "20260101_a", "20260101000000", "20260101000000_"})
  void a_file_whose_name_is_no_id_is_refused(String id) {
    folder.write(id + ".sql", "SELECT 1;");

    assertThat(problems())
        .containsExactly(path.resolve(id + ".sql") + ":1: \"" + id + "\" is no migration id");
  }

  @Test
  void ids_that_differ_by_letter_case_only_are_duplicates() {
    folder.write("20260101000000_a.sql", "SELECT 1;").write("20260101000000_A.sql", "SELECT 2;");

    assertThat(problems())
        .containsExactly(
            path.resolve("20260101000000_a.sql")
                + ":1: duplicate migration id \"20260101000000_a\": also in "
                + path.resolve("20260101000000_A.sql")
                + ":1");
  }

  @Test
  void a_folder_inside_is_refused() {
    folder.write("20260101000000_a.sql", "SELECT 1;").write("old/20260101000000_b.sql", "");

    assertThat(problems())
        .containsExactly(path.resolve("old") + ": a folder inside a changelog: \"old\"");
  }

  @Test
  void a_file_that_cannot_be_read_is_named() throws IOException {
    Path dangling = path.resolve("20260101000000_a.sql");
    Files.createSymbolicLink(dangling, path.resolve("gone.sql"));

    assertThat(problems())
        .containsExactly(
            dangling + ":1: could not read \"%s\": No such file or directory".formatted(dangling));
  }

  @Test
  void a_file_that_is_not_utf_8_is_named_with_its_line() throws IOException {
    Files.write(
        path.resolve("20260101000000_a.sql"), new byte[] {'-', '-', '\n', '\'', (byte) 0xE9, '\''});

    assertThat(problems())
        .containsExactly(
            path.resolve("20260101000000_a.sql") + ":2: not UTF-8: byte 0xE9 at offset 4");
  }

  @Test
  void a_file_that_ends_within_a_character_is_not_utf_8() throws IOException {
    Files.write(path.resolve("20260101000000_a.sql"), new byte[] {'-', '-', (byte) 0xC3});

    assertThat(problems())
        .containsExactly(
            path.resolve("20260101000000_a.sql") + ":1: not UTF-8: byte 0xC3 at offset 2");
  }

  @Test
  void an_empty_folder_is_no_changelog() {
    assertThat(problems())
        .containsExactly(path + ": the changelog \"" + path + "\" holds no migration");
  }

  @Test
  void three_hundred_problems_are_all_listed() {
    for (int i = 0; i < 300; i++) {
      folder.write("%03d.txt".formatted(i), "");
    }

    assertThat(problems()).hasSize(300).doesNotHaveDuplicates();
    assertThatExceptionOfType(ChangelogException.class)
        .isThrownBy(this::load)
        .withMessage("the changelog has 300 problems")
        .satisfies(e -> assertThat(e.detail()).hasLineCount(300))
        .satisfies(e -> assertThat(e.hint()).hasLineCount(1));
  }

  @Test
  void different_problems_are_listed_together() {
    folder.write("20260101000000_a.sql", "SELECT 1;").write("20260101000000_A.sql", "SELECT 2;");
    folder.write("20260102000000_b.sql", "-- slipway: x, y\n").write("c.sql", "").write("d", "");

    assertThat(problems()).hasSize(5);
  }

  @Test
  void what_was_loaded_is_what_runs_whatever_becomes_of_the_file() {
    folder.write("20260101000000_a.sql", "SELECT 1;");
    Migration migration = load().migrations().getFirst();

    folder.write("20260101000000_a.sql", "SELECT 2;");

    assertThat(CompiledMigration.of(migration).statements().getFirst().text())
        .isEqualTo("SELECT 1");
  }

  @Test
  void a_file_too_large_to_be_kept_is_refused_when_it_changes_before_it_runs() {
    folder.write("20260101000000_a.sql", "SELECT 1; --" + "x".repeat(4_000_000));
    Migration migration = load().migrations().getFirst();

    folder.write("20260101000000_a.sql", "SELECT 2;");

    assertThatExceptionOfType(ChangelogException.class)
        .isThrownBy(() -> CompiledMigration.of(migration))
        .withMessage("the file changed while slipway was running");
  }

  @Test
  void a_directive_that_would_be_ignored_is_a_problem() {
    folder.write("20260101000000_a.sql", "/* Why. */\n-- slipway: no-transaction\nVACUUM;");

    assertThatExceptionOfType(ChangelogException.class)
        .isThrownBy(() -> CompiledMigration.check(load().migrations()))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .extracting(ChangelogProblem::message)
                    .contains("a directive behind other text"));
  }

  private Changelog load() {
    return load(path);
  }

  private static Changelog load(Path path) {
    return ChangelogLoader.load(path, List.of(new PlainSqlReader()), ChangelogOptions.NONE);
  }

  /// As `file:line: message`.
  private List<String> problems() {
    try {
      load();
      return List.of();
    } catch (ChangelogException e) {
      return e.problems().stream().map(p -> p.origin() + ": " + p.message()).toList();
    }
  }
}
