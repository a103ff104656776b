package dev.slipway.changelog.liquibase;

import static dev.slipway.changelog.liquibase.ReadChangelog.changeset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.migration.Checksum;
import dev.slipway.migration.Conduct;
import dev.slipway.migration.Conduct.OnFailure;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.TransactionMode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What one changeset becomes: how it is applied, what its checksum covers, where its statements
/// stand.
class ChangesetTest {
  private static final String BASE =
      "<changeSet id=\"a\" author=\"ann\"><dropTable tableName=\"t\"/>"
          + "<sqlFile path=\"a.sql\"/><loadData tableName=\"t\" file=\"a.csv\"/>"
          + "<modifySql><append value=\" \"/></modifySql></changeSet>";

  @TempDir private Path path;

  private ReadChangelog changelog() {
    return ReadChangelog.in(path).file("a.sql", "SELECT 1;\n").file("a.csv", "id\n1\n");
  }

  private Conduct conduct(String attributes) {
    return changelog()
        .xml("changelog.xml", changeset("a", attributes) + useFiles())
        .migration("a")
        .conduct();
  }

  private static String useFiles() {
    return changeset(
        "z", "", "<sqlFile path=\"a.sql\"/><loadData tableName=\"t\" file=\"a.csv\"/>");
  }

  @Test
  void attributes_say_how_it_is_applied() {
    assertThat(conduct("")).isEqualTo(Conduct.PLAIN);
    assertThat(conduct("runAlways=\"true\" runOnChange=\"true\"").rerun()).isEqualTo(Rerun.ALWAYS);
    assertThat(conduct("alwaysRun=\"true\"").rerun()).isEqualTo(Rerun.ALWAYS);
    assertThat(conduct("runOnChange=\"true\"").rerun()).isEqualTo(Rerun.ON_CHANGE);
    assertThat(conduct("runInTransaction=\"false\"").transaction()).isEqualTo(TransactionMode.NONE);
    assertThat(conduct("failOnError=\"false\"").onFailure()).isEqualTo(OnFailure.GO_ON);
  }

  private Migration accepting(String attributes, String children) {
    return changelog()
        .xml(
            "changelog.xml",
            changeset("a", attributes, children + "<sql>SELECT 1</sql>") + useFiles())
        .migration("a");
  }

  @Test
  void an_edit_may_be_accepted() {
    Checksum other = Checksum.ofText(new byte[] {'x'});

    assertThat(accepting("", "").isText(other)).isFalse();
    assertThat(accepting("", "<validCheckSum>ANY</validCheckSum>").isText(other)).isTrue();
    assertThat(accepting("", "<validCheckSum>1:any</validCheckSum>").isText(other)).isTrue();
    assertThat(accepting("", "<validCheckSum>9:0123</validCheckSum>").isText(other)).isFalse();
    assertThat(accepting("", "<validCheckSum>" + other + "</validCheckSum>").isText(other))
        .isTrue();
    assertThat(accepting("onValidationFail=\"MARK_RAN\"", "").isText(other)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<changeSet author=\"ann\"\r\n  id=\"a\">\r\n<dropTable tableName=\"t\"/>\r\n"
            + "<sqlFile path=\"a.sql\"/><loadData file=\"a.csv\" tableName=\"t\"/>"
            + "<modifySql><append value=\" \"/></modifySql></changeSet>",
        "<changeSet id=\"a\" author=\"ann\" context=\"x\" runOrder=\"last\" failOnError=\"false\">"
            + "<comment>why</comment><preConditions onFail=\"WARN\"><dbms type=\"postgresql\"/>"
            + "</preConditions><dropTable tableName=\"t\"/><sqlFile path=\"a.sql\"/>"
            + "<loadData tableName=\"t\" file=\"a.csv\"/><modifySql><append value=\" \"/></modifySql>"
            + "<rollback>SELECT 2</rollback></changeSet>",
        "<changeSet id=\"a\" author=\"ann\"><dropTable tableName=\"t\"/>"
            + "<sqlFile path=\"a.sql\" relativeToChangelogFile=\"true\"/>"
            + "<loadData tableName=\"t\" file=\"/a.csv\"/>"
            + "<modifySql><append value=\" \"/></modifySql></changeSet>"
      })
  void the_same_done_in_other_words_has_the_same_checksum(String changed) {
    String before = changelog().xml("changelog.xml", BASE).checksum("a");

    assertThat(changelog().xml("changelog.xml", changed).checksum("a")).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<changeSet id=\"a\" author=\"ann\"><dropTable tableName=\"T\"/>"
            + "<sqlFile path=\"a.sql\"/><loadData tableName=\"t\" file=\"a.csv\"/>"
            + "<modifySql><append value=\" \"/></modifySql></changeSet>",
        "<changeSet id=\"a\" author=\"ann\"><sqlFile path=\"a.sql\"/><dropTable tableName=\"t\"/>"
            + "<loadData tableName=\"t\" file=\"a.csv\"/>"
            + "<modifySql><append value=\" \"/></modifySql></changeSet>",
        "<changeSet id=\"a\" author=\"ann\"><dropTable tableName=\"t\" cascadeConstraints=\"true\"/>"
            + "<sqlFile path=\"a.sql\"/><loadData tableName=\"t\" file=\"a.csv\"/>"
            + "<modifySql><append value=\" \"/></modifySql></changeSet>",
        "<changeSet id=\"a\" author=\"ann\"><dropTable tableName=\"t\"/>"
            + "<sqlFile path=\"a.sql\"/><loadData tableName=\"t\" file=\"a.csv\"/>"
            + "<modifySql><append value=\" CASCADE\"/></modifySql></changeSet>",
        "<changeSet id=\"a\" author=\"ann\"><dropTable tableName=\"t\"/>"
            + "<sqlFile path=\"a.sql\"/><loadData tableName=\"t\" file=\"a.csv\"/>"
            + "<modifySql><append value=\"  /**/\"/></modifySql></changeSet>",
        "<changeSet id=\"a\" author=\"ann\"><dropTable tableName=\"t\"/>"
            + "<sqlFile path=\"a.sql\"/><loadData tableName=\"t\" file=\"a.csv\"/>"
            + "<modifySql><append value=\"/**/\"/></modifySql></changeSet>"
      })
  void something_else_has_another_checksum(String changed) {
    String before = changelog().xml("changelog.xml", BASE).checksum("a");

    assertThat(changelog().xml("changelog.xml", changed).checksum("a")).isNotEqualTo(before);
  }

  @Test
  void the_order_of_plain_changes_counts() {
    String first = "{sql: SELECT 1}";
    String second = "{dropTable: {tableName: t}}";

    assertThat(ofYaml(first + ", " + second)).isNotEqualTo(ofYaml(second + ", " + first));
  }

  private String ofYaml(String changes) {
    return ReadChangelog.in(path)
        .file(
            "changelog.yaml",
            """
            databaseChangeLog:
              - changeSet: {id: a, author: ann, changes: [%s]}
            """
                .formatted(changes))
        .checksum("a");
  }

  @Test
  void a_blank_in_front_of_a_value_counts() {
    assertThat(ofYaml("{sql: SELECT 1}, {sql: ' SELECT 2'}"))
        .isNotEqualTo(ofYaml("{sql: SELECT 1}, {sql: 'SELECT 2'}"));
  }

  @ParameterizedTest
  @CsvSource({"a.sql, SELECT 2;", "a.csv, 'id\n2'"})
  void a_file_counts_by_its_content(String file, String text) {
    String before = changelog().xml("changelog.xml", BASE).checksum("a");

    assertThat(changelog().xml("changelog.xml", BASE).file(file, text).checksum("a"))
        .isNotEqualTo(before);
  }

  @Test
  void line_ends_and_a_byte_order_mark_of_a_file_do_not_count() {
    String before = changelog().xml("changelog.xml", BASE).checksum("a");

    assertThat(
            changelog()
                .xml("changelog.xml", BASE)
                .file("a.sql", "\uFEFFSELECT 1;  \r\n\r\n")
                .checksum("a"))
        .isEqualTo(before);
  }

  @Test
  void a_property_counts_by_its_name() {
    String change = changeset("a", "", "<sql>SELECT '${p}'</sql>") + useFiles();
    String one =
        changelog()
            .xml("changelog.xml", "<property name=\"p\" value=\"1\"/>" + change)
            .checksum("a");
    String other =
        changelog()
            .xml("changelog.xml", "<property name=\"p\" value=\"2\"/>" + change)
            .checksum("a");

    assertThat(other).isEqualTo(one);
  }

  /// Liquibase itself writes them in an order that changes from run to run.
  @Test
  void foreign_keys_of_a_table_come_in_the_order_of_its_columns() {
    List<String> columns = List.of("f", "a", "e", "b", "d", "c");
    String table =
        columns.stream()
            .map(
                """
                <column name="%1$s" type="int">
                  <constraints foreignKeyName="fk_%1$s" references="t(id)"/>
                </column>
                """
                    ::formatted)
            .collect(Collectors.joining("", "<createTable tableName=\"u\">", "</createTable>"));

    List<String> statements =
        ReadChangelog.in(path).xml("changelog.xml", changeset("a", "", table)).statements("a");

    assertThat(statements).hasSize(1);
    assertThat(statements.getFirst())
        .containsSubsequence(columns.stream().map("CONSTRAINT fk_%s "::formatted).toList());
  }

  @Test
  void statements_stand_where_their_author_wrote_them() {
    var changelog =
        ReadChangelog.in(path)
            .xml(
                "changelog.xml",
                """
                <changeSet id="xml" author="ann">
                  <createTable tableName="t">
                    <column name="id" type="int"/>
                  </createTable>
                  <sql>
                    SELECT 1;

                    SELECT 2;
                  </sql>
                  <sql><![CDATA[SELECT 3;
                    SELECT 4]]></sql>
                  <sqlFile path="b.sql"/>
                </changeSet>
                <include file="c.yaml"/>
                <include file="d.sql"/>
                """)
            .file("b.sql", "-- a comment\n\nSELECT 5;\nSELECT\n  6;\n")
            .file(
                "c.yaml",
                """
                databaseChangeLog:
                  - changeSet:
                      id: yaml
                      author: ann
                      changes:
                        - sql: SELECT 1
                        - sql:
                            sql: |
                              SELECT 2;
                              SELECT 3;
                """)
            .file(
                "d.sql",
                """
                --liquibase formatted sql

                --changeset ann:sql
                --comment: two of them
                SELECT 1;
                --rollback SELECT 3;

                SELECT 2;
                """);

    assertThat(changelog.places("xml"))
        .containsExactly(
            "changelog.xml:3",
            "changelog.xml:7",
            "changelog.xml:9",
            "changelog.xml:11",
            "changelog.xml:12",
            "b.sql:3",
            "b.sql:4");
    assertThat(changelog.places("yaml")).containsExactly("c.yaml:6", "c.yaml:9", "c.yaml:10");
    assertThat(changelog.places("sql")).containsExactly("d.sql:5", "d.sql:8");
  }

  @Test
  void statements_of_a_text_on_one_line_stand_on_that_line() {
    var changelog =
        ReadChangelog.in(path)
            .xml(
                "changelog.xml",
                """
                <include file="a.json"/>
                <include file="b.yaml"/>
                <changeSet id="xml" author="ann">
                  <sql>SELECT 1;&#10;SELECT 2;</sql>
                  <sql>
                    SELECT 3; <!--
                    a comment -->
                    SELECT 4;
                  </sql>
                </changeSet>
                <property name="two" value="2;&#10;"/>
                <changeSet id="property" author="ann">
                  <sql>
                    SELECT ${two}
                    SELECT 3;
                  </sql>
                </changeSet>
                """)
            .file(
                "a.json",
                """
                {"databaseChangeLog": [{"changeSet": {"id": "json", "author": "ann",
                  "changes": [
                    {"sql": {"sql": "SELECT 1;\\nSELECT 2;"}}]}}]}
                """)
            .file(
                "b.yaml",
                """
                databaseChangeLog:
                  - changeSet:
                      id: yaml
                      author: ann
                      changes:
                        - sql: "SELECT 1;\\nSELECT 2;"
                        - sql: >
                            SELECT 3;

                            SELECT 4;
                        - sql: SELECT
                            5;
                            SELECT 6;
                        - sql: &seven |
                            SELECT 7;
                            SELECT 8;
                        - sql: *seven
                """);

    assertThat(changelog.places("json")).containsExactly("a.json:3", "a.json:3");
    assertThat(changelog.places("yaml"))
        .containsExactly(
            "b.yaml:6",
            "b.yaml:6",
            "b.yaml:8",
            "b.yaml:8",
            "b.yaml:11",
            "b.yaml:11",
            "b.yaml:15",
            "b.yaml:16",
            "b.yaml:15",
            "b.yaml:16");
    assertThat(changelog.places("xml"))
        .containsExactly(
            "changelog.xml:5", "changelog.xml:5", "changelog.xml:7", "changelog.xml:7");
    assertThat(changelog.places("property"))
        .containsExactly("changelog.xml:15", "changelog.xml:15");
  }

  @Test
  void statements_whose_comments_are_stripped_stand_where_they_were_written() {
    var changelog =
        ReadChangelog.in(path)
            .xml(
                "changelog.xml",
                """
                <changeSet id="1" author="ann">
                  <sql stripComments="true">
                    -- one
                    SELECT /* a
                      b */ 1;
                    -- two
                    SELECT 2;
                  </sql>
                  <sqlFile path="a.sql" stripComments="true" endDelimiter="@@"/>
                </changeSet>
                """)
            .file("a.sql", "-- three\r\nSELECT 3 -- 3\r\n@@\r\n-- four\r\nSELECT 4@@\r\n");

    assertThat(changelog.places("1"))
        .containsExactly("changelog.xml:5", "changelog.xml:8", "a.sql:2", "a.sql:5");
    assertThat(changelog.statements("1")).noneMatch(statement -> statement.contains("--"));
  }

  @Test
  void what_liquibase_takes_as_it_is_stands_where_it_was_written() {
    String function = "CREATE FUNCTION f() RETURNS int\nLANGUAGE sql AS $$\nSELECT 1\n$$;\n";
    var changelog =
        ReadChangelog.in(path)
            .xml(
                "changelog.xml",
                """
                <changeSet id="1" author="ann">
                  <createProcedure path="f.sql"/>
                  <createProcedure>
                    %s
                  </createProcedure>
                  <createView viewName="v" path="v.sql"/>
                  <createView viewName="w">
                    SELECT 1 AS a
                  </createView>
                </changeSet>
                """
                    .formatted(function.stripTrailing()))
            .file("f.sql", "\n" + function)
            .file("v.sql", "-- a view\nSELECT\n  1 AS a;\n");

    assertThat(changelog.places("1"))
        .containsExactly("f.sql:2", "changelog.xml:5", "v.sql:1", "changelog.xml:12");
  }

  @Test
  void sql_is_split_where_psql_would_and_by_a_delimiter_of_its_own() {
    var changelog =
        ReadChangelog.in(path)
            .file(
                "changelog.sql",
                """
                --liquibase formatted sql
                --changeset ann:psql
                CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$
                BEGIN
                  RETURN 1; -- not here
                END $f$;
                SELECT 'a;b';
                --changeset ann:delimiter endDelimiter:@@
                SELECT 1@@
                SELECT 2; SELECT 3@@
                --changeset ann:whole splitStatements:false
                SELECT 4; SELECT 5;
                --changeset ann:stripped stripComments:true
                SELECT /* no */ 6; -- nor this
                --changeset ann:slash
                SELECT 7;
                /
                """);

    assertThat(changelog.statements("psql")).hasSize(2).last().isEqualTo("SELECT 'a;b'");
    assertThat(changelog.statements("delimiter"))
        .containsExactly("SELECT 1", "SELECT 2", "SELECT 3");
    assertThat(changelog.statements("whole")).containsExactly("SELECT 4", "SELECT 5");
    assertThat(changelog.statements("stripped")).hasSize(1).first().asString().doesNotContain("no");
    assertThat(changelog.statements("slash")).containsExactly("SELECT 7");
  }

  @Test
  void names_in_mixed_case_and_reserved_words_are_quoted() {
    var changelog =
        ReadChangelog.in(path)
            .xml(
                "changelog.xml",
                changeset("a", "", "<dropTable tableName=\"CustomerOrders\" schemaName=\"My\"/>")
                    + changeset("b", "", "<dropTable tableName=\"order\"/>")
                    + changeset("c", "", "<dropTable tableName=\"UPPER\"/>")
                    + changeset(
                        "d",
                        "objectQuotingStrategy=\"QUOTE_ALL_OBJECTS\"",
                        "<dropTable tableName=\"plain\"/>"));

    assertThat(changelog.statements("a")).containsExactly("DROP TABLE \"My\".\"CustomerOrders\"");
    assertThat(changelog.statements("b")).containsExactly("DROP TABLE \"order\"");
    assertThat(changelog.statements("c")).containsExactly("DROP TABLE UPPER");
    assertThat(changelog.statements("d")).containsExactly("DROP TABLE \"plain\"");
  }
}
