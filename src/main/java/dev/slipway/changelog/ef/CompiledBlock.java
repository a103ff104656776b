package dev.slipway.changelog.ef;

import dev.slipway.sql.Lexer;
import dev.slipway.sql.Locator;
import dev.slipway.sql.Position;
import dev.slipway.sql.Problem;
import dev.slipway.sql.Script;
import dev.slipway.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A block's statements as its author meant them, placed in the script, and what was mended.
record CompiledBlock(Script script, List<Repair> repairs) {
  CompiledBlock {
    repairs = List.copyOf(repairs);
  }

  static CompiledBlock of(String text, Part.Block block) {
    BlockBody body = BlockBody.of(text, block);
    BodyRepair.Result result = BodyRepair.of(body.text());
    var place = new Place(block.bodyLine(), body.indent());
    Script script = place.inFile(Lexer.split(result.sql()));
    List<Repair> repairs = new ArrayList<>();
    var locator = new Locator(body.text());
    for (BodyRepair.Found found : result.repairs()) {
      int line = place.line(locator.at(found.at()).line());
      repairs.add(new Repair(line, found.kind(), found.text()));
    }
    addTexts(body, block.tag(), place, repairs);
    for (Statement statement : script.statements()) {
      // A PERFORM drops its rows.
      if (repairs.stream().noneMatch(r -> r.isOf(Repair.Kind.PLPGSQL, statement))) {
        addStatement(statement, repairs);
      }
    }
    repairs.sort(Comparator.comparingInt(Repair::line));
    return new CompiledBlock(script, repairs);
  }

  /// Where lines and columns of a body are in its file. The first line is the rest of another one,
  /// which is never more than blanks and comments.
  private record Place(int firstLine, int indent) {
    int line(int line) {
      return firstLine + line - 1;
    }

    Position of(Position position) {
      return new Position(line(position.line()), position.column() + indent);
    }

    Script inFile(Script script) {
      return new Script(
          script.statements().stream().map(this::inFile).toList(),
          script.problems().stream()
              .map(p -> new Problem(of(p.position()), p.message(), p.hint()))
              .toList());
    }

    private Statement inFile(Statement statement) {
      return new Statement(statement.text(), of(statement.position()));
    }
  }

  /// What quotes, and texts of several lines, would have become.
  private static void addTexts(BlockBody body, String tag, Place place, List<Repair> repairs) {
    var locator = new Locator(body.text());
    for (int text : body.texts()) {
      repairs.add(
          new Repair(
              place.line(locator.at(text).line()),
              Repair.Kind.INDENTED_TEXT,
              "the blanks that EF put before each line of this text are taken off"));
    }
    int nested = body.text().indexOf(tag);
    if (nested >= 0) {
      repairs.add(
          new Repair(
              place.line(new Locator(body.text()).at(nested).line()),
              Repair.Kind.NESTED_QUOTE,
              "%s inside of a block that is quoted with %s".formatted(tag, tag)));
    }
  }

  private static void addStatement(Statement statement, List<Repair> repairs) {
    int line = statement.position().line();
    Optional<String> outside = statement.outsideTransaction();
    if (outside.isPresent()) {
      repairs.add(
          new Repair(
              line,
              Repair.Kind.OUTSIDE_TRANSACTION,
              "%s cannot run in a DO block; the migration runs without a transaction"
                  .formatted(outside.get())));
    } else if (statement.mayReturnRows() && !statement.command().equals("CALL")) {
      repairs.add(
          new Repair(
              line,
              Repair.Kind.NO_DESTINATION,
              "%s gives rows, which a DO block cannot drop".formatted(statement.command())));
    }
  }
}
