package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.changelog.ChangelogLoader;
import dev.slipway.changelog.liquibase.LiquibaseReader;
import dev.slipway.changelog.sql.PlainSqlReader;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.CompiledMigration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What no other tool holds about the files of this repository.
class TidyTest {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Path MAIN = ROOT.resolve("src/main/java");
  private static final Path TEST = ROOT.resolve("src/test/java");

  /// Golden files and inputs of tests hold whatever a program prints or a person may write.
  private static final Path TEST_RESOURCES = ROOT.resolve("src/test/resources");

  private static final Set<String> NOT_OURS = Set.of(".git", "target", ".idea", ".vscode");
  private static final Pattern TEXT = Pattern.compile(".*\\.(java|sh|sql|md|ya?ml|xml|properties)");

  /// What must not stand in code; written in two parts, so that this file does not hold it.
  private static final List<Pattern> NEVER =
      Stream.of(
              "catch \\((final )?(Exception|Throw" + "able)\\b",
              "\\bTO" + "DO\\b|\\bFIX" + "ME\\b|\\bXX" + "X\\b",
              "import .*\\.\\*;|import mod" + "ule")
          .map(Pattern::compile)
          .toList();

  private static final List<Pattern> NEVER_IN_TESTS =
      Stream.of(
              "@Dis" + "abled",
              "\\bAssump" + "tions?\\b|assume" + "That|assume" + "True",
              "Thread\\.sl" + "eep",
              "org\\.mock" + "ito")
          .map(Pattern::compile)
          .toList();

  private static final Pattern SUPPRESSION = Pattern.compile("^\\s*@SuppressWarnings\\(.*");
  private static final Pattern REASON = Pattern.compile(".*\\) // \\S.*");

  @Test
  void every_package_says_what_it_is_and_is_null_marked() {
    for (Path folder : packages()) {
      Path info = MAIN.resolve(folder).resolve("package-info.java");
      Path file = Files.exists(info) ? info : TEST.resolve(folder).resolve("package-info.java");

      assertThat(file).exists();
      assertThat(text(file)).startsWith("///").contains("\n@NullMarked\npackage ");
    }
  }

  private static Set<Path> packages() {
    return Stream.of(MAIN, TEST)
        .flatMap(tree -> java(tree).stream().map(file -> tree.relativize(file.resolveSibling("."))))
        .map(Path::normalize)
        .collect(Collectors.toSet());
  }

  @Test
  void no_code_holds_what_our_style_forbids() {
    assertThat(findings(java(MAIN), line -> NEVER.stream().anyMatch(p -> p.matcher(line).find())))
        .isEmpty();
    assertThat(findings(java(TEST), line -> NEVER.stream().anyMatch(p -> p.matcher(line).find())))
        .isEmpty();
  }

  @Test
  void no_test_is_skipped_or_sleeps_or_mocks() {
    assertThat(
            findings(
                java(TEST), line -> NEVER_IN_TESTS.stream().anyMatch(p -> p.matcher(line).find())))
        .isEmpty();
  }

  @Test
  void a_suppression_has_its_reason_on_the_same_line() {
    List<Path> all = new ArrayList<>(java(MAIN));
    all.addAll(java(TEST));

    assertThat(
            findings(
                all,
                line -> SUPPRESSION.matcher(line).matches() && !REASON.matcher(line).matches()))
        .isEmpty();
  }

  /// google-java-format breaks a doc line that is too long into one of `///` and one of `//`.
  @Test
  void no_doc_comment_is_broken_by_the_formatter() {
    List<String> broken = new ArrayList<>();
    for (Path file : Stream.of(MAIN, TEST).flatMap(tree -> java(tree).stream()).toList()) {
      List<String> lines = text(file).lines().map(String::strip).toList();
      for (int i = 1; i < lines.size(); i++) {
        if (isPlainComment(lines.get(i)) && lines.get(i - 1).startsWith("///")) {
          broken.add(ROOT.relativize(file) + ":" + (i + 1));
        }
      }
    }

    assertThat(broken).isEmpty();
  }

  private static boolean isPlainComment(String line) {
    return line.startsWith("//") && !line.startsWith("///");
  }

  @Test
  void text_files_end_with_a_newline_and_have_no_blanks_at_line_ends_and_no_tabs() {
    List<String> untidy = new ArrayList<>();
    for (Path file : texts()) {
      String text = text(file);
      if (!text.endsWith("\n") || text.endsWith("\n\n")) {
        untidy.add(ROOT.relativize(file) + ": its end");
      }
      if (text.indexOf('\r') >= 0) {
        untidy.add(ROOT.relativize(file) + ": a carriage return");
      }
      untidy.addAll(
          findings(
              List.of(file), line -> !line.stripTrailing().equals(line) || line.contains("\t")));
    }

    assertThat(untidy).isEmpty();
  }

  private static List<Path> texts() {
    return files(ROOT).stream()
        .filter(file -> !file.startsWith(TEST_RESOURCES))
        .filter(file -> TEXT.matcher(file.toString()).matches() || isScript(file))
        .toList();
  }

  @Test
  void scripts_can_be_executed_and_are_short_and_tell_their_usage() {
    List<Path> scripts = files(ROOT).stream().filter(TidyTest::isScript).toList();

    assertThat(scripts).isNotEmpty();
    for (Path script : scripts) {
      String text = text(script);
      assertThat(text.lines()).as(script.toString()).hasSizeLessThanOrEqualTo(60);
      assertThat(text.lines().skip(1).findFirst().orElse("")).as(script.toString()).startsWith("#");
      if (text.startsWith("#!")) {
        assertThat(script).isExecutable();
        assertThat(text).as(script.toString()).contains("\nset -eu\n");
      }
    }
  }

  private static boolean isScript(Path file) {
    return file.startsWith(ROOT.resolve("scripts"))
        || file.startsWith(ROOT.resolve(".ci"))
        || file.equals(ROOT.resolve("docker/debian"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "miner", "validator"})
  void every_example_changelog_loads_and_compiles(String name) {
    var changelog =
        ChangelogLoader.load(
            Path.of("changelog", name),
            List.of(new LiquibaseReader(), new PlainSqlReader()),
            ChangelogOptions.NONE);

    CompiledMigration.check(changelog.migrations());

    assertThat(changelog.migrations())
        .allSatisfy(
            migration -> assertThat(CompiledMigration.of(migration).statements()).isNotEmpty());
    assertThat(changelog.migrations())
        .hasSameSizeAs(files(ROOT.resolve("changelog").resolve(name)));
  }

  /// The lines that are found, as `file:line: text`.
  private static List<String> findings(List<Path> files, Predicate<String> wanted) {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      int number = 1;
      for (String line : text(file).split("\n", -1)) {
        if (wanted.test(line)) {
          found.add(ROOT.relativize(file) + ":" + number + ": " + line.strip());
        }
        number++;
      }
    }
    return found;
  }

  private static List<Path> java(Path tree) {
    return files(tree).stream().filter(file -> file.toString().endsWith(".java")).toList();
  }

  private static List<Path> files(Path folder) {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        if (Files.isDirectory(entry)) {
          if (!NOT_OURS.contains(String.valueOf(entry.getFileName()))) {
            files.addAll(files(entry));
          }
        } else {
          files.add(entry);
        }
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }
}
