package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Liquibase changelogs on their way into a database.
class LiquibaseMigrateTest {
  @TempDir private Path path;
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void drop_the_database() {
    database.close();
  }

  private Program.Result run(String... arguments) {
    return Program.in(path).with("Gateway", database).run(arguments);
  }

  private LiquibaseMigrateTest xml(String body) {
    return file(
        "changelog.xml",
        """
        <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
        %s
        </databaseChangeLog>
        """
            .formatted(body));
  }

  private LiquibaseMigrateTest file(String name, String text) {
    new Folder(path).write("changelog/" + name, text);
    return this;
  }

  private static String sql(String id, String attributes, String sql) {
    return "<changeSet id=\"%s\" author=\"ann\" %s><sql>%s</sql></changeSet>\n"
        .formatted(id, attributes, sql);
  }

  private void failsAs(String golden) {
    Program.Result result = run("migrate");

    Golden.check("dev/slipway/failures/liquibase-" + golden + ".txt", result.toString());
    assertThat(result.code()).isEqualTo(7);
    assertThat(database.history()).containsExactly("1");
  }

  @Test
  void a_failing_statement_is_shown_where_xml_has_it() {
    xml(
        sql("1", "", "SELECT 1")
            + """
            <changeSet id="2" author="ann">
              <sql>
                CREATE TABLE t (id int);
                INSERT INTO t (id)
                VALUES (nothing);
              </sql>
            </changeSet>
            """);

    failsAs("xml");
  }

  @Test
  void a_failing_statement_is_shown_where_yaml_has_it() {
    file(
        "changelog.yaml",
        """
        databaseChangeLog:
          - changeSet: {id: 1, author: ann, changes: [{sql: SELECT 1}]}
          - changeSet:
              id: 2
              author: ann
              changes:
                - sql:
                    sql: |
                      CREATE TABLE t (id int);
                      INSERT INTO t (id)
                      VALUES (nothing);
        """);

    failsAs("yaml");
  }

  @Test
  void a_failing_statement_is_shown_where_formatted_sql_has_it() {
    file(
        "changelog.sql",
        """
        --liquibase formatted sql
        --changeset ann:1
        SELECT 1;
        --changeset ann:2
        --comment: fails
        CREATE TABLE t (id int);
        INSERT INTO t (id)
        VALUES (nothing);
        """);

    failsAs("formatted");
  }

  @Test
  void a_failing_statement_is_shown_in_the_file_that_holds_it() {
    xml(sql("1", "", "SELECT 1")
            + "<changeSet id=\"2\" author=\"ann\"><sqlFile path=\"t.sql\"/></changeSet>")
        .file("t.sql", "CREATE TABLE t (id int);\n\nINSERT INTO t (id)\nVALUES (nothing);\n");

    failsAs("file");
  }

  @Test
  void a_failing_statement_is_shown_where_json_has_its_text() {
    file(
        "changelog.json",
        """
        {"databaseChangeLog": [
          {"changeSet": {"id": 1, "author": "ann", "changes": [{"sql": {"sql": "SELECT 1"}}]}},
          {"changeSet": {"id": 2, "author": "ann", "changes": [
            {"sql": {"sql": "CREATE TABLE t (id int);\\nINSERT INTO t (id)\\nVALUES (nothing);"}}]}}]}
        """);

    failsAs("json");
  }

  @Test
  void a_failing_procedure_is_shown_in_the_file_that_holds_it() {
    xml(sql("1", "", "SELECT 1")
            + "<changeSet id=\"2\" author=\"ann\"><createProcedure path=\"f.sql\"/></changeSet>")
        .file(
            "f.sql",
            "-- a function\nCREATE FUNCTION f() RETURNS int\nLANGUAGE sql AS 'SELECT nothing';\n");

    failsAs("procedure");
  }

  @Test
  void a_failing_generated_statement_is_shown_at_its_change() {
    xml(
        sql("1", "", "SELECT 1")
            + """
            <changeSet id="2" author="ann">
              <createTable tableName="t"><column name="id" type="int"/></createTable>
              <addColumn tableName="t"><column name="id" type="int"/></addColumn>
            </changeSet>
            """);

    failsAs("generated");
  }

  @Test
  void an_edited_changeset_is_a_conflict_and_one_that_runs_on_change_is_due() {
    xml(sql("1", "", "SELECT 1") + sql("2", "runOnChange=\"true\"", "SELECT 1"));
    assertThat(run("migrate").code()).isZero();

    xml(sql("1", "", "SELECT 1") + sql("2", "runOnChange=\"true\"", "SELECT 2"));
    assertThat(run("migrate").out()).contains("applied  2").doesNotContain("applied  1");

    xml(sql("1", "", "SELECT 2") + sql("2", "runOnChange=\"true\"", "SELECT 2"));
    assertThat(run("migrate").code()).isEqualTo(6);

    xml(
        sql("1", "onValidationFail=\"MARK_RAN\"", "SELECT 2")
            + sql("2", "runOnChange=\"true\"", "SELECT 2"));
    assertThat(run("migrate").out()).contains("nothing to do");
  }

  @Test
  void what_runs_always_runs_with_each_run() {
    xml(
        sql("1", "", "CREATE TABLE t (id int)")
            + sql("2", "runAlways=\"true\"", "INSERT INTO t VALUES (1)"));

    run("migrate");
    run("migrate");

    assertThat(database.rows("SELECT count(*) FROM t")).containsExactly("2");
  }

  @Test
  void an_index_is_built_concurrently_outside_of_a_transaction() {
    xml(
        sql("1", "", "CREATE TABLE t (id int)")
            + sql("2", "runInTransaction=\"false\"", "CREATE INDEX CONCURRENTLY i ON t (id)"));

    assertThat(run("migrate").code()).isZero();
    assertThat(
            database.rows("SELECT statements_done FROM slipway_journal WHERE migration_id = '2'"))
        .containsExactly("1");
  }

  @Test
  void contexts_come_from_the_changelog_and_what_they_leave_out_is_no_surprise() {
    xml(sql("1", "", "SELECT 1") + sql("2", "context=\"test\"", "CREATE TABLE t (id int)"))
        .file("slipway.yaml", "contexts: test\n");
    assertThat(run("migrate").out()).contains("2 applied");

    file("slipway.yaml", "contexts: prod\n");
    Program.Result status = run("status");

    assertThat(status.code()).as(status.toString()).isZero();
    assertThat(status.out()).doesNotContain("unknown");
    assertThat(run("migrate", "--contexts", "test").out()).contains("nothing to do");
  }

  @Test
  void a_process_says_nothing_of_liquibase() throws Exception {
    xml(sql("1", "", "SELECT 1")
            + """
            <changeSet id="2" author="ann">
              <createTable tableName="t"><column name="id" type="int" autoIncrement="true"/></createTable>
              <loadData tableName="t" file="t.csv"><column name="id" type="NUMERIC"/></loadData>
            </changeSet>
            """)
        .file("t.csv", "id\n1\n2\n");

    Program.Result result =
        Program.finish(Program.in(path).with("Gateway", database).start("migrate", "--json"));

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines()).hasSize(1).first().asString().startsWith("{\"databases\":[{");
  }

  @Test
  void a_failure_that_is_allowed_is_a_warning_and_stays_pending() {
    xml(
        sql("1", "failOnError=\"false\"", "SELECT * FROM absent")
            + sql("2", "", "CREATE TABLE t (id int)"));

    Program.Result result = run("migrate");

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err()).contains("warning: ").contains("changelog.xml:2").contains("42P01");
    assertThat(database.history()).containsExactly("2");
  }

  @Test
  void what_is_refused_is_no_matter_once_it_is_applied() {
    xml(
        "<changeSet id=\"1\" author=\"ann\"><customChange class=\"a.B\"/></changeSet>"
            + sql("2", "", "CREATE TABLE t (id int)"));
    assertThat(run("migrate").code()).isEqualTo(3);

    assertThat(run("baseline", "1").code()).isZero();
    assertThat(run("migrate").code()).isZero();
    assertThat(database.history()).containsExactly("1", "2");
  }

  @Test
  void history_is_in_the_order_of_the_changelog() {
    xml(sql("b", "", "SELECT 1") + sql("10", "", "SELECT 1") + sql("9", "", "SELECT 1"));
    assertThat(run("migrate").code()).isZero();
    xml(sql("10", "", "SELECT 1") + sql("9", "", "SELECT 1") + sql("a", "", "SELECT 1"));
    assertThat(run("migrate").code()).isZero();

    assertThat(run("history").out().replaceAll("(?m)  .*$", ""))
        .isEqualTo("b\n10\n9\na\nGateway: 4 in the history\n");
    assertThat(run("history", "--json").out()).matches("(?s).*\"b\",.*\"10\",.*\"9\",.*\"a\",.*");
  }

  @Test
  void a_tag_is_recorded_as_its_migration() {
    xml("<changeSet id=\"v1\" author=\"ann\"><tagDatabase tag=\"v1\"/></changeSet>");

    Program.Result result = run("migrate");

    assertThat(result.err()).isEmpty();
    assertThat(database.history()).containsExactly("v1");
  }
}
