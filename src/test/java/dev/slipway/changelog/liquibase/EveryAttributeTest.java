package dev.slipway.changelog.liquibase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Program;
import dev.slipway.testing.Catalog;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each attribute of a changeset that Liquibase writes or reads. A case is a changelog in
/// `liquibase/attributes`, which is applied twice, the second time as its `.again` has it if there
/// is one; beside it stands what was said and what is in the database.
final class EveryAttributeTest {
  /// None may be refused; runWith is, where it names an extension.
  static final Set<String> REFUSED = Set.of();

  private static final String CASES = "liquibase/attributes/";
  private static final String AGAIN = ".again";

  /// The elements of which Liquibase's fields are made.
  private static final Map<String, String> ELEMENTS = Map.of("preconditions", "preConditions");

  @TempDir private Path path;
  private static TestDatabase database;

  @BeforeAll
  static void create_the_database() {
    database = TestDatabase.create();
  }

  @AfterAll
  static void drop_the_database() {
    database.close();
  }

  static List<String> cases() {
    return Cases.in(CASES).stream().filter(name -> !name.endsWith(AGAIN)).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void an_attribute_has_its_effect(String name) {
    database.executeAsOwner("DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app");
    String first = text(file(name));
    Path again = file(name + AGAIN);

    Program.Result result = migrate(first);
    Program.Result second = migrate(Files.exists(again) ? text(again) : first);

    Golden.check(
        CASES + name + ".txt",
        """
        %s--- again
        %s--- database
        %s
        %s
        """
            .formatted(result, second, Catalog.schema(database), Catalog.contents(database)));
  }

  private Program.Result migrate(String changelog) {
    new Folder(path).write("changelog.xml", changelog);
    return Program.in(path)
        .with("ConnectionStrings__Gateway", database.connectionString(";Search Path=app"))
        .with("Slipway__Contexts", "test")
        .with("Slipway__Labels", "blue")
        .with("Slipway__MigrationId", "{path}::{author}::{id}")
        .run("--changelog", "changelog.xml");
  }

  private static Path file(String name) {
    return Cases.ROOT.resolve(CASES + name + ".xml");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void each_attribute_has_a_case_in_which_it_stands() {
    assertThat(cases()).containsAll(Registered.attributes());
    for (String attribute : Registered.attributes()) {
      assertThat(text(file(attribute))).contains(ELEMENTS.getOrDefault(attribute, attribute));
    }
  }
}
