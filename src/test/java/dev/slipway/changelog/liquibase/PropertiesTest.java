package dev.slipway.changelog.liquibase;

import static dev.slipway.changelog.liquibase.ReadChangelog.changeset;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `${name}` means at a place.
class PropertiesTest {
  @TempDir private Path path;

  private ReadChangelog changelog() {
    return ReadChangelog.in(path);
  }

  /// What a changeset says that asks for `${p}` behind this text.
  private List<String> said(String before) {
    return changelog()
        .xml("changelog.xml", before + changeset("a", "", "<sql>SELECT '${p}'</sql>"))
        .statements("a");
  }

  private static String property(String name, String value, String attributes) {
    return "<property name=\"%s\" value=\"%s\" %s/>".formatted(name, value, attributes);
  }

  @Test
  void the_first_one_wins() {
    assertThat(said(property("p", "1", "") + property("p", "2", ""))).containsExactly("SELECT '1'");
  }

  @Test
  void the_first_one_for_this_database_wins() {
    assertThat(
            said(property("p", "1", "dbms=\"oracle\"") + property("p", "2", "dbms=\"postgresql\"")))
        .containsExactly("SELECT '2'");
  }

  @Test
  void the_first_one_in_force_wins() {
    var changelog =
        changelog()
            .xml(
                "changelog.xml",
                property("p", "1", "context=\"test\"")
                    + property("p", "2", "labels=\"v1\"")
                    + changeset("a", "", "<sql>SELECT '${p}'</sql>"))
            .withContexts("prod");

    assertThat(changelog.statements("a")).containsExactly("SELECT '2'");
  }

  @Test
  void letter_case_and_blanks_do_not_count() {
    assertThat(
            changelog()
                .xml(
                    "changelog.xml",
                    property("Name", "1", "") + changeset("a", "", "<sql>SELECT '${ NAME }'</sql>"))
                .statements("a"))
        .containsExactly("SELECT '1'");
  }

  @Test
  void one_that_is_not_set_stays_as_it_is() {
    assertThat(said("")).containsExactly("SELECT '${p}'");
    assertThat(said("<!-- later -->")).containsExactly("SELECT '${p}'");
  }

  @Test
  void neither_the_environment_nor_the_jvm_sets_any() {
    assertThat(
            changelog()
                .xml(
                    "changelog.xml",
                    changeset("a", "", "<sql>SELECT '${PATH}', '${java.version}'</sql>"))
                .statements("a"))
        .containsExactly("SELECT '${PATH}', '${java.version}'");
  }

  @Test
  void one_may_name_another() {
    assertThat(said(property("q", "x", "") + property("p", "${q}${q}", "")))
        .containsExactly("SELECT 'xx'");
  }

  @Test
  void one_that_names_itself_does_not_hang() {
    assertThat(said(property("p", "${p}", ""))).hasSize(1);
  }

  @Test
  void one_set_behind_is_not_seen_in_xml_and_is_in_yaml() {
    assertThat(
            changelog()
                .xml(
                    "changelog.xml",
                    changeset("a", "", "<sql>SELECT '${p}'</sql>") + property("p", "1", ""))
                .statements("a"))
        .containsExactly("SELECT '${p}'");
    assertThat(
            ReadChangelog.in(path.resolve("yaml"))
                .file(
                    "changelog.yaml",
                    """
                    databaseChangeLog:
                      - changeSet: {id: a, author: ann, changes: [{sql: "SELECT '${p}'"}]}
                      - property: {name: p, value: 1}
                    """)
                .statements("a"))
        .containsExactly("SELECT '1'");
  }

  @Test
  void a_local_one_is_seen_in_its_file_and_in_what_that_includes() {
    var changelog =
        changelog()
            .xml(
                "changelog.xml",
                "<include file=\"b.xml\"/>" + changeset("a", "", "<sql>SELECT '${p}'</sql>"))
            .xml(
                "b.xml",
                property("p", "1", "global=\"false\"")
                    + "<include file=\"c.xml\"/>"
                    + changeset("b", "", "<sql>SELECT '${p}'</sql>"))
            .xml("c.xml", changeset("c", "", "<sql>SELECT '${p}'</sql>"));

    assertThat(changelog.statements("a")).containsExactly("SELECT '${p}'");
    assertThat(changelog.statements("b")).containsExactly("SELECT '1'");
    assertThat(changelog.statements("c")).containsExactly("SELECT '1'");
  }

  @Test
  void a_global_one_of_an_included_file_is_seen_behind_it() {
    assertThat(
            changelog()
                .xml(
                    "changelog.xml",
                    "<include file=\"b.xml\"/>" + changeset("a", "", "<sql>SELECT '${p}'</sql>"))
                .xml("b.xml", property("p", "1", "") + changeset("b"))
                .statements("a"))
        .containsExactly("SELECT '1'");
  }

  @Test
  void a_file_sets_all_that_it_holds() {
    assertThat(
            changelog()
                .xml(
                    "changelog.xml",
                    "<property file=\"p.properties\"/>"
                        + changeset("a", "", "<sql>SELECT '${p}${q}'</sql>"))
                .file("p.properties", "p = 1\n# a comment\nq = é\n")
                .statements("a"))
        .containsExactly("SELECT '1é'");
  }

  @Test
  void they_count_in_names_ids_includes_and_files_of_sql() {
    var changelog =
        changelog()
            .xml(
                "changelog.xml",
                property("p", "orders", "")
                    + "<include file=\"${p}.xml\"/>"
                    + changeset("${p}-2", "", "<sqlFile path=\"${p}.sql\"/>"))
            .xml("orders.xml", changeset("${p}", "", "<dropTable tableName=\"${p}\"/>"))
            .file("orders.sql", "SELECT '${p}';");

    assertThat(changelog.ids()).containsExactly("orders", "orders-2");
    assertThat(changelog.statements("orders")).containsExactly("DROP TABLE orders");
    assertThat(changelog.statements("orders-2")).containsExactly("SELECT 'orders'");
  }
}
