package dev.slipway.changelog.ef;

import dev.slipway.changelog.ef.Part.Block;
import dev.slipway.changelog.ef.Part.Place;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Checksum;
import dev.slipway.migration.MigrationSql;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Remark;
import dev.slipway.migration.TransactionMode;
import dev.slipway.sql.Problem;
import dev.slipway.sql.Script;
import dev.slipway.sql.Statement;
import dev.slipway.sql.Tokens;
import dev.slipway.sql.Tokens.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a script says of one migration; it grows while the script is read.
final class ScriptMigration {
  /// No statement that PostgreSQL refuses inside a transaction is without one of them.
  private static final Set<String> SIGNS_OF_NO_TRANSACTION =
      Set.of(
          "CLUSTER",
          "CONCURRENTLY",
          "DATABASE",
          "DISCARD",
          "REINDEX",
          "SUBSCRIPTION",
          "SYSTEM",
          "TABLESPACE",
          "VACUUM");

  private final EfScript script;
  private final Block first;
  private final List<Piece> pieces = new ArrayList<>();
  private final StringBuilder digested = new StringBuilder();
  private boolean isOutside;
  private boolean hasSignOfNoTransaction;
  private Optional<HistoryRow> row = Optional.empty();

  /// What its statements come from, in order.
  private sealed interface Piece {
    record OfBlock(Block block) implements Piece {}

    /// Added by hand.
    record Added(Statement statement) implements Piece {}
  }

  /// @param first its first block
  ScriptMigration(EfScript script, Block first) {
    this.script = script;
    this.first = first;
  }

  String id() {
    return first.guard().id();
  }

  Origin origin() {
    return new Origin(script.file(), first.line());
  }

  /// The row that records it; empty as long as the script has none.
  Optional<HistoryRow> row() {
    return row;
  }

  void record(HistoryRow historyRow) {
    row = Optional.of(historyRow);
  }

  void add(Block block) {
    pieces.add(new Piece.OfBlock(block));
    isOutside = isOutside || block.place() == Place.OUTSIDE;
    digest(BlockBody.of(script.text(), block).text());
  }

  void add(Statement statement) {
    pieces.add(new Piece.Added(statement));
    hasSignOfNoTransaction = hasSignOfNoTransaction || statement.outsideTransaction().isPresent();
  }

  /// Token by token: EF writes the layout anew, and whether a semicolon ends the last statement
  /// makes no difference.
  private void digest(String body) {
    var tokens = new Tokens(body);
    boolean isEnded = false;
    while (tokens.next() != Kind.END) {
      if (isEnded) {
        digested.append(";\n");
      }
      isEnded = tokens.isSymbol(';');
      if (!isEnded) {
        digested.append(body, tokens.start(), tokens.end()).append('\n');
      }
      if (tokens.kind() == Kind.WORD && !hasSignOfNoTransaction) {
        hasSignOfNoTransaction =
            SIGNS_OF_NO_TRANSACTION.contains(tokens.string().toUpperCase(Locale.ROOT));
      }
    }
    digested.append(";\n");
  }

  Checksum checksum() {
    return Checksum.of(digested.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// EF puts what it runs without a transaction outside of those of the script; where the script
  /// has none, its statements tell.
  TransactionMode transaction() {
    boolean isWithout =
        (isOutside && script.hasTransactions())
            || (hasSignOfNoTransaction && hasStatementOutsideTransaction());
    return isWithout ? TransactionMode.NONE : TransactionMode.ONE;
  }

  private boolean hasStatementOutsideTransaction() {
    return compile().sources().getFirst().script().statements().stream()
        .anyMatch(statement -> statement.outsideTransaction().isPresent());
  }

  /// What of its statements cannot be sent.
  List<ChangelogProblem> problems() {
    return compile().sources().getFirst().script().problems().stream()
        .map(
            problem ->
                new ChangelogProblem(
                    new Origin(script.file(), problem.position().line()),
                    problem.message(),
                    problem.hint()))
        .toList();
  }

  /// What is mended in its text, by line.
  List<Repair> repairs() {
    List<Repair> repairs = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece instanceof Piece.OfBlock(var block)) {
        repairs.addAll(CompiledBlock.of(script.text(), block).repairs());
      }
    }
    return repairs;
  }

  /// Its statements as their author wrote them.
  MigrationSql compile() {
    List<Statement> statements = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    List<Remark> remarks = new ArrayList<>();
    for (Piece piece : pieces) {
      Script part =
          switch (piece) {
            case Piece.OfBlock(var block) -> {
              var compiled = CompiledBlock.of(script.text(), block);
              for (Repair repair : compiled.repairs()) {
                remarks.add(
                    new Remark(
                        new Origin(script.file(), repair.line()),
                        Remark.Kind.REPAIR,
                        repair.text()));
              }
              yield compiled.script();
            }
            case Piece.Added(var added) -> new Script(List.of(added), List.of());
          };
      statements.addAll(part.statements());
      problems.addAll(part.problems());
    }
    return new MigrationSql(
        List.of(new MigrationSql.Source(script.file(), new Script(statements, problems))),
        Optional.empty(),
        remarks);
  }
}
