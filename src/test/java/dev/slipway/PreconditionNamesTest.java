package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.Folder;
import dev.slipway.testing.Golden;
import dev.slipway.testing.LiquibaseRun;
import dev.slipway.testing.TestDatabase;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Preconditions that ask for objects by name, in each letter case and under each strategy of
/// quoting, are answered as Liquibase answers them; where not, differences.txt says why.
@Tag("slow")
class PreconditionNamesTest {
  private static final String OBJECTS =
      """
      CREATE TABLE orders (
          id int CONSTRAINT pk_orders PRIMARY KEY,
          name text CONSTRAINT uq_orders UNIQUE,
          "Mixed" text CONSTRAINT "Uq_Orders2" UNIQUE,
          "UPPER" text CONSTRAINT "UQ_ORDERS3" UNIQUE,
          "user" text
      );
      CREATE INDEX ix_orders ON orders (name, id);
      CREATE INDEX "Ix_Orders2" ON orders ("Mixed", name);
      CREATE INDEX "IX_ORDERS3" ON orders ("UPPER", "user");
      CREATE INDEX ix_expression ON orders (lower(name), id);
      CREATE INDEX ix_descending ON orders (id DESC, "user");
      CREATE INDEX ix_including ON orders ("user") INCLUDE (id);
      CREATE TABLE "Customers" (
          id int CONSTRAINT "Pk_Customers" PRIMARY KEY,
          a int CONSTRAINT "Fk_Customers" REFERENCES orders,
          b int CONSTRAINT fk_customers2 REFERENCES orders
      );
      CREATE TABLE "ITEMS" (
          id int CONSTRAINT "PK_ITEMS" PRIMARY KEY,
          a int CONSTRAINT "FK_ITEMS" REFERENCES orders
      );
      CREATE TABLE "user" (id int PRIMARY KEY);
      CREATE TABLE "my-table" (id int PRIMARY KEY);
      CREATE TABLE "1table" (id int PRIMARY KEY);
      CREATE TABLE "a b" (id int PRIMARY KEY);
      CREATE TABLE parts (id int CONSTRAINT pk_parts PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE VIEW "Seen" AS SELECT 1 AS one;
      CREATE VIEW "SEEN2" AS SELECT 1 AS one;
      CREATE MATERIALIZED VIEW stored AS SELECT 1 AS one;
      CREATE INDEX ix_stored ON stored (one);
      CREATE SEQUENCE "Counter";
      CREATE SEQUENCE "end";
      """;

  private static final List<String> SCHEMAS = List.of("app", "UPPER", "Solo", "select");

  private static final List<String> STRATEGIES =
      List.of("LEGACY", "QUOTE_ALL_OBJECTS", "QUOTE_ONLY_RESERVED_WORDS");

  private static final String NONE = "answers otherwise, without a reason";
  private static final List<Reason> REASONS =
      List.of(
          new Reason(
              "finds an index without its table in the current schema only",
              ".*<indexExists indexName='\\w+' schemaName='\\w+'/>"),
          new Reason(
              "looks in lower case for a schema that it wrote in capitals or mixed case",
              ".*schemaName='(UPPER|Solo|APP)'.*"),
          new Reason("finds no index of a materialized view", ".*indexName='ix_stored'.*"),
          new Reason(
              "finds no index by its columns where one of them descends", ".*'id DESC,user'.*"),
          new Reason(
              "folds the name of the constraint whose columns it looks up",
              ".*<uniqueConstraintExists tableName='orders' columnNames='\\w+'/>"));

  @TempDir private Path path;

  /// Why an answer other than Liquibase's is kept.
  ///
  /// @param questions a pattern of those that it is given to
  record Reason(String text, String questions) {}

  /// A precondition under a strategy of quoting.
  record Question(String strategy, String xml) {
    @Override
    public String toString() {
      return strategy + " " + xml;
    }

    /// Fits into the name of a table.
    String id() {
      return "q%08x".formatted(toString().hashCode());
    }

    String changeset() {
      return """
          <changeSet id="%s" author="ann" objectQuotingStrategy="%s">
            <preConditions onFail="CONTINUE" onError="MARK_RAN">%s</preConditions>
            <sql>CREATE TABLE %1$s ()</sql>
          </changeSet>
          """
          .formatted(id(), strategy, xml);
    }
  }

  /// What a database tells of the answers: a table was made, or nothing but a row of the history.
  record Answers(Set<String> made, Set<String> recorded) {
    static Answers of(TestDatabase database, String history) {
      return new Answers(
          new HashSet<>(database.rows("SELECT relname FROM pg_class WHERE relname ~ '^q'")),
          new HashSet<>(database.rows(history)));
    }

    String to(Question question) {
      return made.contains(question.id())
          ? "holds"
          : recorded.contains(question.id()) ? "error" : "fails";
    }
  }

  private static Stream<String> spellings(String... names) {
    return Stream.of(names)
        .flatMap(
            name ->
                Stream.of(
                    name,
                    name.toLowerCase(Locale.ROOT),
                    name.toUpperCase(Locale.ROOT),
                    name.substring(0, 1).toUpperCase(Locale.ROOT)
                        + name.substring(1).toLowerCase(Locale.ROOT)))
        .distinct();
  }

  private static Stream<String> each(Stream<String> names, String... forms) {
    return names.flatMap(
        name -> Stream.of(forms).map(form -> "<" + form.replace("?", name) + "/>"));
  }

  private static Stream<String> tables() {
    return Stream.concat(
        each(
            Stream.concat(
                spellings("orders", "Customers", "ITEMS", "user", "my-table", "1table", "a b"),
                Stream.of("&quot;orders&quot;", "parts", "stored", "ord%")),
            "tableExists tableName='?'",
            "rowCount tableName='?' expectedRows='0'",
            "primaryKeyExists tableName='?'"),
        each(
            spellings("Customers"),
            "tableIsEmpty tableName='?'",
            "columnExists tableName='?' columnName='id'",
            "foreignKeyConstraintExists foreignKeyTableName='?' foreignKeyName='fk_customers2'"));
  }

  private static Stream<String> columns() {
    return Stream.concat(
        each(
            spellings("Mixed", "UPPER", "user"),
            "columnExists tableName='orders' columnName='?'",
            "uniqueConstraintExists tableName='orders' columnNames='?'"),
        each(
            Stream.of(
                "name,id",
                "NAME , ID",
                "id,name",
                "Mixed,name",
                "mixed,name",
                "name",
                "name,id ",
                "lower(name),id",
                "id,user",
                "id DESC,user",
                "user",
                "user,id"),
            "indexExists tableName='orders' columnNames='?'"));
  }

  private static Stream<String> othersByName() {
    return Stream.of(
            each(spellings("Seen", "SEEN2", "stored"), "viewExists viewName='?'"),
            each(spellings("Counter", "end"), "sequenceExists sequenceName='?'"),
            each(
                spellings("ix_orders", "Ix_Orders2", "IX_ORDERS3"),
                "indexExists indexName='?'",
                "indexExists indexName='?' tableName='orders' columnNames='user'",
                "indexExists indexName='?' tableName='user'",
                "indexExists indexName='?' columnNames='user'"),
            each(Stream.of("pk_orders", "ix_stored"), "indexExists indexName='?'"),
            each(
                spellings("uq_orders", "Uq_Orders2", "UQ_ORDERS3", "pk_orders"),
                "uniqueConstraintExists tableName='orders' constraintName='?'",
                "uniqueConstraintExists tableName='user' constraintName='?'"),
            each(
                spellings("pk_orders", "Pk_Customers", "PK_ITEMS", "uq_orders"),
                "primaryKeyExists primaryKeyName='?'",
                "primaryKeyExists primaryKeyName='?' tableName='orders'"),
            each(
                spellings("fk_customers2", "Fk_Customers", "FK_ITEMS", "pk_orders"),
                "foreignKeyConstraintExists foreignKeyName='?'",
                "foreignKeyConstraintExists foreignKeyName='?' foreignKeyTableName='Customers'"))
        .flatMap(questions -> questions);
  }

  private static Stream<String> schemas() {
    return Stream.concat(
        each(
            spellings(SCHEMAS.toArray(String[]::new)),
            "tableExists tableName='far' schemaName='?'",
            "rowCount tableName='far' expectedRows='0' schemaName='?'",
            "sequenceExists sequenceName='counter' schemaName='?'",
            "columnExists tableName='far' columnName='n' schemaName='?'"),
        each(
            Stream.of("app", "APP", "Solo", "select"),
            "indexExists indexName='ix_far' schemaName='?'",
            "indexExists indexName='ix_far' tableName='far' schemaName='?'",
            "primaryKeyExists tableName='far' schemaName='?'",
            "uniqueConstraintExists tableName='far' columnNames='n' schemaName='?'"));
  }

  private static List<Question> questions() {
    List<String> all =
        Stream.of(tables(), columns(), othersByName(), schemas())
            .flatMap(questions -> questions)
            .toList();
    return STRATEGIES.stream()
        .flatMap(strategy -> all.stream().map(xml -> new Question(strategy, xml)))
        .toList();
  }

  @Test
  void names_mean_what_they_mean_to_liquibase() throws Exception {
    List<Question> questions = questions();
    write(questions);
    Answers ours = askSlipway();
    Answers theirs = askLiquibase();

    String differences = differences(questions, ours, theirs);
    assertThat(differences).doesNotContain(NONE);
    Golden.check("liquibase/preconditions/differences.txt", differences);
  }

  private void write(List<Question> questions) {
    var text = new StringBuilder("<databaseChangeLog>\n");
    questions.forEach(question -> text.append(question.changeset()));
    new Folder(path)
        .write("changelog/changelog.xml", text.append("</databaseChangeLog>\n").toString());
  }

  private static TestDatabase database() {
    TestDatabase database = TestDatabase.create();
    database.executeAsOwner(OBJECTS);
    SCHEMAS.forEach(schema -> database.executeAsOwner(inSchema(schema)));
    return database;
  }

  private static String inSchema(String schema) {
    return """
      CREATE SCHEMA "%1$s";
      CREATE TABLE "%1$s".far (id int PRIMARY KEY, n int CONSTRAINT uq_far UNIQUE);
      CREATE INDEX ix_far ON "%1$s".far (n, id);
      CREATE SEQUENCE "%1$s".counter;
      """
        .formatted(schema);
  }

  private Answers askSlipway() {
    try (var database = database()) {
      Program.Result result = Program.in(path).with("Gateway", database).run("migrate");

      assertThat(result.code()).as(result.toString()).isZero();
      return Answers.of(database, "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"");
    }
  }

  private Answers askLiquibase() throws Exception {
    try (var database = database()) {
      LiquibaseRun.update(database, path.resolve("changelog"), "changelog.xml");

      return Answers.of(database, "SELECT id FROM databasechangelog");
    }
  }

  private static String differences(List<Question> questions, Answers ours, Answers theirs) {
    return questions.stream()
        .filter(question -> !ours.to(question).equals(theirs.to(question)))
        .collect(
            Collectors.groupingBy(
                PreconditionNamesTest::reason,
                TreeMap::new,
                Collectors.mapping(
                    question ->
                        "%s: %s here, %s there\n"
                            .formatted(question, ours.to(question), theirs.to(question)),
                    Collectors.joining())))
        .entrySet()
        .stream()
        .map(entry -> "Liquibase " + entry.getKey() + ":\n" + entry.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static String reason(Question question) {
    return REASONS.stream()
        .filter(reason -> question.toString().matches(reason.questions()))
        .map(Reason::text)
        .findFirst()
        .orElse(NONE);
  }
}
