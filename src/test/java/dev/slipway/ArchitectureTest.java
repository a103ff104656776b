package dev.slipway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Dependencies go down only: a package sees the packages of lower levels, never one beside or
/// above itself.
class ArchitectureTest {
  private static final String ROOT = "dev.slipway";

  /// From the lowest, 0, up. The name of the root package is empty.
  private static final List<Set<String>> LEVELS =
      List.of(
          Set.of("failure"),
          Set.of("sql", "config"),
          Set.of("migration", "postgres"),
          Set.of("history", "changelog", "changelog.sql", "changelog.liquibase", "changelog.ef"),
          Set.of("migrate", "script", "resync"),
          Set.of("cli"),
          Set.of(""));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void every_package_has_one_level() {
    Set<String> packages =
        CLASSES.stream().map(ArchitectureTest::packageOf).collect(Collectors.toSet());

    List<String> placed = LEVELS.stream().flatMap(Set::stream).toList();

    assertThat(placed).containsExactlyInAnyOrderElementsOf(packages);
  }

  @Test
  void dependencies_go_down_only() {
    Set<String> violations = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      from.getDirectDependenciesFromSelf().stream()
          .filter(dependency -> isOurs(dependency.getTargetClass()))
          .filter(dependency -> !isBelow(dependency.getTargetClass(), from))
          .forEach(dependency -> violations.add(dependency.getDescription()));
    }

    assertThat(violations).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "liquibase.., dev.slipway.changelog.liquibase..",
    "org.postgresql.., dev.slipway.postgres..",
    "picocli.., dev.slipway.cli..",
    "com.fasterxml.jackson.., dev.slipway.[cli|config|changelog.liquibase]..",
    "org.yaml.snakeyaml.., dev.slipway.[config|changelog.liquibase].."
  })
  void a_library_stays_behind_one_door(String library, String door) {
    noClasses()
        .that(resideOutsideOfPackage(door))
        .should()
        .dependOnClassesThat(resideInAPackage(library))
        .check(CLASSES);
  }

  @Test
  void only_the_command_line_and_the_entry_point_print() {
    noClasses()
        .that(resideOutsideOfPackage(ROOT))
        .and(resideOutsideOfPackage(ROOT + ".cli"))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethodWhere(
            describe("its name is printStackTrace", call -> isNamed(call, "printStackTrace")))
        .check(CLASSES);
  }

  @Test
  void only_the_entry_point_ends_the_process() {
    noClasses()
        .that(describe("are not in Main", type -> !type.getName().startsWith(Main.class.getName())))
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(CLASSES);
  }

  private static boolean isNamed(JavaMethodCall call, String name) {
    return call.getName().equals(name);
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
  }

  private static boolean isBelow(JavaClass target, JavaClass from) {
    return target.getPackageName().equals(from.getPackageName()) || level(target) < level(from);
  }

  private static int level(JavaClass type) {
    return IntStream.range(0, LEVELS.size())
        .filter(level -> LEVELS.get(level).contains(packageOf(type)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no level for " + type.getName()));
  }

  /// The package below the root, without it.
  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
  }
}
