package dev.slipway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The same changes as [Workload]'s, as Liquibase changelogs in each of its syntaxes, of changes
/// that Liquibase writes the SQL for.
final class LiquibaseWorkload {
  /// As many changesets stand in one included file.
  private static final int FILE = 100;

  private final Path folder;
  private final int count;

  /// How a changelog is written.
  enum Syntax {
    XML("xml"),
    YAML("yaml"),
    JSON("json"),
    SQL("sql");

    private final String suffix;

    Syntax(String suffix) {
      this.suffix = suffix;
    }

    String suffix() {
      return suffix;
    }
  }

  LiquibaseWorkload(Path folder, int count) throws IOException {
    this.folder = folder;
    this.count = count;
    for (Syntax syntax : Syntax.values()) {
      write(syntax);
    }
  }

  int count() {
    return count;
  }

  /// The folder that holds the changelog as `changelog/changelog.<suffix>`.
  Path folder(Syntax syntax) {
    return folder.resolve(syntax.suffix());
  }

  private void write(Syntax syntax) throws IOException {
    Path changelog = Files.createDirectories(folder(syntax).resolve("changelog"));
    Path root = changelog.resolve("changelog." + syntax.suffix());
    if (syntax == Syntax.SQL) {
      Files.writeString(root, sql());
      return;
    }
    List<String> includes = new ArrayList<>();
    for (int from = 0; from < count; from += FILE) {
      String name = "part%03d.%s".formatted(from / FILE, syntax.suffix());
      Files.writeString(changelog.resolve(name), part(syntax, from, Math.min(from + FILE, count)));
      includes.add(include(syntax, name));
    }
    Files.writeString(root, whole(syntax, includes));
  }

  private static String include(Syntax syntax, String name) {
    return switch (syntax) {
      case XML -> "<include file=\"%s\"/>".formatted(name);
      case YAML -> "  - include: {file: %s}".formatted(name);
      case JSON -> "{\"include\": {\"file\": \"%s\"}}".formatted(name);
      case SQL -> throw new IllegalArgumentException("formatted SQL includes nothing");
    };
  }

  private static String whole(Syntax syntax, List<String> parts) {
    return switch (syntax) {
      case XML ->
          """
          <databaseChangeLog
              xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
              xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
              xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
                  http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
          """
              + String.join("\n", parts)
              + "\n</databaseChangeLog>\n";
      case YAML -> "databaseChangeLog:\n" + String.join("\n", parts) + "\n";
      case JSON -> "{\"databaseChangeLog\": [\n" + String.join(",\n", parts) + "\n]}\n";
      case SQL -> "--liquibase formatted sql\n" + String.join("\n", parts) + "\n";
    };
  }

  private static String part(Syntax syntax, int from, int to) {
    List<String> changesets = new ArrayList<>();
    for (int i = from; i < to; i++) {
      changesets.add(changeset(syntax, i));
    }
    return whole(syntax, changesets);
  }

  private String sql() {
    return part(Syntax.SQL, 0, count);
  }

  private static String id(int number) {
    return "2020%010d_Change%d".formatted(number, number);
  }

  private static String changeset(Syntax syntax, int number) {
    String orders = "customer_orders_" + number / 10;
    return switch (syntax) {
      case XML ->
          """
            <changeSet id="%s" author="bench">
              <comment>What the customer pays for this order, in the currency of the region.</comment>
              %s
            </changeSet>"""
              .formatted(id(number), xml(number, orders));
      case YAML ->
          """
            - changeSet:
                id: %s
                author: bench
                comment: What the customer pays for this order, in the currency of the region.
                changes:
                  - %s"""
              .formatted(id(number), json(number, orders));
      case JSON ->
          """
          {"changeSet": {
            "id": "%s",
            "author": "bench",
            "comment": "What the customer pays for this order, in the currency of the region.",
            "changes": [
              %s
            ]
          }}"""
              .formatted(id(number), json(number, orders));
      case SQL ->
          """
          --changeset bench:%s
          --comment: What the customer pays for this order, in the currency of the region.
          %s;
          """
              .formatted(id(number), statement(number, orders));
    };
  }

  private static String xml(int number, String orders) {
    return switch (number % 10) {
      case 0 ->
          """
          <createTable tableName="%s">
                <column name="id" type="bigint" autoIncrement="true">
                  <constraints primaryKey="true" nullable="false"/>
                </column>
                <column name="reference" type="varchar(60)">
                  <constraints nullable="false"/>
                </column>
              </createTable>"""
              .formatted(orders);
      case 3, 7 ->
          """
          <insert tableName="%s">
                <column name="reference" value="acceptance-%d"/>
              </insert>"""
              .formatted(orders, number);
      case 5, 9 ->
          """
          <createIndex tableName="%s" indexName="ix_%1$s_%d">
                <column name="reference"/>
              </createIndex>"""
              .formatted(orders, number);
      default ->
          """
          <addColumn tableName="%s">
                <column name="amount_%d_cents" type="bigint"/>
              </addColumn>"""
              .formatted(orders, number);
    };
  }

  /// One line, which is YAML, too.
  private static String json(int number, String orders) {
    return switch (number % 10) {
      case 0 ->
          """
          {"createTable": {"tableName": "%s", "columns": [\
          {"column": {"name": "id", "type": "bigint", "autoIncrement": true, \
          "constraints": {"primaryKey": true, "nullable": false}}}, \
          {"column": {"name": "reference", "type": "varchar(60)", \
          "constraints": {"nullable": false}}}]}}"""
              .formatted(orders);
      case 3, 7 ->
          """
          {"insert": {"tableName": "%s", "columns": [\
          {"column": {"name": "reference", "value": "acceptance-%d"}}]}}"""
              .formatted(orders, number);
      case 5, 9 ->
          """
          {"createIndex": {"tableName": "%s", "indexName": "ix_%1$s_%d", "columns": [\
          {"column": {"name": "reference"}}]}}"""
              .formatted(orders, number);
      default ->
          """
          {"addColumn": {"tableName": "%s", "columns": [\
          {"column": {"name": "amount_%d_cents", "type": "bigint"}}]}}"""
              .formatted(orders, number);
    };
  }

  private static String statement(int number, String orders) {
    return switch (number % 10) {
      case 0 ->
          """
          CREATE TABLE %s (
              id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
              reference varchar(60) NOT NULL
          )"""
              .formatted(orders);
      case 3, 7 -> "INSERT INTO %s (reference) VALUES ('acceptance-%d')".formatted(orders, number);
      case 5, 9 -> "CREATE INDEX ix_%s_%d ON %1$s (reference)".formatted(orders, number);
      default ->
          "ALTER TABLE %s ADD COLUMN amount_%d_cents bigint".formatted(orders, number);
    };
  }
}
