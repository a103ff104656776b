package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Catalog;
import dev.slipway.testing.EfDefect;
import dev.slipway.testing.EfScriptText;
import dev.slipway.testing.EfScriptText.Migration;
import dev.slipway.testing.EfScriptText.Shape;
import dev.slipway.testing.EfScriptText.Version;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Randomness;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever EF's wrapping breaks is applied as its author meant it. What that makes is compared to
/// what psql makes of the statements themselves.
final class EfDefectsTest {
  private static final int SCRIPTS = 50;
  private static final String KEPT = "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1);";

  @TempDir private Path folder;

  /// Each defect alone, in each version's shape.
  static Stream<Arguments> defects() {
    return EfDefect.all().stream()
        .flatMap(
            defect ->
                Stream.of(Version.EF3, Version.EF9)
                    .map(
                        version ->
                            Arguments.of(defect, new Shape(version, "\n", false, "    ", false))));
  }

  @ParameterizedTest
  @MethodSource("defects")
  void a_defect_is_repaired(EfDefect defect, Shape shape) {
    assertMeant(List.of(List.of(EfDefect.NONE), List.of(defect)), shape, Randomness.of(1));
  }

  static Stream<Long> seeds() {
    long seed = Randomness.seed();
    return Stream.iterate(seed, next -> next + 1).limit((long) SCRIPTS * Randomness.factor());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void any_of_them_together_are_repaired(long seed) {
    Random random = Randomness.of(seed);
    List<List<EfDefect>> migrations = new ArrayList<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      migrations.add(Stream.generate(() -> EfDefect.any(random)).limit(random.nextInt(5)).toList());
    }
    assertMeant(migrations, Shape.of(random), random);
  }

  private void assertMeant(List<List<EfDefect>> migrations, Shape shape, Random random) {
    String script = EfScriptText.of(migrations(migrations), shape, random);
    new Folder(folder).write("changelog/migrations.sql", script);
    try (var expected = TestDatabase.create();
        var actual = TestDatabase.create()) {
      Tool.psql(expected, expected.owner(), meant(migrations).toArray(String[]::new));
      actual.executeAsOwner(KEPT);

      Program.Result result = Program.in(folder).with("Shop", actual).run();

      assertThat(result.code()).as("%s%n%s", result, script).isZero();
      assertThat(Catalog.schema(actual)).as(script).isEqualTo(Catalog.schema(expected));
      assertThat(Catalog.contents(actual)).as(script).isEqualTo(Catalog.contents(expected));
      assertThat(actual.rows("SELECT * FROM \"__EFMigrationsHistory\" ORDER BY 1"))
          .containsExactlyElementsOf(
              migrations(migrations).stream()
                  .map(m -> m.id() + "|" + EfScriptText.productVersion(shape))
                  .toList());
    }
  }

  private static List<Migration> migrations(List<List<EfDefect>> defects) {
    List<Migration> migrations = new ArrayList<>();
    int number = 0;
    for (List<EfDefect> own : defects) {
      List<EfScriptText.Command> commands = new ArrayList<>();
      for (EfDefect defect : own) {
        commands.add(defect.command(number++));
      }
      migrations.add(
          new Migration("2024010100%04d_Löschen".formatted(migrations.size()), commands));
    }
    return migrations;
  }

  private static List<String> meant(List<List<EfDefect>> migrations) {
    List<String> statements = new ArrayList<>(List.of(KEPT));
    int number = 0;
    for (List<EfDefect> own : migrations) {
      for (EfDefect defect : own) {
        statements.add(defect.meant(number++));
      }
    }
    return statements;
  }
}
