package dev.slipway.changelog.liquibase;

import static dev.slipway.testing.MarkdownTables.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.MarkdownTables;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// docs/liquibase.md lists what is supported: what the library registers, and what becomes of it.
class LiquibaseGuideTest {
  private static final Path GUIDE = Path.of("docs/liquibase.md");

  @Test
  void the_tables_of_the_guide_are_those_of_library_and_program() {
    MarkdownTables.check(
        GUIDE,
        Map.of(
            "changes", changes(),
            "attributes", attributes(),
            "preconditions", preconditions(),
            "left out", leftOut()));
  }

  private static String changes() {
    Map<Treatment, Set<String>> byTreatment =
        Registered.changes().stream()
            .collect(Collectors.groupingBy(Treatment::of, Collectors.toCollection(TreeSet::new)));
    return MarkdownTables.table(
        List.of("change", "what becomes of it"),
        Arrays.stream(Treatment.values())
            .map(
                treatment ->
                    List.of(
                        byTreatment.getOrDefault(treatment, Set.of()).stream()
                            .map(MarkdownTables::code)
                            .collect(Collectors.joining(", ")),
                        treatment.description()))
            .toList());
  }

  private static String attributes() {
    return MarkdownTables.table(
        List.of("attribute", "what it does"),
        Arrays.stream(ChangesetAttribute.values())
            .map(attribute -> List.of(code(attribute.title()), attribute.description()))
            .toList());
  }

  private static String preconditions() {
    return MarkdownTables.table(
        List.of("precondition", "its attributes"),
        Registered.preconditions().entrySet().stream()
            .map(
                entry ->
                    List.of(
                        code(entry.getKey()),
                        entry.getKey().equals("customPrecondition")
                            ? "refused: it runs a Java class, and none is loaded here"
                            : entry.getValue().stream()
                                .map(MarkdownTables::code)
                                .collect(Collectors.joining(", "))))
            .toList());
  }

  private static String leftOut() {
    return MarkdownTables.table(
        List.of("change", "attribute of a column's constraints", "why"),
        LeftOut.ALL.stream()
            .map(one -> List.of(code(one.change()), code(one.attribute()), one.reason()))
            .toList());
  }

  @Test
  void every_attribute_that_the_library_reads_is_known() {
    Set<String> notOnes = Set.of("changes", "comments", "contexts", "filePath", "context-filter");

    assertThat(Registered.attributes())
        .filteredOn(name -> !notOnes.contains(name))
        .allSatisfy(
            name ->
                assertThat(ChangesetAttribute.isOne(name.toLowerCase(Locale.ROOT)))
                    .as(name)
                    .isTrue());
  }
}
