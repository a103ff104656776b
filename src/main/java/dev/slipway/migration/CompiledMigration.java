package dev.slipway.migration;

import dev.slipway.sql.Problem;
import dev.slipway.sql.Script;
import dev.slipway.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// A migration with its statements, each of which can be sent.
public record CompiledMigration(Migration migration, List<Statement> statements) {

  public CompiledMigration {
    statements = List.copyOf(statements);
  }

  /// @throws ChangelogException listing everything in its text that cannot be sent
  public static CompiledMigration of(Migration migration) {
    List<ChangelogProblem> problems = new ArrayList<>();
    Script script = migration.body().compile();
    collectProblems(migration, script, problems);
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
    return new CompiledMigration(migration, script.statements());
  }

  /// Compiles each once and forgets it, so that a run does not begin what cannot be finished.
  ///
  /// @throws ChangelogException listing the problems of all of them
  public static void check(List<Migration> migrations) {
    List<ChangelogProblem> problems = new ArrayList<>();
    for (Migration migration : migrations) {
      collectProblems(migration, migration.body().compile(), problems);
    }
    if (!problems.isEmpty()) {
      throw new ChangelogException(problems);
    }
  }

  private static void collectProblems(
      Migration migration, Script script, List<ChangelogProblem> problems) {
    String file = migration.origin().file();
    for (Problem problem : script.problems()) {
      var origin = new Origin(file, problem.position().line());
      problems.add(new ChangelogProblem(origin, problem.message(), problem.hint()));
    }
    if (migration.transaction() == TransactionMode.ONE) {
      for (Statement statement : script.statements()) {
        statement
            .outsideTransaction()
            .ifPresent(command -> problems.add(inTransaction(file, statement, command)));
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
