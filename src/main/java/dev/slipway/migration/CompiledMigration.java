package dev.slipway.migration;

import dev.slipway.sql.Problem;
import dev.slipway.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A migration with its statements, each of which can be sent.
///
/// @param files for each statement, the file that it stands in
/// @param remarks what its author wrote and no statement does
public record CompiledMigration(
    Migration migration,
    List<Statement> statements,
    List<String> files,
    Optional<Precondition> precondition,
    List<Remark> remarks) {

  public CompiledMigration {
    statements = List.copyOf(statements);
    files = List.copyOf(files);
    remarks = List.copyOf(remarks);
    if (files.size() != statements.size()) {
      throw new IllegalArgumentException("a file for each statement");
    }
  }

  /// @throws ChangelogException listing everything in its text that cannot be sent
  public static CompiledMigration of(Migration migration) {
    List<ChangelogProblem> problems = new ArrayList<>();
    MigrationSql sql = migration.body().compile();
    collectProblems(migration, sql, problems);
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    List<Statement> statements = new ArrayList<>();
    List<String> files = new ArrayList<>();
    for (MigrationSql.Source source : sql.sources()) {
      for (Statement statement : source.script().statements()) {
        statements.add(statement);
        files.add(source.file());
      }
    }
    return new CompiledMigration(migration, statements, files, sql.precondition(), sql.remarks());
  }

  /// Where the statement stands, for messages.
  ///
  /// @param index of the statement, from 0
  public String place(int index) {
    return place(index, statements.get(index).position().line());
  }

  /// The same of a later line of it.
  public String place(int index, int line) {
    return "%s:%d, statement %d of %d (%s)"
        .formatted(
            files.get(index), line, index + 1, statements.size(), statements.get(index).command());
  }

  /// Compiles each once and forgets it, so that a run does not begin what cannot be finished.
  ///
  /// @return the rights that they need, run in this order
  /// @throws ChangelogException listing the problems of all of them
  public static Needs check(List<Migration> migrations) {
    List<ChangelogProblem> problems = new ArrayList<>();
    var needs = new Needs();
    for (Migration migration : migrations) {
      try {
        MigrationSql sql = migration.body().compile();
        collectProblems(migration, sql, problems);
        needs.add(migration, sql);
      } catch (ChangelogException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    return needs;
  }

  private static void collectProblems(
      Migration migration, MigrationSql sql, List<ChangelogProblem> problems) {
    for (MigrationSql.Source source : sql.sources()) {
      collectProblems(migration, source, problems);
    }
  }

  private static void collectProblems(
      Migration migration, MigrationSql.Source source, List<ChangelogProblem> problems) {
    for (Problem problem : source.script().problems()) {
      var origin = new Origin(source.file(), problem.position().line());
      problems.add(new ChangelogProblem(origin, problem.message(), problem.hint()));
    }
    if (migration.transaction() == TransactionMode.ONE) {
      for (Statement statement : source.script().statements()) {
        statement
            .outsideTransaction()
            .ifPresent(command -> problems.add(inTransaction(source.file(), statement, command)));
      }
    }
  }

  private static ChangelogProblem inTransaction(String file, Statement statement, String command) {
    return new ChangelogProblem(
        new Origin(file, statement.position().line()),
        "%s cannot run inside a transaction".formatted(command),
        "Put it into a migration of its own whose first line is: -- slipway: no-transaction");
  }
}
