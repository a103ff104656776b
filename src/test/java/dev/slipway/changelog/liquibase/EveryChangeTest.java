package dev.slipway.changelog.liquibase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Program;
import dev.slipway.testing.Catalog;
import dev.slipway.testing.Golden;
import dev.slipway.testing.TestDatabase;
import dev.slipway.testing.TestServer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import liquibase.change.AddColumnConfig;
import liquibase.change.ChangeParameterMetaData;
import liquibase.change.ColumnConfig;
import liquibase.change.ConstraintsConfig;
import liquibase.change.core.LoadDataColumnConfig;
import liquibase.exception.LiquibaseException;
import liquibase.serializer.LiquibaseSerializable.SerializationType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each type of change that Liquibase registers, with each of its parameters. A case is a changelog
/// in `liquibase/changes`, and beside it the database that it makes; tables go to the first schema
/// of the search path, which is not `public`. Liquibase itself is the second opinion.
final class EveryChangeTest {
  private static final String CASES = "liquibase/changes/";

  private static final String XML = ".xml";

  /// The case whose parameters are all refused.
  private static final String REFUSED_CASE = "refused";

  /// Types that may be refused.
  static final Set<String> REFUSED = Set.of("customChange", "executeCommand");

  /// Parameters that mean nothing to PostgreSQL, nor to Liquibase there: accepted, without effect.
  private static final Map<String, String> WITHOUT_EFFECT =
      Map.ofEntries(
          Map.entry("catalogName", "no statement names another database"),
          Map.entry("baseTableCatalogName", "no statement names another database"),
          Map.entry("referencedTableCatalogName", "no statement names another database"),
          Map.entry("existingTableCatalogName", "no statement names another database"),
          Map.entry("newTableCatalogName", "no statement names another database"),
          Map.entry("forIndexCatalogName", "Oracle's USING INDEX"),
          Map.entry("forIndexSchemaName", "Oracle's USING INDEX"),
          Map.entry("rowDependencies", "Oracle's ROWDEPENDENCIES"),
          Map.entry("disabled", "Oracle's DISABLE"),
          Map.entry("validateNullable", "Oracle's NOVALIDATE"),
          Map.entry("validateUnique", "Oracle's NOVALIDATE"),
          Map.entry("validatePrimaryKey", "Oracle's NOVALIDATE"),
          Map.entry("defaultValueConstraintName", "SQL Server's; PostgreSQL's defaults have none"),
          Map.entry("defaultOnNull", "Oracle's DEFAULT ON NULL"),
          Map.entry("dropIndex", "Oracle's DROP INDEX"),
          Map.entry("uniqueColumns", "SQL Anywhere's"),
          Map.entry("referencesUniqueColumn", "deprecated, and not read"),
          Map.entry("included", "for Liquibase's own snapshots"),
          Map.entry("columnParentType", "SQL Server's"),
          Map.entry("keepTagOnRollback", "nothing is rolled back"),
          Map.entry("ignoreOriginalSplitStatements", "of checksums only"),
          Map.entry("sqlStartLine", "of messages only"),
          Map.entry("sqlEndLine", "of messages only"));

  /// Parameters that Liquibase itself does not let through on PostgreSQL.
  private static final Map<String, String> REFUSED_PARAMETERS =
      Map.of(
          "afterColumn", "columns are added at the end",
          "beforeColumn", "columns are added at the end",
          "position", "columns are added at the end",
          "ordered", "PostgreSQL's CREATE SEQUENCE has no ORDER",
          "rawDateValue", "Liquibase cannot read it",
          "loadType", "Liquibase does not read it; type says it");

  /// Where Liquibase does something else, and why that is not done here.
  private static final Map<String, String> DIFFERENT_IN_LIQUIBASE =
      Map.of(
          "addUniqueConstraint-beyond", "it names the columns in front of the index, as for Oracle",
          "dropAllForeignKeyConstraints-beyond", "it finds no keys in a schema of mixed case",
          "insert-beyond", "it sends a sequence beside a large object as the name of a column",
          "loadData-beyond", "it sends a sequence beside a large object as the name of a column",
          "loadUpdateData-beyond", "it writes names of files; two dollars end its block",
          "sqlFile-beyond", "it splits inside of dollar quotes");

  private static TestDatabase database;
  private static TestDatabase peer;

  @BeforeAll
  static void create_the_databases() throws Exception {
    try (var connection = DriverManager.getConnection(TestServer.newest().url("postgres"));
        var statement = connection.createStatement()) {
      statement.execute("SET allow_in_place_tablespaces = on");
      statement.execute("CREATE TABLESPACE walk LOCATION ''");
      statement.execute("GRANT CREATE ON TABLESPACE walk TO PUBLIC");
    }
    database = TestDatabase.create();
    peer = TestDatabase.create();
  }

  @AfterAll
  static void drop_the_databases() {
    database.close();
    peer.close();
    TestServer.newest().administer("DROP TABLESPACE walk");
  }

  static List<String> cases() {
    return Cases.in(CASES);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_change_has_its_effect_and_the_same_as_in_liquibase(String name) throws Exception {
    clear(database);

    Program.Result result = migrate(name);

    assertThat(result.code()).as(result.toString()).isEqualTo(expectedCode(name));
    String ours = text(database);
    String said = result.toString().replace(Cases.ROOT.toAbsolutePath() + "/", "");
    Golden.check(CASES + name + ".txt", said + "--- database\n" + ours);
    if (result.code() == 0) {
      compareWithLiquibase(name, ours);
    }
  }

  private static void compareWithLiquibase(String name, String ours) throws Exception {
    clear(peer);
    String reason = DIFFERENT_IN_LIQUIBASE.getOrDefault(name, "");
    Optional<LiquibaseException> failure =
        LiquibaseItself.update(peer, "app", Cases.ROOT, CASES + name + XML);
    if (reason.isEmpty()) {
      assertThat(failure).isEmpty();
      assertThat(text(peer)).as("what Liquibase does").isEqualTo(ours);
    } else {
      assertThat(text(peer)).as(reason).isNotEqualTo(ours);
    }
  }

  private static int expectedCode(String name) {
    if (REFUSED.contains(name) || name.equals(REFUSED_CASE)) {
      return 3;
    }
    return name.equals("stop") ? 7 : 0;
  }

  private static Program.Result migrate(String name) {
    return Program.in(Path.of("").toAbsolutePath())
        .with("ConnectionStrings__Gateway", database.connectionString(";Search Path=app"))
        .run("--changelog", file(name));
  }

  private static String file(String name) {
    return Cases.ROOT.resolve(CASES + name + ".xml").toString();
  }

  private static String text(TestDatabase of) {
    return Catalog.schema(of) + "\n" + Catalog.contents(of) + "\n";
  }

  private static void clear(TestDatabase of) {
    of.executeAsOwner(
        """
        DROP SCHEMA IF EXISTS app, "Other" CASCADE; CREATE SCHEMA app; CREATE SCHEMA "Other";""");
  }

  @Test
  void each_type_has_a_case() {
    assertThat(cases()).containsAll(Registered.changes());
  }

  static Set<String> types() {
    return Registered.changes();
  }

  @ParameterizedTest
  @MethodSource("types")
  void each_parameter_of_a_type_stands_in_a_case(String type) {
    Set<String> parameters =
        Registered.parameters(type).values().stream()
            .filter(parameter -> parameter.getSerializationType() != SerializationType.DIRECT_VALUE)
            .map(ChangeParameterMetaData::getParameterName)
            .map(name -> name.equals("columns") ? "column" : name)
            .collect(Collectors.toSet());

    assertThat(namesBelow(node -> node.name().equals(type))).containsAll(parameters);
  }

  @Test
  void each_field_of_columns_and_constraints_stands_in_a_case() {
    assertThat(namesBelow(node -> node.is("column"))).containsAll(columnFields());
    assertThat(namesBelow(node -> node.is("constraints")))
        .containsAll(Registered.fields(new ConstraintsConfig()));
  }

  private static Set<String> columnFields() {
    Set<String> fields = Registered.fields(new ColumnConfig());
    fields.addAll(Registered.fields(new AddColumnConfig()));
    fields.addAll(Registered.fields(new LoadDataColumnConfig()));
    return fields;
  }

  private static Set<String> namesBelow(Predicate<Node> wanted) {
    return cases().stream()
        .flatMap(name -> Cases.nodes(Path.of(file(name))))
        .filter(wanted)
        .flatMap(node -> node.children().stream())
        .map(Node::name)
        .collect(Collectors.toSet());
  }

  @Test
  void the_lists_hold_nothing_that_liquibase_does_not_know() {
    Set<String> known = columnFields();
    known.addAll(Registered.fields(new ConstraintsConfig()));
    types().forEach(type -> known.addAll(Registered.parameters(type).keySet()));

    assertThat(LeftOut.ALL)
        .allSatisfy(
            leftOut -> {
              assertThat(types()).contains(leftOut.change());
              assertThat(known).contains(leftOut.attribute());
            });
    assertThat(known).containsAll(WITHOUT_EFFECT.keySet()).containsAll(REFUSED_PARAMETERS.keySet());
    assertThat(types()).containsAll(REFUSED);
    assertThat(cases()).containsAll(DIFFERENT_IN_LIQUIBASE.keySet());
  }

  @Test
  void what_is_left_out_as_in_liquibase_is_said() {
    clear(database);
    String ofCreating = migrate("createTable").err();
    clear(database);
    String ofAdding = migrate("addColumn").err();

    assertThat(LeftOut.ALL)
        .allSatisfy(
            leftOut ->
                assertThat(ofCreating + ofAdding)
                    .contains(
                        "%s of %s has no effect".formatted(leftOut.attribute(), leftOut.change())));
  }

  @Test
  void each_refused_parameter_is_named() {
    clear(database);

    String err = migrate(REFUSED_CASE).err().toLowerCase(Locale.ROOT);

    assertThat(REFUSED_PARAMETERS.keySet())
        .allSatisfy(name -> assertThat(err).contains(name.toLowerCase(Locale.ROOT)));
  }

  @Test
  void the_counts() {
    System.out.printf(
        "changes: %s; preconditions: %s; attributes: %s%n",
        count(Registered.changes(), REFUSED),
        count(Registered.preconditions().keySet(), EveryPreconditionTest.REFUSED),
        count(Registered.attributes(), EveryAttributeTest.REFUSED));
  }

  private static String count(Set<String> registered, Set<String> refused) {
    return "%d honoured, %d refused".formatted(registered.size() - refused.size(), refused.size());
  }
}
