package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Catalog;
import dev.slipway.testing.Folder;
import dev.slipway.testing.LiquibaseRun;
import dev.slipway.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// From Liquibase to Slipway with one and the same changelog: an XML root that includes YAML, SQL
/// and XML.
@Tag("slow")
final class AdoptionTest {
  private static final Path CHANGELOG =
      Path.of("src/test/resources/dev/slipway/adoption/changelog");
  private static final List<String> IDS =
      List.of("1", "add-users", "2", "add-orders", "3", "add-tags", "last");
  private static final String LOG = "SELECT text FROM log ORDER BY id";
  private static final String ROWS = "SELECT * FROM databasechangelog ORDER BY orderexecuted";

  @TempDir private Path path;
  private Folder folder = new Folder(Path.of(""));
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void copy_the_changelog() throws IOException {
    folder = new Folder(path);
    try (Stream<Path> files = Files.walk(CHANGELOG)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        folder.write("changelog/" + CHANGELOG.relativize(file), Files.readString(file));
      }
    }
  }

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program.Result run(String... arguments) {
    return Program.in(path).with("Shop", database).run(arguments);
  }

  private Program.Result succeeds(String... arguments) {
    Program.Result result = run(arguments);
    assertThat(result.code()).as(result.toString()).isZero();
    return result;
  }

  private Path changelog() {
    return path.resolve("changelog");
  }

  private void addToOrders(String changeset) throws IOException {
    String file = "changelog/parts/orders.sql";
    folder.write(file, Files.readString(path.resolve(file)) + "\n" + changeset + "\n");
  }

  @Test
  void a_database_that_liquibase_has_migrated_whole_is_adopted() throws Exception {
    LiquibaseRun.update(database, changelog(), "changelog.xml");
    List<String> rows = database.rows(ROWS);
    String schema = Catalog.schema(database);
    Program.Result status = run("status");
    assertThat(status.code()).isEqualTo(6);
    assertThat(status.err())
        .contains("Record the 7 of 7 that the changelog has")
        .contains("slipway baseline --from-liquibase\n");

    assertThat(succeeds("baseline", "--from-liquibase").out())
        .startsWith("baselined  1\nbaselined  add-users\n")
        .contains("Shop: 7 baselined, up-to-date at last (7 applied)");

    succeeds("status");
    assertThat(succeeds("migrate").out()).startsWith("Shop: nothing to do, up-to-date");
    assertThat(database.history()).containsExactlyInAnyOrderElementsOf(IDS);
    assertThat(Catalog.schema(database)).isEqualTo(schema);
    assertThat(database.rows(ROWS)).isEqualTo(rows);
  }

  @Test
  void then_the_next_migration_applies_and_nothing_runs_twice() throws Exception {
    LiquibaseRun.update(database, changelog(), "changelog.xml");
    succeeds("baseline", "--from-liquibase");
    List<String> log = database.rows(LOG);

    addToOrders("--changeset eve:add-notes\nALTER TABLE orders ADD COLUMN notes text;");

    assertThat(succeeds("migrate").out())
        .startsWith("applied  add-notes")
        .contains("Shop: 1 applied, up-to-date");
    assertThat(database.rows(LOG)).isEqualTo(log);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6})
  void a_database_that_liquibase_has_migrated_half_way_gets_the_rest(int count) throws Exception {
    LiquibaseRun.update(database, changelog(), "changelog.xml", count);

    assertThat(succeeds("baseline", "--from-liquibase").out())
        .contains("Shop: %d baselined, pending".formatted(count));
    assertThat(succeeds("migrate").out())
        .contains("Shop: %d applied, up-to-date".formatted(IDS.size() - count));

    assertThat(database.rows(LOG))
        .containsExactly("first", "users", "orders", "price", "tags", "last");
    try (var whole = TestDatabase.create()) {
      LiquibaseRun.update(whole, changelog(), "changelog.xml");
      assertThat(Catalog.schema(database).replace(database.name(), "NAME"))
          .isEqualTo(Catalog.schema(whole).replace(whole.name(), "NAME"));
    }
  }

  @Test
  void a_changeset_that_was_added_in_the_middle_is_pending() throws Exception {
    LiquibaseRun.update(database, changelog(), "changelog.xml");
    addToOrders("--changeset eve:add-notes\nALTER TABLE orders ADD COLUMN notes text;");

    assertThat(succeeds("baseline", "--from-liquibase").out()).contains("Shop: 7 baselined");

    assertThat(succeeds("migrate").out()).startsWith("applied  add-notes");
  }

  @Test
  void it_does_not_matter_in_which_folder_liquibase_was_started() throws Exception {
    LiquibaseRun.update(database, path, "changelog/changelog.xml");

    assertThat(succeeds("baseline", "--from-liquibase").out()).contains("Shop: 7 baselined, up-to");
  }

  /// Liquibase 3 recorded paths as they were given, as Spring does with `classpath:`.
  @ParameterizedTest
  @ValueSource(strings = {"classpath:", "classpath:/db/", "BOOT-INF/classes/db/"})
  void what_older_versions_recorded_is_found(String prefix) throws Exception {
    LiquibaseRun.update(database, changelog(), "changelog.xml");
    database.execute("UPDATE databasechangelog SET filename = '" + prefix + "' || filename");

    assertThat(succeeds("baseline", "--from-liquibase").out()).contains("Shop: 7 baselined, up-to");
  }

  @Test
  void ids_that_yaml_takes_for_times_are_those_that_liquibase_records() throws Exception {
    String yaml = "databaseChangeLog:\n";
    for (String id :
        List.of("2020-1-02 3:04:05", "2020-01-02T03:04:06.5Z", "1.10", "0x10", "yes", "null_1")) {
      yaml += "  - changeSet: {id: %s, author: ann, changes: [{sql: SELECT 1}]}\n".formatted(id);
    }
    folder.write("times/changelog.yaml", yaml);
    LiquibaseRun.update(database, path.resolve("times"), "changelog.yaml");

    assertThat(succeeds("baseline", "--from-liquibase", "--changelog", "times").out())
        .contains("Shop: 6 baselined, up-to-date");
    assertThat(database.history())
        .containsExactlyInAnyOrderElementsOf(database.rows("SELECT id FROM databasechangelog"))
        .contains("2020-01-02 03:04:05", "2020-01-02 03:04:06");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2020-01-02", "2020-01-02 03:04:05 +01:00"})
  void an_id_that_liquibase_records_by_its_time_zone_is_refused(String id) throws Exception {
    folder.write(
        "times/changelog.yaml",
        """
        databaseChangeLog:
          - changeSet:
              id: %s
              author: ann
              changes: [{sql: SELECT 1}]
        """
            .formatted(id));
    LiquibaseRun.update(database, path.resolve("times"), "changelog.yaml");
    assertThat(database.rows("SELECT id FROM databasechangelog").getFirst())
        .matches("Thu Jan 02 .* 2020");

    Program.Result result = run("baseline", "--from-liquibase", "--changelog", "times");

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err()).contains("id %s is a point in time".formatted(id), "changelog.yaml:3");
  }

  @Test
  void ids_that_are_not_unique_get_their_authors() throws Exception {
    addToOrders("--changeset eve:1\nALTER TABLE orders ADD COLUMN notes text;");
    folder.write("changelog/slipway.yaml", "migration-id: \"{author}.{id}\"\n");
    LiquibaseRun.update(database, changelog(), "changelog.xml");

    assertThat(succeeds("baseline", "--from-liquibase").out())
        .startsWith("baselined  ann.1\n")
        .contains("baselined  eve.1\n")
        .contains("Shop: 8 baselined, up-to-date");
  }

  @Test
  void ids_that_each_file_counts_for_itself_are_told_apart_by_their_paths() throws Exception {
    addToOrders("--changeset ann:1\nALTER TABLE orders ADD COLUMN notes text;");
    folder.write("changelog/slipway.yaml", "migration-id: \"{path}.{author}.{id}\"\n");
    LiquibaseRun.update(database, changelog(), "changelog.xml", 3);

    assertThat(succeeds("baseline", "--from-liquibase").out())
        .startsWith("baselined  changelog.xml.ann.1\n")
        .contains("Shop: 3 baselined, pending at people.ann.2");

    assertThat(succeeds("migrate").out())
        .contains("applied  parts/orders.sql.ann.1")
        .contains("Shop: 5 applied, up-to-date");
  }

  @Test
  void files_of_plain_sql_which_all_have_one_id_are_told_apart_by_their_paths() throws Exception {
    String tags = "changelog/parts/tags.xml";
    String all = "<includeAll path=\"../plain\" relativeToChangelogFile=\"true\"/>";
    folder
        .write(
            tags,
            Files.readString(path.resolve(tags)).replaceFirst("(?s)<changeSet.*</changeSet>", all))
        .write("changelog/plain/one.sql", "CREATE TABLE one (id int);")
        .write("changelog/plain/two.sql", "CREATE TABLE two (id int);");
    LiquibaseRun.update(database, path, "changelog/changelog.xml", 6);

    assertThat(succeeds("baseline", "--from-liquibase").out())
        .contains("baselined  one\nShop: 6 baselined, pending");

    assertThat(succeeds("migrate").out()).startsWith("applied  two");
  }
}
