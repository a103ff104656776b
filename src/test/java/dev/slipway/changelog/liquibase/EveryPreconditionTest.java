package dev.slipway.changelog.liquibase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.MigrationId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each precondition that Liquibase registers is known, with each of its fields.
final class EveryPreconditionTest {
  static final Set<String> REFUSED = Set.of("customPrecondition");

  /// Values that are not any text.
  private static final Map<String, String> VALUES =
      Map.of(
          "expectedRows", "1",
          "sql", "SELECT 1",
          "onFail", "MARK_RAN",
          "onError", "CONTINUE",
          "onSqlOutput", "TEST",
          "strategy", "LEGACY");

  static Set<String> preconditions() {
    return Registered.preconditions().keySet();
  }

  @ParameterizedTest
  @MethodSource("preconditions")
  void a_precondition_is_read_with_all_its_fields_or_refused_by_name(String name) {
    var node = new Node(name, 3);
    for (String field : Registered.preconditions().getOrDefault(name, Set.of())) {
      if (field.equals("nestedPreconditions")) {
        node.add(new Node("dbms", 4).add("type", "postgresql", 4));
      } else {
        node.add(field, VALUES.getOrDefault(field, "some"), 4);
      }
    }

    List<ChangelogProblem> problems = read(node);

    if (REFUSED.contains(name)) {
      assertThat(problems)
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.message()).startsWith(name);
                assertThat(problem.origin().line()).isEqualTo(3);
              });
    } else {
      assertThat(problems).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("preconditions")
  void what_a_precondition_does_not_know_is_named(String name) {
    List<ChangelogProblem> problems = read(new Node(name, 3).add("unknown", "some", 4));

    assertThat(problems)
        .anySatisfy(
            problem ->
                assertThat(problem.message()).contains(REFUSED.contains(name) ? name : "unknown"));
  }

  private static List<ChangelogProblem> read(Node node) {
    List<ChangelogProblem> problems = new ArrayList<>();
    var file =
        new ChangelogFile(
            Path.of("changelog.xml"),
            "changelog.xml",
            new Node("databaseChangeLog", 1),
            Optional.empty(),
            Optional.empty());
    Node container = node.is("preConditions") ? node : new Node("preConditions", 2).add(node);
    new PreconditionReader(
            file,
            new ChangelogProperties().at(file.properties()),
            Quoting.DEFAULT,
            (id, author, path) -> Optional.of(new MigrationId("some")),
            problems)
        .read(container);
    return problems;
  }
}
