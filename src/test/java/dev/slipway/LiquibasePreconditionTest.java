package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.LiquibaseRun;
import dev.slipway.testing.ServerVersion;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each of Liquibase's preconditions, where it holds and where it does not, with each `onFail`; and
/// what Liquibase itself says of it.
@Tag("slow")
class LiquibasePreconditionTest {
  private static final String OBJECTS =
      """
      CREATE TABLE plain (
          id int CONSTRAINT pk_plain PRIMARY KEY,
          name text CONSTRAINT uq_plain_name UNIQUE,
          "MixedName" text
      );
      INSERT INTO plain VALUES (1, 'a'), (2, 'b');
      CREATE TABLE "Mixed" ("Id" int);
      CREATE TABLE nothing (id int);
      CREATE TABLE "order" (id int);
      CREATE TABLE parts (id int) PARTITION BY RANGE (id);
      CREATE TABLE child (plain_id int CONSTRAINT fk_child_plain REFERENCES plain);
      CREATE INDEX ix_plain_name_id ON plain (name, id);
      CREATE INDEX "ix_Mixed" ON "Mixed" ("Id");
      CREATE SEQUENCE counter;
      CREATE SEQUENCE "Counter2";
      CREATE VIEW seen AS SELECT 1 AS one;
      CREATE MATERIALIZED VIEW stored AS SELECT 1 AS one;
      CREATE SCHEMA other;
      CREATE TABLE other.far (id int);
      """;

  /// Where Liquibase answers otherwise, and why ours is kept.
  private static final Map<String, String> DIFFERENT_IN_LIQUIBASE =
      Map.of(
          "<expectedQuotingStrategy strategy=\"LEGACY\"/>",
          "it does not know its own default, which is in force");

  @TempDir private Path path;

  /// A precondition as XML, and whether it holds.
  record Cell(boolean holds, String xml) {
    @Override
    public String toString() {
      return xml + (holds ? " holds" : " does not hold");
    }

    /// Fits into the name of a table.
    String id() {
      String words = xml.replaceAll("[^A-Za-z0-9]+", " ").strip();
      return "%.40s %08x".formatted(words, xml.hashCode());
    }
  }

  private static Cell holds(String xml) {
    return new Cell(true, "<" + xml + "/>");
  }

  private static Cell fails(String xml) {
    return new Cell(false, "<" + xml + "/>");
  }

  private static Cell holdsQuery(String expected, String query) {
    return new Cell(true, query(expected, query));
  }

  private static Cell failsQuery(String expected, String query) {
    return new Cell(false, query(expected, query));
  }

  private static String query(String expected, String query) {
    return "<sqlCheck expectedResult=\"%s\">%s</sqlCheck>".formatted(expected, query);
  }

  private static Stream<Cell> cells() {
    return Stream.of(relations(), parts(), values(), others(), combined()).flatMap(cell -> cell);
  }

  private static Stream<Cell> relations() {
    return Stream.of(
        holds("tableExists tableName=\"plain\""),
        holds("tableExists tableName=\"PLAIN\""),
        holds("tableExists tableName=\"Mixed\""),
        holds("tableExists tableName=\"order\""),
        holds("tableExists tableName=\"parts\""),
        holds("tableExists tableName=\"far\" schemaName=\"other\""),
        fails("tableExists tableName=\"absent\""),
        fails("tableExists tableName=\"far\""),
        fails("tableExists tableName=\"seen\""),
        fails("tableExists tableName=\"far\" schemaName=\"nowhere\""),
        holds("viewExists viewName=\"seen\""),
        fails("viewExists viewName=\"stored\""),
        fails("viewExists viewName=\"plain\""),
        fails("viewExists viewName=\"absent\""),
        holds("sequenceExists sequenceName=\"counter\""),
        holds("sequenceExists sequenceName=\"Counter2\""),
        fails("sequenceExists sequenceName=\"absent\""),
        fails("sequenceExists sequenceName=\"counter\" schemaName=\"other\""));
  }

  private static Stream<Cell> parts() {
    return Stream.of(
        holds("columnExists tableName=\"plain\" columnName=\"id\""),
        holds("columnExists tableName=\"plain\" columnName=\"MixedName\""),
        holds("columnExists tableName=\"Mixed\" columnName=\"Id\""),
        holds("columnExists tableName=\"far\" columnName=\"id\" schemaName=\"other\""),
        fails("columnExists tableName=\"plain\" columnName=\"absent\""),
        fails("columnExists tableName=\"absent\" columnName=\"id\""),
        holds("indexExists indexName=\"ix_plain_name_id\""),
        holds("indexExists indexName=\"ix_plain_name_id\" tableName=\"plain\""),
        holds("indexExists tableName=\"plain\" columnNames=\"name, id\""),
        holds("indexExists indexName=\"ix_Mixed\" tableName=\"Mixed\""),
        fails("indexExists indexName=\"absent\""),
        fails("indexExists indexName=\"ix_plain_name_id\" tableName=\"child\""),
        fails("indexExists tableName=\"plain\" columnNames=\"MixedName\""),
        holds("primaryKeyExists primaryKeyName=\"pk_plain\""),
        holds("primaryKeyExists tableName=\"plain\""),
        holds("primaryKeyExists primaryKeyName=\"pk_plain\" tableName=\"plain\""),
        fails("primaryKeyExists tableName=\"child\""),
        fails("primaryKeyExists primaryKeyName=\"absent\" tableName=\"plain\""),
        holds(
            "foreignKeyConstraintExists foreignKeyName=\"fk_child_plain\""
                + " foreignKeyTableName=\"child\""),
        holds("foreignKeyConstraintExists foreignKeyName=\"fk_child_plain\""),
        fails("foreignKeyConstraintExists foreignKeyName=\"absent\" foreignKeyTableName=\"child\""),
        holds("uniqueConstraintExists tableName=\"plain\" constraintName=\"uq_plain_name\""),
        holds("uniqueConstraintExists tableName=\"plain\" columnNames=\"name\""),
        fails("uniqueConstraintExists tableName=\"plain\" constraintName=\"absent\""),
        fails("uniqueConstraintExists tableName=\"plain\" columnNames=\"MixedName\""));
  }

  private static Stream<Cell> values() {
    return Stream.of(
        holds("rowCount tableName=\"plain\" expectedRows=\"2\""),
        holds("rowCount tableName=\"Mixed\" expectedRows=\"0\""),
        fails("rowCount tableName=\"plain\" expectedRows=\"3\""),
        holds("tableIsEmpty tableName=\"nothing\""),
        holds("tableIsEmpty tableName=\"order\""),
        fails("tableIsEmpty tableName=\"plain\""),
        holdsQuery("2", "SELECT count(*) FROM plain"),
        holdsQuery("2", "SELECT count(*) FROM plain;"),
        holdsQuery("a", "SELECT name FROM plain WHERE id = 1 -- the first"),
        holdsQuery("t", "SELECT true"),
        holdsQuery("1.50", "SELECT 1.50"),
        holdsQuery("it's", "SELECT 'it''s'"),
        failsQuery("3", "SELECT count(*) FROM plain"),
        failsQuery("a", "SELECT NULL"),
        failsQuery("f", "SELECT true"),
        holdsQuery("f", "SELECT false"),
        failsQuery("true", "SELECT true"),
        failsQuery("false", "SELECT false"),
        holdsQuery("a  ", "SELECT 'a'::char(3)"),
        holdsQuery("", "SELECT ''"),
        failsQuery("", "SELECT NULL"));
  }

  private static Stream<Cell> others() {
    return Stream.of(
        holds("changeSetExecuted id=\"first\" author=\"ann\" changeLogFile=\"changelog.xml\""),
        fails("changeSetExecuted id=\"never\" author=\"ann\" changeLogFile=\"changelog.xml\""),
        holds("changeSetExecuted id=\"first\" author=\"ann\""),
        holds("changeSetExecuted id=\"first\" author=\"ann\" changeLogFile=\"/changelog.xml\""),
        fails("changeSetExecuted id=\"first\" author=\"bob\""),
        fails("changeSetExecuted id=\"first\" author=\"ann\" changeLogFile=\"part.xml\""),
        holds("dbms type=\"postgresql\""),
        holds("dbms type=\"oracle, postgresql\""),
        fails("dbms type=\"oracle\""),
        holds("runningAs username=\"OWNER\""),
        fails("runningAs username=\"somebody\""),
        holds("changeLogPropertyDefined property=\"p\""),
        holds("changeLogPropertyDefined property=\"p\" value=\"1\""),
        fails("changeLogPropertyDefined property=\"p\" value=\"2\""),
        fails("changeLogPropertyDefined property=\"q\""),
        fails("changeLogPropertyDefined property=\"p\" value=\"\""),
        holds("changeLogPropertyDefined property=\"late\""),
        holds("expectedQuotingStrategy strategy=\"LEGACY\""),
        fails("expectedQuotingStrategy strategy=\"QUOTE_ALL_OBJECTS\""));
  }

  private static Stream<Cell> combined() {
    String yes = "<tableExists tableName=\"plain\"/>";
    String no = "<tableExists tableName=\"absent\"/>";
    String error = "<rowCount tableName=\"absent\" expectedRows=\"1\"/>";
    return Stream.of(
        new Cell(true, "<and>" + yes + yes + "</and>"),
        new Cell(false, "<and>" + yes + no + "</and>"),
        new Cell(false, "<and>" + no + error + "</and>"),
        new Cell(true, "<or>" + no + yes + "</or>"),
        new Cell(true, "<or>" + yes + error + "</or>"),
        new Cell(false, "<or>" + no + no + "</or>"),
        new Cell(true, "<not>" + no + "</not>"),
        new Cell(true, "<not>" + no + no + "</not>"),
        new Cell(false, "<not>" + yes + "</not>"),
        new Cell(false, "<not>" + no + yes + "</not>"),
        new Cell(
            true, "<not><and>" + yes + "<or>" + no + "<not>" + yes + "</not></or></and></not>"),
        new Cell(false, yes + no));
  }

  static Stream<Cell> failing() {
    return cells().filter(cell -> !cell.holds());
  }

  private static TestDatabase database(ServerVersion version) {
    var database = TestDatabase.on(version.server());
    database.executeAsOwner(OBJECTS);
    return database;
  }

  private void write(TestDatabase database, String onFail, List<Cell> cells) {
    var body = new StringBuilder();
    body.append("<property name=\"p\" value=\"1\"/>\n");
    body.append(
        "<changeSet id=\"first\" author=\"ann\"><sql>CREATE TABLE made_first ()</sql></changeSet>\n");
    for (Cell cell : cells) {
      body.append(
          """
          <changeSet id="%s" author="ann">
            <preConditions onFail="%s">%s</preConditions>
            <sql>CREATE TABLE "made %1$s" ()</sql>
          </changeSet>
          """
              .formatted(cell.id(), onFail, cell.xml().replace("OWNER", database.owner())));
    }
    body.append("<property name=\"late\" value=\"1\"/>\n");
    write(body.toString());
  }

  private void write(String body) {
    new Folder(path)
        .write(
            "changelog/changelog.xml",
            "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\">\n"
                + body
                + "</databaseChangeLog>\n");
  }

  private Program.Result migrate(TestDatabase database) {
    return Program.in(path).with("Gateway", database).run("migrate");
  }

  private static List<String> made(TestDatabase database) {
    return database.rows(
        "SELECT substr(relname, 6) FROM pg_class WHERE relname LIKE 'made %' ORDER BY 1");
  }

  private static List<String> ids(Predicate<Cell> which) {
    return cells().filter(which).map(Cell::id).sorted().toList();
  }

  private static List<String> recorded(TestDatabase database) {
    return database.history().stream().filter(id -> !id.equals("first")).sorted().toList();
  }

  @ParameterizedTest
  @EnumSource(ServerVersion.class)
  void one_that_does_not_hold_passes_its_changeset_over(ServerVersion version) {
    try (var database = database(version)) {
      write(database, "CONTINUE", cells().toList());

      Program.Result first = migrate(database);
      Program.Result second = migrate(database);

      assertThat(first.code()).as(first.toString()).isZero();
      assertThat(made(database)).isEqualTo(ids(Cell::holds));
      assertThat(recorded(database)).isEqualTo(ids(Cell::holds));
      assertThat(second.code()).as(second.toString()).isZero();
      assertThat(second.out()).doesNotContain("applied  ");
      assertThat(made(database)).isEqualTo(ids(Cell::holds));
    }
  }

  @Test
  void one_that_does_not_hold_has_its_changeset_recorded_without_running_it() {
    try (var database = database(ServerVersion.NEWEST)) {
      write(database, "MARK_RAN", cells().toList());

      Program.Result first = migrate(database);
      Program.Result second = migrate(database);

      assertThat(first.code()).as(first.toString()).isZero();
      assertThat(made(database)).isEqualTo(ids(Cell::holds));
      assertThat(recorded(database)).isEqualTo(ids(_ -> true));
      assertThat(second.out()).contains("nothing to do");
    }
  }

  @Test
  void one_that_does_not_hold_is_warned_of() {
    try (var database = database(ServerVersion.NEWEST)) {
      write(database, "WARN", cells().toList());

      Program.Result result = migrate(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(made(database)).isEqualTo(ids(_ -> true));
      assertThat(result.err().lines().filter(line -> line.startsWith("warning: ")))
          .hasSize(ids(cell -> !cell.holds()).size());
    }
  }

  @Test
  void those_that_hold_halt_nothing() {
    try (var database = database(ServerVersion.NEWEST)) {
      write(database, "HALT", cells().filter(Cell::holds).toList());

      Program.Result result = migrate(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(made(database)).isEqualTo(ids(Cell::holds));
    }
  }

  @Test
  void each_that_does_not_hold_halts_the_run() {
    try (var database = database(ServerVersion.NEWEST)) {
      assertThat(failing())
          .allSatisfy(
              cell -> {
                write(database, "HALT", List.of(cell));

                Program.Result result = migrate(database);

                assertThat(result.code()).as(result.toString()).isEqualTo(7);
                assertThat(result.err()).contains("the precondition of migration");
                assertThat(made(database)).isEmpty();
                assertThat(recorded(database)).isEmpty();
              });
    }
  }

  @Test
  void liquibase_says_the_same() throws Exception {
    try (var database = database(ServerVersion.NEWEST)) {
      write(database, "CONTINUE", cells().toList());

      LiquibaseRun.update(database, path.resolve("changelog"), "changelog.xml");

      assertThat(made(database))
          .isEqualTo(ids(cell -> cell.holds() != DIFFERENT_IN_LIQUIBASE.containsKey(cell.xml())));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HALT", "CONTINUE", "MARK_RAN", "WARN"})
  void one_that_cannot_be_asked_is_an_error_of_its_own(String onError) {
    try (var database = database(ServerVersion.NEWEST)) {
      write(
          """
          <changeSet id="a" author="ann">
            <preConditions onFail="HALT" onError="%s" onErrorMessage="ask somebody">
              <sqlCheck expectedResult="1">SELECT id FROM absent</sqlCheck>
            </preConditions>
            <sql>CREATE TABLE "made a" ()</sql>
          </changeSet>
          """
              .formatted(onError));

      Program.Result result = migrate(database);

      assertThat(result.code()).as(result.toString()).isEqualTo(onError.equals("HALT") ? 7 : 0);
      assertThat(result.err()).contains("ask somebody");
      assertThat(made(database)).hasSize(onError.equals("WARN") ? 1 : 0);
      assertThat(recorded(database))
          .hasSize(onError.equals("WARN") || onError.equals("MARK_RAN") ? 1 : 0);
    }
  }

  @Test
  void a_query_of_none_or_several_rows_is_an_error_and_a_setting_can_be_shown() {
    try (var database = database(ServerVersion.NEWEST)) {
      write(
          """
          <changeSet id="a" author="ann">
            <preConditions onError="CONTINUE">
              <sqlCheck expectedResult="1">SELECT id FROM plain</sqlCheck>
            </preConditions>
            <sql>CREATE TABLE "made a" ()</sql>
          </changeSet>
          <changeSet id="none" author="ann">
            <preConditions onError="CONTINUE">
              <sqlCheck expectedResult="1">SELECT id FROM nothing</sqlCheck>
            </preConditions>
            <sql>CREATE TABLE "made none" ()</sql>
          </changeSet>
          <changeSet id="b" author="ann">
            <preConditions><sqlCheck expectedResult="UTF8">SHOW server_encoding</sqlCheck></preConditions>
            <sql>CREATE TABLE "made b" ()</sql>
          </changeSet>
          """);

      Program.Result result = migrate(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(made(database)).containsExactly("b");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"changelog.yaml", "changelog.json", "changelog.sql"})
  void every_syntax_has_them(String file) {
    Map<String, String> texts =
        Map.of(
            "changelog.yaml",
            """
            databaseChangeLog:
              - changeSet:
                  id: a
                  author: ann
                  preConditions:
                    - onFail: MARK_RAN
                    - onFailMessage: it is there
                    - not:
                        - tableExists: {tableName: plain}
                  changes: [{sql: CREATE TABLE "made a" ()}]
              - changeSet:
                  id: b
                  author: ann
                  preConditions:
                    - onFail: MARK_RAN
                    - or:
                        - tableExists: {tableName: absent}
                        - sqlCheck: {expectedResult: 2, sql: SELECT count(*) FROM plain}
                  changes: [{sql: CREATE TABLE "made b" ()}]
            """,
            "changelog.json",
            """
            {"databaseChangeLog": [
              {"changeSet": {"id": "a", "author": "ann",
                "preConditions": [{"onFail": "MARK_RAN"}, {"onFailMessage": "it is there"},
                  {"not": [{"tableExists": {"tableName": "plain"}}]}],
                "changes": [{"sql": {"sql": "CREATE TABLE \\"made a\\" ()"}}]}},
              {"changeSet": {"id": "b", "author": "ann",
                "preConditions": [{"onFail": "MARK_RAN"},
                  {"sqlCheck": {"expectedResult": 2, "sql": "SELECT count(*) FROM plain"}}],
                "changes": [{"sql": {"sql": "CREATE TABLE \\"made b\\" ()"}}]}}
            ]}
            """,
            "changelog.sql",
            """
            --liquibase formatted sql
            --changeset ann:a
            --preconditions onFail:MARK_RAN
            --precondition-table-exists table:plain
            --precondition-sql-check expectedResult:3 SELECT count(*) FROM plain
            CREATE TABLE "made a" ();
            --changeset ann:b
            --preconditions onFail:MARK_RAN
            --precondition-view-exists view:seen schema:public
            --precondition-sql-check expectedResult:"2" SELECT count(*) FROM plain
            CREATE TABLE "made b" ();
            """);
    try (var database = database(ServerVersion.NEWEST)) {
      new Folder(path).write("changelog/" + file, texts.getOrDefault(file, ""));

      Program.Result result = migrate(database);

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(made(database)).containsExactly("b");
      assertThat(recorded(database)).containsExactly("a", "b");
    }
  }

  @Test
  void an_included_file_asks_for_changesets_of_the_root_file() throws Exception {
    try (var ours = database(ServerVersion.NEWEST);
        var theirs = database(ServerVersion.NEWEST)) {
      write(
          """
          <changeSet id="root" author="ann"><sql>SELECT 1</sql></changeSet>
          <include file="part.xml"/>
          """);
      new Folder(path)
          .write(
              "changelog/part.xml",
              """
              <databaseChangeLog>
                <changeSet id="part" author="ann"><sql>SELECT 1</sql></changeSet>
                <changeSet id="a" author="ann">
                  <preConditions onFail="CONTINUE">
                    <changeSetExecuted id="part" author="ann"/>
                  </preConditions>
                  <sql>CREATE TABLE "made of part" ()</sql>
                </changeSet>
                <changeSet id="b" author="ann">
                  <preConditions onFail="CONTINUE">
                    <changeSetExecuted id="root" author="ann"/>
                  </preConditions>
                  <sql>CREATE TABLE "made of root" ()</sql>
                </changeSet>
              </databaseChangeLog>
              """);

      Program.Result result = migrate(ours);
      LiquibaseRun.update(theirs, path.resolve("changelog"), "changelog.xml");

      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(made(ours)).containsExactly("of root").isEqualTo(made(theirs));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"changelog.xml", "part.xml"})
  void a_changelog_may_ask_too(String file) {
    String changeset =
        "<changeSet id=\"a\" author=\"ann\"><sql>CREATE TABLE \"made a\" ()</sql></changeSet>";
    try (var database = database(ServerVersion.NEWEST)) {
      for (String onFail : List.of("HALT", "WARN")) {
        String body =
            "<preConditions onFail=\"%s\"><tableExists tableName=\"absent\"/></preConditions>"
                    .formatted(onFail)
                + changeset;
        write(file.equals("changelog.xml") ? body : "<include file=\"part.xml\"/>");
        if (!file.equals("changelog.xml")) {
          new Folder(path)
              .write("changelog/part.xml", "<databaseChangeLog>" + body + "</databaseChangeLog>");
        }

        Program.Result result = migrate(database);

        boolean halted = onFail.equals("HALT");
        assertThat(result.code()).as(result.toString()).isEqualTo(halted ? 7 : 0);
        assertThat(result.err()).contains("changelog/" + file);
        assertThat(made(database)).hasSize(halted ? 0 : 1);
      }
    }
  }
}
