package dev.slipway.changelog.liquibase;

import static dev.slipway.changelog.liquibase.ReadChangelog.changeset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ForeignId;
import dev.slipway.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which changesets are found, in which order, and under which names.
class ChangelogWalkTest {
  @TempDir private Path path;

  private ReadChangelog changelog() {
    return ReadChangelog.in(path);
  }

  private static List<String> paths(ReadChangelog changelog, String id) {
    return changelog.migration(id).foreignId().map(ForeignId::paths).orElseThrow();
  }

  @Test
  void included_changesets_stand_where_they_are_included() {
    assertThat(
            changelog()
                .xml(
                    "changelog.xml",
                    changeset("a")
                        + "<include file=\"parts/b.yaml\"/>"
                        + changeset("e")
                        + "<include file=\"classpath:/parts/f.sql\"/>")
                .file(
                    "parts/b.yaml",
                    """
                    databaseChangeLog:
                      - changeSet: {id: b, author: ann, changes: [{sql: SELECT 1}]}
                      - include: {file: more/c.json, relativeToChangelogFile: true}
                      - changeSet: {id: d, author: ann, changes: [{sql: SELECT 1}]}
                    """)
                .file(
                    "parts/more/c.json",
                    """
                    {"databaseChangeLog": [{"changeSet": {"id": "c", "author": "ann",
                      "changes": [{"sql": {"sql": "SELECT 1"}}]}}]}
                    """)
                .file("parts/f.sql", "--liquibase formatted sql\n--changeset ann:f\nSELECT 1;\n")
                .ids())
        .containsExactly("a", "b", "c", "d", "e", "f");
  }

  @Test
  void a_missing_include_may_be_allowed() {
    assertThat(
            changelog()
                .xml(
                    "changelog.xml",
                    "<include file=\"nowhere.xml\" errorIfMissing=\"false\"/>" + changeset("a"))
                .ids())
        .containsExactly("a");
  }

  @Test
  void a_root_file_finds_what_its_search_path_would_have_held() {
    assertThat(
            changelog()
                .xml(
                    "resources/db/changelog/master.xml",
                    "<include file=\"db/changelog/parts/a.xml\"/>")
                .xml(
                    "resources/db/changelog/parts/a.xml",
                    "<include file=\"classpath:db/changelog/parts/b.xml\"/>" + changeset("a"))
                .xml("resources/db/changelog/parts/b.xml", changeset("b"))
                .from("resources/db/changelog/master.xml")
                .ids())
        .containsExactly("b", "a");
  }

  @Test
  void all_files_of_a_folder_are_included_in_the_order_of_their_paths() {
    ReadChangelog changelog =
        changelog()
            .xml("changelog.xml", "<includeAll path=\"parts\"/>")
            .xml("parts/b.xml", changeset("b"))
            .xml("parts/a/z.xml", changeset("z"))
            .file("parts/c_orders.sql", "SELECT 1;")
            .file("parts/README.md", "notes");

    assertThat(changelog.ids()).containsExactly("z", "b", "c_orders");
    assertThat(changelog.migration("c_orders").foreignId())
        .contains(new ForeignId("raw", "includeAll", List.of("parts/c_orders.sql")));
  }

  @ParameterizedTest
  @CsvSource({
    "maxDepth=\"1\", b",
    "minDepth=\"2\", a",
    "endsWithFilter=\"b.XML\", b",
    "errorIfMissingOrEmpty=\"false\", a b"
  })
  void a_part_of_a_folder_is_included(String attribute, String ids) {
    assertThat(
            changelog()
                .xml("root/master.xml", "<includeAll path=\"../parts\" " + attribute + "/>")
                .xml("parts/b.xml", changeset("b"))
                .xml("parts/a/a.xml", changeset("a"))
                .from("root/master.xml")
                .ids())
        .containsExactly(ids.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({
    "first last none, first none last",
    "none first last, first none last",
    "last none first, first none last",
    "none last none2, none none2 last"
  })
  void a_changeset_may_want_to_be_first_or_last(String written, String applied) {
    var body = new StringBuilder();
    for (String id : written.split(" ", -1)) {
      body.append(changeset(id, id.startsWith("none") ? "" : "runOrder=\"%s\"".formatted(id)));
    }

    assertThat(changelog().xml("changelog.xml", body.toString()).ids())
        .containsExactly(applied.split(" ", -1));
  }

  @Test
  void a_changeset_is_recorded_under_its_logical_path() {
    ReadChangelog changelog =
        changelog()
            .xml(
                "changelog.xml",
                changeset("a")
                    + changeset("b", "logicalFilePath=\"own.xml\"")
                    + "<include file=\"c.xml\" logicalFilePath=\"included.xml\"/>"
                    + "<include file=\"d.xml\"/>")
            .xml("c.xml", changeset("c"))
            .xml("d.xml", "logicalFilePath=\"d-logical.xml\"", changeset("d"));

    assertThat(paths(changelog, "a")).containsExactly("changelog.xml");
    assertThat(paths(changelog, "b")).containsExactly("own.xml", "changelog.xml");
    assertThat(paths(changelog, "c")).containsExactly("included.xml", "c.xml");
    assertThat(paths(changelog, "d")).containsExactly("d-logical.xml", "d.xml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "a.yaml | x-common: &common {author: ann, changes: [{sql: SELECT 1}]}",
        "a.json | {'x-notes': {'author': 'ann'},"
      })
  void what_stands_beside_a_changelog_may_hold_anchors(String file, String beside) {
    String changelog =
        file.endsWith(".yaml")
            ? beside + "\ndatabaseChangeLog:\n  - changeSet: {id: a, <<: *common}\n"
            : beside.replace('\'', '"')
                + """
                "databaseChangeLog": [{"changeSet": {"id": "a", "author": "ann",
                  "changes": [{"sql": {"sql": "SELECT 1"}}]}}]}
                """;

    assertThat(changelog().file("changelog" + file.substring(1), changelog).ids())
        .containsExactly("a");
  }

  @Test
  void ids_are_made_by_a_template() {
    ReadChangelog changelog =
        changelog()
            .xml("changelog.xml", changeset("1") + "<include file=\"b.xml\"/>")
            .xml("b.xml", changeset("1"));

    assertThat(changelog.problems())
        .containsExactly(
            "duplicate migration id \"1\": also in %s:2".formatted(path.resolve("changelog.xml")));
    assertThat(changelog.with(new ChangelogOptions("", "", "{path}::{author}.{id}")).ids())
        .containsExactly("changelog.xml::ann.1", "b.xml::ann.1");
  }

  @Test
  void ids_with_a_time_stand_beside_plain_sql() {
    assertThat(
            changelog()
                .file("20240102000000_Two.sql", "SELECT 2;")
                .xml(
                    "orders.xml",
                    changeset("20240101000000_One") + changeset("20240103000000_Three"))
                .file(
                    "users.yaml",
                    """
                    databaseChangeLog:
                      - changeSet:
                          id: 20240101500000_Between
                          author: ann
                          changes: [{sqlFile: {path: users.sql}}]
                    """)
                .file("users.sql", "SELECT 1;")
                .ids())
        .containsExactly(
            "20240101000000_One",
            "20240101500000_Between",
            "20240102000000_Two",
            "20240103000000_Three");
  }

  @Test
  void a_root_with_times_stands_beside_plain_sql() {
    assertThat(
            changelog()
                .file("20240102000000_Two.sql", "SELECT 2;")
                .xml("changelog.xml", changeset("20240101000000_One"))
                .ids())
        .containsExactly("20240101000000_One", "20240102000000_Two");
  }

  @Test
  void a_file_below_that_no_other_refers_to_is_refused() {
    assertThat(
            changelog()
                .xml("changelog.xml", "<include file=\"parts/a.xml\"/>")
                .xml("parts/a.xml", changeset("a"))
                .xml("parts/b.xml", changeset("b"))
                .problems())
        .containsExactly("no file of the changelog refers to \"b.xml\"");
  }

  @Test
  void a_linked_folder_is_included_and_nothing_in_it_is_forgotten() {
    ReadChangelog changelog =
        changelog()
            .xml("changelog/changelog.xml", "<includeAll path=\"parts\"/>")
            .xml("elsewhere/more/a.xml", changeset("a"));
    changelog.folder().link("changelog/parts", "../elsewhere");

    assertThat(changelog.from("changelog").ids()).containsExactly("a");

    changelog.folder().write("elsewhere/notes.txt", "");
    assertThat(changelog.from("changelog").problems())
        .containsExactly("no file of the changelog refers to \"notes.txt\"");
  }

  /// As a volume of a ConfigMap is mounted, with a path of its own for each key.
  @Test
  void a_changelog_mounted_by_kubernetes_is_read_once() {
    ReadChangelog changelog =
        changelog()
            .xml("..2024_01_01/changelog.xml", "<includeAll path=\"parts\"/>")
            .xml("..2024_01_01/parts/a.xml", changeset("a"))
            .xml("parts/..2024_01_02/b.xml", changeset("b"));
    changelog
        .folder()
        .link("..data", "..2024_01_01")
        .link("changelog.xml", "..data/changelog.xml")
        .link("parts/a.xml", "../..data/parts/a.xml")
        .link("parts/..data", "..2024_01_02")
        .link("parts/b.xml", "..data/b.xml");

    assertThat(changelog.ids()).containsExactly("a", "b");
  }

  @Test
  void plain_sql_mounted_by_kubernetes_is_read_once() {
    ReadChangelog changelog = changelog().file("..2024_01_01/20240101000000_One.sql", "SELECT 1;");
    changelog
        .folder()
        .link("..data", "..2024_01_01")
        .link("20240101000000_One.sql", "..data/20240101000000_One.sql");

    assertThat(changelog.ids()).containsExactly("20240101000000_One");
  }

  @Test
  void what_cannot_be_read_in_an_included_folder_is_named() {
    ReadChangelog changelog =
        changelog()
            .xml("changelog.xml", "<includeAll path=\"parts\"/>")
            .xml("parts/a.xml", changeset("a"));
    changelog.folder().link("parts/b.xml", "gone.xml");
    Path pipe = path.resolve("parts/c.xml");
    Tool.run("mkfifo", pipe.toString());

    assertThat(changelog.problems())
        .containsExactlyInAnyOrder(
            "could not read \"%s\": No such file or directory"
                .formatted(path.resolve("parts/b.xml")),
            "\"%s\" is no regular file".formatted(pipe));
  }

  @Test
  void a_link_that_leads_back_is_named_and_nothing_else() {
    ReadChangelog changelog =
        changelog()
            .xml("changelog.xml", "<includeAll path=\"parts\"/>")
            .xml("parts/a.xml", changeset("a"));
    changelog.folder().link("parts/more/back", "..");

    assertThat(changelog.problems())
        .containsExactly(
            "could not read \"%s\": a link that leads back to a folder around it"
                .formatted(path.resolve("parts/more/back")));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // a changeset's context, the include's, the changelog's; those given; whether it is chosen
        "-, -, -, prod, true",
        "test, -, -, -, true",
        "test, -, -, prod, false",
        "test, -, -, 'prod,test', true",
        "'test,prod', -, -, prod, true",
        "!test, -, -, prod, true",
        "!test, -, -, test, false",
        "test and eu, -, -, 'test,eu', true",
        "test and eu, -, -, test, false",
        "(test or prod) and !us, -, -, prod, true",
        "TEST, -, -, test, true",
        "-, test, -, prod, false",
        "-, test, -, test, true",
        "-, -, test, prod, false",
        "prod, test, -, prod, false",
        "prod, test, -, 'prod,test', true",
        "@test, -, -, -, false",
        "@test, -, -, test, true",
        "test, -, -, prod or test, true"
      })
  void contexts_choose_changesets(
      String own, String include, String whole, String given, boolean chosen) {
    ReadChangelog changelog =
        changelog()
            .xml(
                "changelog.xml",
                "<include file=\"part.xml\" %s/>".formatted(attribute("context", include))
                    + changeset("always"))
            .xml(
                "part.xml",
                attribute("contextFilter", whole),
                changeset("asked", attribute("context", own)))
            .withContexts(given == null ? "" : given);

    assertThat(changelog.ids().contains("asked")).isEqualTo(chosen);
    assertThat(changelog.read().knows("asked")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "v1, -, -, true",
        "v1, -, v1, true",
        "v1, -, v2, false",
        "'v1,v2', -, v2, true",
        "'v1,v2', -, v1 and v2, true",
        "'v1,slow', -, v1 and !slow, false",
        "-, -, v1, true",
        "-, v1, v1, true",
        "v2, v1, v1 and v2, true"
      })
  void labels_choose_changesets(String own, String include, String given, boolean chosen) {
    assertThat(
            changelog()
                .xml(
                    "changelog.xml",
                    "<include file=\"part.xml\" %s/>".formatted(attribute("labels", include))
                        + changeset("always"))
                .xml("part.xml", changeset("asked", attribute("labels", own)))
                .withLabels(given == null ? "" : given)
                .ids()
                .contains("asked"))
        .isEqualTo(chosen);
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql, true",
    "'h2, postgresql', true",
    "oracle, false",
    "!oracle, true",
    "!postgresql, false",
    "all, true",
    "none, false",
    "PostgreSQL, true"
  })
  void dbms_chooses_changesets(String dbms, boolean chosen) {
    assertThat(
            changelog()
                .xml(
                    "changelog.xml",
                    changeset("asked", attribute("dbms", dbms)) + changeset("always"))
                .ids()
                .contains("asked"))
        .isEqualTo(chosen);
  }

  @Test
  void what_is_ignored_is_left_out() {
    ReadChangelog changelog =
        changelog()
            .xml(
                "changelog.xml",
                changeset("a", "ignore=\"true\"")
                    + "<include file=\"b.xml\" ignore=\"true\"/>"
                    + changeset("c"))
            .xml("b.xml", changeset("b"));

    assertThat(changelog.ids()).containsExactly("c");
    assertThat(changelog.read().knows("b")).isTrue();
  }

  @Test
  void a_changelog_of_which_all_is_left_out_is_refused() {
    assertThat(
            changelog()
                .xml("changelog.xml", changeset("a", "context=\"test\""))
                .withContexts("prod")
                .problems())
        .containsExactly(
            "no migration of the changelog \"%s\" is for this database".formatted(path));
  }

  private static String attribute(String name, String value) {
    return value == null ? "" : "%s=\"%s\"".formatted(name, value);
  }
}
