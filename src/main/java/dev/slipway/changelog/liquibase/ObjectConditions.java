package dev.slipway.changelog.liquibase;

import dev.slipway.migration.Condition;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Preconditions that ask for an object of the database by its name. Each kind has its own way of
/// reading names, as Liquibase has it.
record ObjectConditions(Names names) {
  /// Blanks around a list of names are part of the names.
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

  Condition tableExists(Attributes of) {
    of.allow("catalogName", "schemaName", "tableName");
    String name = of.require("tableName");
    return relation("table", name, "relkind IN ('r', 'p', 'f')", isInSchema(of), isRelation(name));
  }

  Condition viewExists(Attributes of) {
    of.allow("catalogName", "schemaName", "viewName");
    String name = of.require("viewName");
    return relation(
        "view",
        name,
        "relkind = 'v'",
        isInSchema(of),
        CatalogSql.isNamedInAnyCase("c.relname", name));
  }

  /// Liquibase asks by a query of its own, that knows the schema in its very letters.
  Condition sequenceExists(Attributes of) {
    of.allow("catalogName", "schemaName", "sequenceName");
    String name = of.require("sequenceName");
    return relation(
        "sequence",
        name,
        "relkind = 'S'",
        isInSchema(of, schema -> CatalogSql.isNamed("n.nspname", schema)),
        CatalogSql.isNamedInAnyCase("c.relname", name));
  }

  private static Condition relation(
      String what, String name, String kind, String isInSchema, String isNamed) {
    return new Condition.Holds(
        CatalogSql.exists("pg_class AS c", "c." + kind, isInSchema, isNamed),
        "%s \"%s\" exists".formatted(what, name));
  }

  /// Whatever the letter case, and of any relation, as Liquibase's query for PostgreSQL has it.
  Condition columnExists(Attributes of) {
    of.allow("catalogName", "schemaName", "tableName", "columnName");
    String table = of.require("tableName");
    String column = of.require("columnName");
    return new Condition.Holds(
        CatalogSql.exists(
            "pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid",
            "NOT a.attisdropped",
            isInSchema(of, schema -> CatalogSql.isNamedInAnyCase("n.nspname", schema)),
            CatalogSql.isNamedInAnyCase("c.relname", table),
            CatalogSql.isNamedInAnyCase("a.attname", column)),
        "column \"%s\" of table \"%s\" exists".formatted(column, table));
  }

  Condition indexExists(Attributes of) {
    of.allow("catalogName", "schemaName", "tableName", "columnNames", "indexName");
    String index = of.text("indexName");
    String table = of.text("tableName");
    String columns = of.text("columnNames");
    if (index.isEmpty() && (table.isEmpty() || columns.isEmpty())) {
      of.refuse(
          "indexExists without an indexName, or a tableName with columnNames", "Name the index.");
    }
    return new Condition.Holds(
        CatalogSql.exists(
            "pg_index AS i JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid"
                + " JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid",
            isInSchema(of),
            index.isEmpty() ? "" : isIndex(index),
            table.isEmpty() ? "" : isRelation(table),
            hasColumns(index, table, columns)),
        "index %s exists".formatted(quoted(index, table, columns)));
  }

  /// Of an index that is named, no more than the number of its columns counts, and only where its
  /// table is not named.
  private static String hasColumns(String index, String table, String columns) {
    if (columns.isEmpty()) {
      return "";
    }
    String[] all = COMMA.split(columns, -1);
    if (index.isEmpty()) {
      return CatalogSql.areParts(all);
    }
    return table.isEmpty() ? "i.indnatts = " + all.length : "";
  }

  /// Liquibase takes the index's own name for one that a changelog writes, and folds it, too.
  private String isIndex(String name) {
    String folded = names.inCatalog(name);
    String capitals = folded.toUpperCase(Locale.ROOT);
    if (names.quoting().equals(Quoting.RESERVED_WORDS)) {
      return CatalogSql.isNamedInAnyCase("x.relname", folded);
    }
    return names.inCatalog(capitals).equals(folded)
        ? CatalogSql.isNamed("x.relname", folded, capitals)
        : CatalogSql.isNamed("x.relname", folded);
  }

  Condition primaryKeyExists(Attributes of) {
    of.allow("catalogName", "schemaName", "tableName", "primaryKeyName");
    String name = of.text("primaryKeyName");
    String table = of.text("tableName");
    if (name.isEmpty() && table.isEmpty()) {
      of.refuse("primaryKeyExists without primaryKeyName and tableName", "Name one of them.");
    }
    return constraint(
        of,
        "primary key " + quoted(name, table, ""),
        "k.contype = 'p'",
        name.isEmpty() ? "" : CatalogSql.isNamedInAnyCase("k.conname", name),
        table);
  }

  Condition foreignKeyExists(Attributes of) {
    of.allow("catalogName", "schemaName", "foreignKeyTableName", "foreignKeyName");
    String name = of.require("foreignKeyName");
    String table = of.text("foreignKeyTableName");
    return constraint(
        of,
        "foreign key " + quoted(name, table, ""),
        "k.contype = 'f'",
        CatalogSql.isNamedInAnyCase("k.conname", name),
        table);
  }

  /// By name, Liquibase finds a primary key, too, and does not look at columns.
  Condition uniqueConstraintExists(Attributes of) {
    of.allow("catalogName", "schemaName", "tableName", "columnNames", "constraintName");
    String name = of.text("constraintName");
    String table = of.require("tableName");
    String columns = of.text("columnNames");
    if (name.isEmpty() && columns.isEmpty()) {
      of.refuse(
          "uniqueConstraintExists without constraintName and columnNames", "Name one of them.");
    }
    return constraint(
        of,
        "unique constraint " + quoted(name, table, columns),
        name.isEmpty() ? "k.contype = 'u'" : "k.contype IN ('u', 'p')",
        name.isEmpty()
            ? CatalogSql.areColumns("k.conrelid", "k.conkey", COMMA.split(columns.strip(), -1))
            : CatalogSql.isNamed("k.conname", names.inCatalog(name)),
        table);
  }

  private Condition constraint(
      Attributes of, String what, String type, String which, String table) {
    return new Condition.Holds(
        CatalogSql.exists(
            "pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid",
            type,
            isInSchema(of),
            which,
            table.isEmpty() ? "" : isRelation(table)),
        what + " exists");
  }

  private static String quoted(String name, String table, String columns) {
    return (name.isEmpty() ? "" : "\"" + name + "\"")
        + (table.isEmpty() ? "" : (name.isEmpty() ? "" : " ") + "of table \"" + table + "\"")
        + (columns.isEmpty() ? "" : " (" + columns + ")");
  }

  Condition rowCount(Attributes of) {
    of.allow("catalogName", "schemaName", "tableName", "expectedRows");
    String rows = of.require("expectedRows");
    if (!rows.matches("\\d{1,18}")) {
      of.refuseValue("expectedRows", rows, "a number of rows");
      rows = "0";
    }
    return new Condition.Holds(
        "(SELECT count(*) FROM %s) = %s".formatted(table(of), rows),
        "table \"%s\" has %s rows".formatted(of.text("tableName"), rows));
  }

  Condition tableIsEmpty(Attributes of) {
    of.allow("catalogName", "schemaName", "tableName");
    return new Condition.Holds(
        "NOT EXISTS (SELECT 1 FROM %s)".formatted(table(of)),
        "table \"%s\" is empty".formatted(of.text("tableName")));
  }

  private String table(Attributes of) {
    String schema = of.text("schemaName");
    String name = of.require("tableName");
    return (schema.isEmpty() ? "" : names.quoted(schema) + ".")
        + (name.isEmpty() ? "" : names.quoted(name));
  }

  /// Liquibase writes the name of a schema as it is, but looks for it in lower case; here both are
  /// meant.
  private String isInSchema(Attributes of) {
    return isInSchema(
        of,
        schema ->
            CatalogSql.isNamed(
                "n.nspname", names.inCatalog(schema), schema.toLowerCase(Locale.ROOT)));
  }

  /// Whether the relation `c` is in the schema that is named, or else in the current one.
  private static String isInSchema(Attributes of, UnaryOperator<String> isNamed) {
    String schema = of.text("schemaName");
    return CatalogSql.isInSchema(
        schema.isEmpty() ? "n.nspname = current_schema()" : isNamed.apply(schema));
  }

  private String isRelation(String name) {
    return CatalogSql.isNamed("c.relname", names.inCatalog(name));
  }
}
