package dev.slipway.changelog.liquibase;

import java.util.LinkedHashSet;
import java.util.Set;
import liquibase.change.ChangeMetaData;
import liquibase.change.DatabaseChange;
import liquibase.change.core.CreateTableChange;
import liquibase.statement.ForeignKeyConstraint;
import liquibase.statement.core.CreateTableStatement;

/// A `createTable` whose foreign keys come in the order of the columns. Liquibase keeps them in a
/// `HashSet` by the addresses of objects, so that their order changes from run to run.
@DatabaseChange(
    name = "createTable",
    description = "Create Table",
    priority = ChangeMetaData.PRIORITY_DEFAULT)
final class OrderedCreateTableChange extends CreateTableChange {
  @Override
  protected CreateTableStatement generateCreateTableStatement() {
    return new OrderedStatement(super.generateCreateTableStatement());
  }

  private static final class OrderedStatement extends CreateTableStatement {
    private final Set<ForeignKeyConstraint> foreignKeys = new LinkedHashSet<>();

    /// @param empty a statement without columns
    OrderedStatement(CreateTableStatement empty) {
      super(
          empty.getCatalogName(),
          empty.getSchemaName(),
          empty.getTableName(),
          empty.getRemarks(),
          empty.getTableType(),
          empty.isIfNotExists(),
          empty.isRowDependencies());
    }

    /// Where Liquibase adds them, and where it reads them.
    @Override
    public Set<ForeignKeyConstraint> getForeignKeyConstraints() {
      return foreignKeys;
    }
  }
}
