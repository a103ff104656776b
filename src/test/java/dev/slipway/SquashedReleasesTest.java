package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.EfScriptText;
import dev.slipway.testing.EfScriptText.Command;
import dev.slipway.testing.EfScriptText.Shape;
import dev.slipway.testing.EfScriptText.Version;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Psql;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A chain of eight releases, of which the third and the sixth were squashed: from each to each.
@Tag("slow")
final class SquashedReleasesTest {
  private static final int RELEASES = 8;

  /// The sixth one is dated before all others.
  private static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(1, "20230101000000_Initial", 1, 1),
          new Migration(2, "20230201000000_Two", 2, 2),
          new Migration(3, "20230301000000_Squashed", 1, 3),
          new Migration(4, "20230401000000_Four", 4, 4),
          new Migration(5, "20230501000000_Five", 5, 5),
          new Migration(6, "20220601000000_SquashedAgain", 1, 6),
          new Migration(7, "20230701000000_Seven", 7, 7),
          new Migration(8, "20230801000000_Eight", 8, 8));

  @TempDir private Path path;

  /// @param first the number of the first table that it creates
  record Migration(int release, String id, int first, int last) {
    String sql() {
      var sql = new StringBuilder();
      for (int table = first; table <= last; table++) {
        sql.append("CREATE TABLE t%d (id int PRIMARY KEY, name text);\n".formatted(table));
      }
      return sql.toString();
    }
  }

  enum Format {
    SQL,
    EF
  }

  /// Releases that can be had one from the other begin with the same migration.
  private static int firstOf(int release) {
    return release < 3 ? 1 : release < 6 ? 3 : 6;
  }

  private static List<Migration> migrations(int release) {
    return MIGRATIONS.subList(firstOf(release) - 1, release);
  }

  private static Stream<Arguments> formatsAndReleases() {
    return Stream.of(Format.values())
        .flatMap(
            format ->
                IntStream.rangeClosed(1, RELEASES)
                    .mapToObj(release -> Arguments.of(format, release)));
  }

  private String changelog(Format format, int release) {
    String folder = "release-" + release;
    var files = new Folder(path);
    if (format == Format.EF) {
      List<EfScriptText.Migration> all = new ArrayList<>();
      for (Migration migration : migrations(release)) {
        all.add(
            new EfScriptText.Migration(
                migration.id(), List.of(new Command(migration.sql(), false))));
      }
      var shape = new Shape(Version.EF9, "\n", false, "    ", false);
      files.write(folder + "/migrations.sql", EfScriptText.of(all, shape, Randomness.of(1)));
    } else {
      for (Migration migration : migrations(release)) {
        files.write(folder + "/" + migration.id() + ".sql", migration.sql());
      }
    }
    return folder;
  }

  private Program.Result run(TestDatabase database, String changelog, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--changelog", changelog));
    return Program.in(path).with("Gateway", database).run(all.toArray(String[]::new));
  }

  private void ends(int code, Program.Result result) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
  }

  private static List<String> everything(TestDatabase database) {
    List<String> everything = new ArrayList<>(database.tables());
    everything.addAll(database.history());
    everything.addAll(HandRun.journal(database));
    return everything;
  }

  private Psql.Result byHand(TestDatabase database, String changelog) throws IOException {
    Program.Result script = run(database, changelog, "script");
    ends(0, script);
    Path file = Files.writeString(path.resolve("script.sql"), script.out());
    return Psql.run(database, database.owner(), file, HandRun.STOP);
  }

  @ParameterizedTest
  @MethodSource("formatsAndReleases")
  void each_goes_to_the_releases_with_its_beginning_and_refuses_all_others(Format format, int from)
      throws IOException {
    try (var database = TestDatabase.create()) {
      ends(0, run(database, changelog(format, from), "migrate"));
      List<String> before = everything(database);

      for (int to = 1; to <= RELEASES; to++) {
        String changelog = changelog(format, to);
        if (firstOf(from) != firstOf(to)) {
          assertThatItIsRefused(database, changelog);
        } else if (to <= from) {
          assertThatItHasNothingToDo(database, changelog, to < from);
        } else {
          assertThatItGoes(format, from, to);
        }
        assertThat(everything(database)).as("to " + to).isEqualTo(before);
      }
    }
  }

  private void assertThatItIsRefused(TestDatabase database, String changelog) throws IOException {
    for (String[] command :
        new String[][] {
          {"migrate"}, {"status"}, {"script", "--pending"},
        }) {
      Program.Result result = run(database, changelog, command);

      ends(6, result);
      assertThat(result.err())
          .contains(
              "this release cannot go on top of database \"" + database.name() + "\"",
              "Slipway__SharedHistory=true",
              "slipway resync --wipe --database Gateway --confirm " + database.name())
          .doesNotContain("ahead", "notice");
    }
    assertThat(run(database, changelog, "migrate", "--json").out())
        .contains("\"reason\":\"needs-clean-database\"");
    Psql.Result byHand = byHand(database, changelog);
    assertThat(byHand.code()).isEqualTo(3);
    assertThat(byHand.text()).contains("slipway: this release cannot go on top of database");
  }

  private void assertThatItHasNothingToDo(TestDatabase database, String changelog, boolean isAhead)
      throws IOException {
    Program.Result result = run(database, changelog, "migrate");
    ends(0, result);
    assertThat(result.err().contains("the database is ahead of this changelog"))
        .as(result.toString())
        .isEqualTo(isAhead);
    ends(0, run(database, changelog, "status"));
    assertThat(byHand(database, changelog).code()).isZero();
  }

  private void assertThatItGoes(Format format, int from, int to) throws IOException {
    for (String road : List.of("program", "script")) {
      try (var database = TestDatabase.create()) {
        ends(0, run(database, changelog(format, from), "migrate"));
        String changelog = changelog(format, to);
        ends(1, run(database, changelog, "status"));

        if (road.equals("program")) {
          ends(0, run(database, changelog, "migrate"));
        } else {
          assertThat(byHand(database, changelog).code()).isZero();
        }

        assertThat(database.history())
            .hasSize(migrations(to).size())
            .containsExactlyInAnyOrderElementsOf(
                migrations(to).stream().map(Migration::id).toList());
        ends(0, run(database, changelog, "status"));
      }
    }
  }
}
