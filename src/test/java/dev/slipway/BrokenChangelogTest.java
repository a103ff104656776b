package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Liquibase changelogs that cannot be used: each is refused with its file and line, in bounded
/// time, before a database is asked for.
class BrokenChangelogTest {
  private static final String XML =
      """
      <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
      %s
      </databaseChangeLog>
      """;

  private static final String SELECT = "<sql>SELECT 1</sql>";

  /// @param texts of the files, each behind its name
  record Broken(String name, int line, List<String> texts) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Broken xml(String name, int line, String body) {
    return new Broken(name, line, List.of("changelog.xml", XML.formatted(body)));
  }

  private static Broken file(String name, int line, String file, String text) {
    return new Broken(name, line, List.of(file, text));
  }

  private static String changeset(String id, String change) {
    return "<changeSet id=\"%s\" author=\"ann\">%s</changeSet>\n".formatted(id, change);
  }

  static Stream<Broken> changelogs() {
    return Stream.of(syntax(), bombs(), includes(), ids(), unknown(), values(), texts(), data())
        .flatMap(cases -> cases);
  }

  private static Stream<Broken> syntax() {
    return Stream.of(
        xml("xml that is not well-formed", 2, "<changeSet><sql></sqll></changeSet>"),
        xml("xml with an entity of its own", 2, changeset("1", "<sql>&x;</sql>")),
        file("xml with another root", 1, "changelog.xml", "<project/>"),
        file("an empty file of xml", 1, "changelog.xml", ""),
        file(
            "yaml that is not well-formed",
            4,
            "changelog.yaml",
            "databaseChangeLog:\n  - changeSet:\n      id: 1\n     author: ann\n"),
        file("yaml of something else", 1, "notes.yaml", "title: notes\n"),
        file(
            "yaml with a key twice",
            5,
            "changelog.yaml",
            "databaseChangeLog:\n  - changeSet:\n      id: 1\n      author: ann\n      id: 2\n"),
        file(
            "yaml with a tag",
            2,
            "changelog.yaml",
            "databaseChangeLog:\n  - changeSet: !!java.net.URL [http://localhost/]\n"),
        file(
            "json that is not well-formed",
            2,
            "changelog.json",
            "{\"databaseChangeLog\": [\n  {\"changeSet\": {\"id\": 1, \"author\": ]}\n"),
        file(
            "json with a comment",
            2,
            "changelog.json",
            "{\"databaseChangeLog\":\n  /* none */ []}\n"),
        file(
            "json with a number that is none",
            1,
            "changelog.json",
            "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": NaN}}]}"),
        file(
            "json with a key twice",
            1,
            "changelog.json",
            "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": 1, \"id\": 2}}]}"),
        file(
            "formatted sql with misspelt comments",
            3,
            "changelog.sql",
            "--liquibase formatted sql\n--changeset ann:1\n- comment one dash\nSELECT 1;\n"),
        file(
            "formatted sql without a changeset",
            2,
            "changelog.sql",
            "--liquibase formatted sql\nSELECT 1;\n"),
        file(
            "formatted sql with a changeset without sql",
            2,
            "changelog.sql",
            "--liquibase formatted sql\n--changeset ann:1\n--comment nothing\n"),
        file(
            "formatted sql with an unknown attribute",
            2,
            "changelog.sql",
            "--liquibase formatted sql\n--changeset ann:1 runAllways:true\nSELECT 1;\n"),
        file(
            "formatted sql whose lines are ignored to the end",
            2,
            "changelog.sql",
            "--liquibase formatted sql\n--ignoreLines:start\n--changeset ann:1\nSELECT 1;\n"));
  }

  private static Stream<Broken> bombs() {
    String entities =
        """
        <!DOCTYPE x [
        <!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
        ]>
        <databaseChangeLog>&d;</databaseChangeLog>
        """;
    String external =
        """
        <!DOCTYPE x [<!ENTITY e SYSTEM "http://192.0.2.1/e">]>
        <databaseChangeLog>&e;</databaseChangeLog>
        """;
    String schema =
        """
        <!DOCTYPE databaseChangeLog SYSTEM "http://192.0.2.1/changelog.dtd">
        <databaseChangeLog/>
        """;
    var anchors = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      anchors.append("a%d: &a%d [".formatted(i, i));
      anchors.append("*a%d, ".formatted(i - 1).repeat(9)).append("*a%d]\n".formatted(i - 1));
    }
    anchors.append("databaseChangeLog: *a11\n");
    return Stream.of(
        file("an entity bomb", 1, "changelog.xml", entities),
        file("an external entity", 1, "changelog.xml", external),
        file("an external document type", 1, "changelog.xml", schema),
        file("a bomb of yaml anchors", 6, "changelog.yaml", anchors.toString()),
        file(
            "an alias inside of what it names",
            2,
            "changelog.yaml",
            "databaseChangeLog: &all\n  - changeSet: *all\n"),
        file("json nested too deep", 1, "changelog.json", "[".repeat(100_000)),
        file(
            "yaml nested too deep",
            1,
            "changelog.yaml",
            "databaseChangeLog: " + "[".repeat(100_000)),
        xml("xml nested too deep", 2, "<a>".repeat(100_000)));
  }

  private static Stream<Broken> includes() {
    return Stream.of(
        xml("a missing include", 2, "<include file=\"orders.xml\"/>"),
        xml(
            "a missing include beside the file",
            2,
            "<include file=\"orders.xml\" relativeToChangelogFile=\"true\"/>"),
        xml("a missing folder", 2, "<includeAll path=\"orders\"/>"),
        xml("an include of an address", 2, "<include file=\"http://192.0.2.1/a.xml\"/>"),
        xml("an include of itself", 2, "<include file=\"changelog.xml\"/>"),
        xml("a missing file of sql", 2, changeset("1", "<sqlFile path=\"orders.sql\"/>")),
        xml(
            "a missing file of data",
            2,
            changeset("1", "<loadData file=\"orders.csv\" tableName=\"orders\"/>")),
        new Broken(
            "a cycle of includes",
            2,
            List.of(
                "changelog.xml",
                XML.formatted("<include file=\"a.xml\"/>"),
                "a.xml",
                XML.formatted("<include file=\"b.xml\"/>"),
                "b.xml",
                XML.formatted("<include file=\"a.xml\"/>"))),
        new Broken(
            "a cycle without a root",
            2,
            List.of(
                "a.xml",
                XML.formatted("<include file=\"b.xml\"/>"),
                "b.xml",
                XML.formatted("<include file=\"a.xml\"/>"))),
        new Broken(
            "a file that the root does not include",
            1,
            List.of(
                "changelog.xml",
                XML.formatted(changeset("20240101000000_One", SELECT)),
                "orders.xml",
                XML.formatted(changeset("20240102000000_Two", SELECT)))));
  }

  private static Stream<Broken> ids() {
    String one = changeset("20240101000000_One", SELECT);
    return Stream.of(
        xml("ids that are not unique", 3, changeset("1", SELECT) + changeset("1", SELECT)),
        xml("ids that differ by case", 3, changeset("a", SELECT) + changeset("A", SELECT)),
        xml("ids of both forms", 3, one + changeset("2", SELECT)),
        xml("another order", 3, changeset("20240102000000_Two", SELECT) + one),
        xml("an id that is too long", 2, changeset("a".repeat(151), SELECT)),
        xml("no id", 2, "<changeSet author=\"ann\"/>"),
        xml("no author", 2, "<changeSet id=\"1\"/>"),
        new Broken(
            "ids of another form in one of several files",
            2,
            List.of("orders.xml", XML.formatted(changeset("1", SELECT)))),
        new Broken(
            "ids of another form beside plain sql",
            1,
            List.of(
                "changelog.xml",
                XML.formatted(changeset("1", SELECT)),
                "20240101000000_One.sql",
                "SELECT 1;")),
        new Broken(
            "two roots",
            1,
            List.of(
                "changelog.xml", XML.formatted(one), "changelog.yaml", "databaseChangeLog: []\n")));
  }

  private static Stream<Broken> unknown() {
    return Stream.of(
        xml("an unknown element", 2, "<changeset id=\"1\" author=\"ann\"/>"),
        xml("an unknown change", 2, changeset("1", "<createTabel tableName=\"t\"/>")),
        xml("an unknown attribute of a change", 2, changeset("1", "<dropTable table=\"t\"/>")),
        xml(
            "an unknown attribute of a changeset",
            2,
            "<changeSet id=\"1\" author=\"ann\" runAllways=\"true\">" + SELECT + "</changeSet>"),
        xml("an unknown attribute of an include", 2, "<include path=\"a.xml\"/>"),
        xml("an incomplete change", 2, changeset("1", "<dropTable/>")),
        xml(
            "an unknown precondition",
            2,
            changeset("1", "<preConditions><tableExist tableName=\"t\"/></preConditions>")),
        xml(
            "an unknown attribute of a precondition",
            2,
            changeset("1", "<preConditions><tableExists table=\"t\"/></preConditions>")),
        xml(
            "an onFail of a part of a precondition",
            2,
            changeset("1", "<preConditions><and onFail=\"WARN\"/></preConditions>" + SELECT)),
        xml(
            "a precondition of no kind of database",
            2,
            changeset("1", "<preConditions><dbms type=\"\"/></preConditions>" + SELECT)),
        xml(
            "a query without a result",
            2,
            changeset(
                "1", "<preConditions><sqlCheck>SELECT 1</sqlCheck></preConditions>" + SELECT)),
        xml(
            "a query that writes",
            2,
            changeset(
                "1",
                "<preConditions><sqlCheck expectedResult=\"1\">"
                    + "INSERT INTO t VALUES (1) RETURNING 1</sqlCheck></preConditions>"
                    + SELECT)),
        xml(
            "a text in a precondition",
            2,
            changeset(
                "1",
                "<preConditions><tableExists tableName=\"t\">u</tableExists></preConditions>"
                    + SELECT)),
        xml("an unknown onFail", 2, changeset("1", "<preConditions onFail=\"STOP\"/>" + SELECT)),
        xml("an unknown runOrder", 2, "<changeSet id=\"1\" author=\"ann\" runOrder=\"late\"/>"),
        xml(
            "a changeset that is neither always nor never run",
            2,
            "<changeSet id=\"1\" author=\"ann\" runAlways=\"ture\">" + SELECT + "</changeSet>"),
        xml(
            "an attribute of a change that is neither true nor false",
            2,
            changeset("1", "<dropTable tableName=\"t\" cascadeConstraints=\"yes\"/>")),
        xml(
            "an unknown onValidationFail",
            2,
            "<changeSet id=\"1\" author=\"ann\" onValidationFail=\"no\">"
                + SELECT
                + "</changeSet>"),
        xml("a text in a changeset", 2, changeset("1", "DROP TABLE t" + SELECT)),
        file("a text instead of changesets", 1, "changelog.yaml", "databaseChangeLog: none\n"),
        new Broken(
            "a root that cannot be read",
            2,
            List.of("changelog.xml", XML.formatted("<a></b>"), "orders.csv", "id\n")),
        xml("a Java class", 2, changeset("1", "<customChange class=\"a.B\"/>")),
        xml("a program", 2, changeset("1", "<executeCommand executable=\"ls\"/>")),
        xml(
            "an extension",
            2,
            changeset("1", "<x:merge xmlns:x=\"http://example.org/x\" x:name=\"a\"/>")),
        file(
            "a newer schema",
            2,
            "changelog.xml",
            """
            <databaseChangeLog xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
              xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog dbchangelog-5.0.xsd">
            </databaseChangeLog>
            """));
  }

  private static Stream<Broken> values() {
    return Stream.of(
        xml(
            "a malformed context",
            2,
            "<changeSet id=\"1\" author=\"ann\" context=\"(test and prod\">"
                + SELECT
                + "</changeSet>"),
        xml(
            "malformed labels",
            3,
            "<property name=\"x\" value=\"v1 and\"/>\n<changeSet id=\"1\" author=\"ann\""
                + " labels=\"${x}\">"
                + SELECT
                + "</changeSet>"),
        new Broken(
            "a malformed context of an include",
            2,
            List.of(
                "changelog.xml",
                XML.formatted("<include file=\"a.xml\" contextFilter=\"()\"/>"),
                "a.xml",
                XML.formatted(changeset("1", SELECT)))),
        file(
            "a malformed context of a file",
            3,
            "changelog.yaml",
            "databaseChangeLog:\n  - property: {name: a, value: b}\n  - contextFilter: (a, b)\n"),
        xml("a malformed context of a property", 2, "<property name=\"a\" context=\"a (b)\"/>"),
        xml(
            "a malformed context of a modification",
            2,
            changeset("1", SELECT + "<modifySql context=\"!\"><append value=\" \"/></modifySql>")),
        xml(
            "a malformed regular expression",
            2,
            changeset(
                "1", SELECT + "<modifySql><regExpReplace replace=\"(\" with=\"\"/></modifySql>")),
        xml(
            "a replacement by a group that is not there",
            2,
            changeset(
                "1",
                SELECT
                    + SELECT
                    + "<modifySql><regExpReplace replace=\"1\" with=\"$9\"/></modifySql>")),
        xml(
            "a replacement by nothing that is named",
            2,
            changeset("1", SELECT + "<modifySql><replace replace=\"1\"/></modifySql>")));
  }

  private static Stream<Broken> texts() {
    return Stream.of(
        xml(
            "a text in a change",
            2,
            changeset("1", "<dropColumn tableName=\"t\">hello<column name=\"a\"/></dropColumn>")),
        xml(
            "a text in a column",
            3,
            changeset(
                "1",
                "<createTable tableName=\"t\">\n"
                    + "<column name=\"a\" type=\"int\">hello</column></createTable>")),
        xml(
            "a text in constraints",
            3,
            changeset(
                "1",
                "<addColumn tableName=\"t\"><column name=\"a\" type=\"int\">\n"
                    + "<constraints>unique</constraints></column></addColumn>")),
        xml(
            "a text beside a value",
            2,
            changeset(
                "1", "<insert tableName=\"t\"><column name=\"a\" value=\"1\">2</column></insert>")),
        xml(
            "a text in a modification",
            2,
            changeset("1", SELECT + "<modifySql>hello<append value=\" \"/></modifySql>")),
        xml("a text in a tag", 2, changeset("1", "<tagDatabase tag=\"a\">hello</tagDatabase>")),
        new Broken(
            "a text beside a file of sql",
            2,
            List.of(
                "changelog.xml",
                XML.formatted(changeset("1", "<sqlFile path=\"a.sql\">SELECT 2</sqlFile>")),
                "a.sql",
                "SELECT 1;")),
        xml("a file of sql without a path", 2, changeset("1", "<sqlFile path=\"\"/>")),
        xml("a view without a path", 2, changeset("1", "<createView viewName=\"v\" path=\"\"/>")),
        xml(
            "sql that is neither split nor whole",
            2,
            changeset("1", "<sql splitStatements=\"x\">SELECT 1</sql>")),
        file(
            "formatted sql that is neither split nor whole",
            2,
            "changelog.sql",
            "--liquibase formatted sql\n--changeset ann:1 splitStatements:x\nSELECT 1;\n"),
        new Broken(
            "a file that is neither beside the changelog nor elsewhere",
            2,
            List.of(
                "changelog.xml",
                XML.formatted(
                    changeset("1", "<sqlFile path=\"a.sql\" relativeToChangelogFile=\"yes\"/>")),
                "a.sql",
                "SELECT 1;")));
  }

  private static Stream<Broken> data() {
    return Stream.of(
        data("data of an unknown encoding", "encoding=\"UTF-9\"", "id"),
        data("data with two separators", "separator=\"||\"", "id"),
        data("data with two quotes", "quotchar=\"''\"", "id"),
        data("data that lacks a column", "", "id, name"));
  }

  private static Broken data(String name, String attributes, String columns) {
    var declared = new StringBuilder();
    for (String column : columns.split(", ", -1)) {
      declared.append("<column name=\"%s\" type=\"STRING\"/>".formatted(column));
    }
    return new Broken(
        name,
        2,
        List.of(
            "changelog.xml",
            XML.formatted(
                changeset(
                    "1",
                    "<loadData tableName=\"t\" file=\"a.csv\" %s>%s</loadData>"
                        .formatted(attributes, declared))),
            "a.csv",
            "id,title\n1,a\n"));
  }

  @ParameterizedTest
  @MethodSource("changelogs")
  void is_refused_with_file_and_line(Broken broken, @TempDir Path path) {
    var folder = new Folder(path);
    for (int i = 0; i < broken.texts().size(); i += 2) {
      folder.write("changelog/" + broken.texts().get(i), broken.texts().get(i + 1));
    }

    Program.Result result =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> Program.in(path).run("show", "head"));

    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).containsPattern("changelog/[A-Za-z0-9_.]+:" + broken.line() + "\\b");
    Golden.check(
        "dev/slipway/broken/" + broken.name().replace(' ', '-') + ".txt", result.toString());
  }
}
