package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.util.ArrayList;
import java.util.List;
import liquibase.change.Change;
import liquibase.change.core.AddUniqueConstraintChange;
import liquibase.change.core.AlterSequenceChange;
import liquibase.change.core.DropAllForeignKeyConstraintsChange;
import liquibase.change.core.DropPrimaryKeyChange;
import liquibase.change.core.LoadDataChange;
import liquibase.database.Database;
import liquibase.exception.ValidationErrors;
import liquibase.sql.Sql;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.statement.SqlStatement;
import liquibase.structure.core.Index;
import org.jspecify.annotations.Nullable;

/// Has the SQL of a change written by Liquibase, and writes what Liquibase would ask a database
/// for.
final class ChangeGeneration {
  private final Changeset changeset;
  private final FileFinder finder;
  private final Database database;
  private final List<ChangelogProblem> problems;

  ChangeGeneration(
      Changeset changeset, FileFinder finder, Database database, List<ChangelogProblem> problems) {
    this.changeset = changeset;
    this.finder = finder;
    this.database = database;
    this.problems = problems;
  }

  /// The statements of a change; none if they cannot be generated, with a problem.
  List<String> generate(Node node, Change change) {
    try {
      if (change instanceof AlterSequenceChange sequence && sequence.isOrdered() != null) {
        problem(node, "ordered is not allowed on postgresql", "Take it out.");
        return List.of();
      }
      ValidationErrors errors = change.validate(database);
      if (errors.hasErrors()) {
        problem(
            node,
            "the change \"%s\" is not complete: %s"
                .formatted(node.name(), String.join("; ", errors.getErrorMessages())),
            "Mend it.");
        return List.of();
      }
      return switch (change) {
        case LoadDataChange data -> loaded(node, data);
        case DropAllForeignKeyConstraintsChange keys ->
            List.of(
                RunTimeChanges.dropForeignKeys(
                    table(keys.getBaseTableSchemaName(), keys.getBaseTableName())));
        case DropPrimaryKeyChange key when key.getConstraintName() == null ->
            List.of(RunTimeChanges.dropPrimaryKey(table(key.getSchemaName(), key.getTableName())));
        case AddUniqueConstraintChange unique when unique.getForIndexName() != null ->
            List.of(uniqueByIndex(unique));
        default -> sql(List.of(change.generateStatements(database)));
      };
    } catch (RuntimeException e) {
      problem(
          node,
          "no SQL can be generated for \"%s\": %s".formatted(node.name(), Reason.of(e)),
          "Write it as sql.");
      return List.of();
    }
  }

  private List<String> loaded(Node node, LoadDataChange change) {
    var check = new LoadedDataCheck(change, node, changeset.file(), new NodeCheck(problems));
    return check.isClear()
        ? sql(new LoadedData(change, changeset.file(), finder).statements(database))
        : List.of();
  }

  /// Liquibase writes the columns in front of the index, as Oracle has it.
  private String uniqueByIndex(AddUniqueConstraintChange change) {
    String name = change.getConstraintName();
    return "ALTER TABLE "
        + table(change.getSchemaName(), change.getTableName())
        + " ADD"
        + (name == null ? "" : " CONSTRAINT " + database.escapeConstraintName(name))
        + " UNIQUE USING INDEX "
        + database.escapeObjectName(change.getForIndexName(), Index.class)
        + (Boolean.TRUE.equals(change.getDeferrable()) ? " DEFERRABLE" : "")
        + (Boolean.TRUE.equals(change.getInitiallyDeferred()) ? " INITIALLY DEFERRED" : "");
  }

  /// The name of a table as it stands in generated SQL.
  private String table(@Nullable String schema, String name) {
    return database.escapeTableName(null, schema, name);
  }

  private List<String> sql(List<? extends SqlStatement> statements) {
    List<String> pieces = new ArrayList<>();
    for (SqlStatement statement : statements) {
      Sql[] generated = SqlGeneratorFactory.getInstance().generateSql(statement, database);
      for (Sql sql : generated == null ? new Sql[0] : generated) {
        pieces.add(RunTimeChanges.requoted(sql.toSql()));
      }
    }
    return pieces;
  }

  private void problem(Node node, String message, String hint) {
    problems.add(
        new ChangelogProblem(new Origin(changeset.file().shown(), node.line()), message, hint));
  }
}
