package dev.slipway.changelog.liquibase;

import dev.slipway.migration.MigrationSql;
import dev.slipway.sql.Lexer;
import dev.slipway.sql.Position;
import dev.slipway.sql.Problem;
import dev.slipway.sql.Script;
import dev.slipway.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import liquibase.util.StringUtil;

/// SQL as its author wrote it, in a changelog or in a file of its own. It is split where psql would
/// split it; where the author named a delimiter, Liquibase does that first.
final class RawSql {
  private final WrittenText written;
  private final List<Statement> statements = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private RawSql(WrittenText written) {
    this.written = written;
  }

  /// @param change the node with `splitStatements`, `endDelimiter` and `stripComments`
  /// @param modify what is done to each statement in the end
  static MigrationSql.Source split(Node change, WrittenText written, UnaryOperator<String> modify) {
    String delimiter = change.attribute("endDelimiter");
    boolean strips = change.flag("stripComments", false);
    boolean splits = !delimiter.isEmpty() && change.flag("splitStatements", true);
    var sql = new RawSql(splits ? written.withoutReturns() : written);
    if (splits) {
      sql.addPieces(delimiter);
    } else {
      sql.add(written.text(), 0);
    }
    List<Statement> modified =
        sql.statements.stream()
            .map(statement -> strips ? stripped(statement) : statement)
            .map(statement -> WrittenText.changed(statement, modify.apply(statement.text())))
            .toList();
    return new MigrationSql.Source(written.file(), new Script(modified, sql.problems));
  }

  /// SQL that was written for a change.
  ///
  /// @param pieces with a statement each, or with several
  /// @param written what it was made from
  static MigrationSql.Source generated(List<String> pieces, WrittenText written) {
    List<Statement> statements = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (String piece : pieces) {
      Script script = Lexer.split(piece);
      script.statements().stream()
          .map(statement -> written.generated(statement.text()))
          .forEach(statements::add);
      var position = new Position(written.line(), 1);
      script.problems().stream()
          .map(problem -> new Problem(position, problem.message(), problem.hint()))
          .forEach(problems::add);
    }
    return new MigrationSql.Source(written.file(), new Script(statements, problems));
  }

  private static Statement stripped(Statement statement) {
    return WrittenText.changed(statement, StringUtil.stripComments(statement.text()));
  }

  private void addPieces(String delimiter) {
    int from = 0;
    for (String piece : StringUtil.processMultiLineSQL(written.text(), false, true, delimiter)) {
      int at = written.text().indexOf(piece, from);
      from = at < 0 ? from : at;
      add(piece, from);
      from += at < 0 ? 0 : piece.length();
    }
  }

  /// @param offset of the piece in the text
  private void add(String piece, int offset) {
    Script script = Lexer.split(piece);
    for (Statement statement : script.statements()) {
      Position position = written.position(offset, statement.position());
      statements.add(new Statement(statement.text(), position, written.lines()));
    }
    for (Problem problem : script.problems()) {
      Position position = written.position(offset, problem.position());
      problems.add(new Problem(position, problem.message(), problem.hint()));
    }
  }
}
