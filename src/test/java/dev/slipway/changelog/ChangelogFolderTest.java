package dev.slipway.changelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.changelog.ChangelogFolder.AmbiguousChangelogException;
import dev.slipway.changelog.ChangelogFolder.MissingChangelogException;
import dev.slipway.changelog.ChangelogFolder.PerDatabase;
import dev.slipway.changelog.ChangelogFolder.Single;
import dev.slipway.testing.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangelogFolderTest {
  @TempDir private Path path;

  @ParameterizedTest
  @CsvSource({
    "20260101000000_a.sql",
    "20260101000000_a.sql README.md",
    "gateway/20260101000000_a.sql 20260101000000_a.sql",
    "gateway/20260101000000_a.sql notes.txt",
    "slipway.yaml",
    "README.md",
    ".git/config"
  })
  void a_folder_that_holds_any_file_of_its_own_is_one_changelog(String files) {
    write(files);

    List<String> folders = files.startsWith("gateway/") ? List.of("gateway") : List.of();
    assertThat(ChangelogFolder.at(path)).isEqualTo(new Single(path, folders));
  }

  @ParameterizedTest
  @CsvSource({
    "gateway/a.sql, gateway",
    "miner/a.sql gateway/a.sql Validator/a.sql, Validator gateway miner",
    "gateway/a.sql README.md .git/config slipway.yaml expected.yaml, gateway"
  })
  void a_folder_of_nothing_but_folders_has_a_changelog_per_database(String files, String names) {
    write(files);

    assertThat(ChangelogFolder.at(path))
        .isEqualTo(new PerDatabase(path, List.of(names.split(" ", -1))));
  }

  @Test
  void an_empty_folder_is_one_changelog() {
    assertThat(ChangelogFolder.at(path)).isEqualTo(new Single(path, List.of()));
  }

  @Test
  void a_file_is_one_changelog() {
    write("a.sql");

    assertThat(ChangelogFolder.at(path.resolve("a.sql")))
        .isEqualTo(new Single(path.resolve("a.sql"), List.of()));
  }

  @Test
  void a_link_to_a_folder_is_a_folder() throws IOException {
    write("changelogs/real/a.sql");
    Path root = Files.createDirectory(path.resolve("linked"));
    Files.createSymbolicLink(root.resolve("gateway"), path.resolve("changelogs/real"));

    assertThat(ChangelogFolder.at(root)).isEqualTo(new PerDatabase(root, List.of("gateway")));
  }

  @Test
  void nothing_at_the_path_is_a_failure() {
    assertThatExceptionOfType(MissingChangelogException.class)
        .isThrownBy(() -> ChangelogFolder.at(path.resolve("nowhere")))
        .withMessage("no changelog at \"%s\"".formatted(path.resolve("nowhere")))
        .satisfies(e -> assertThat(e.hint()).contains("--changelog"));
  }

  @Test
  void the_letter_case_of_a_name_does_not_count() {
    var folder = new PerDatabase(path, List.of("Validator", "gateway"));

    assertThat(folder.changelogOf("Gateway")).hasValue(path.resolve("gateway"));
    assertThat(folder.changelogOf("VALIDATOR")).hasValue(path.resolve("Validator"));
    assertThat(folder.changelogOf("miner")).isEmpty();
  }

  @Test
  void two_folders_that_differ_by_letter_case_only_are_ambiguous() {
    var folder = new PerDatabase(path, List.of("Gateway", "gateway", "miner"));

    assertThatExceptionOfType(AmbiguousChangelogException.class)
        .isThrownBy(() -> folder.changelogOf("GATEWAY"))
        .withMessage("two changelogs for one database: Gateway, gateway");
    assertThat(folder.changelogOf("miner")).isPresent();
  }

  private void write(String files) {
    var folder = new Folder(path);
    for (String file : files.split(" ", -1)) {
      folder.write(file, "");
    }
  }
}
