package dev.slipway.sql;

import java.util.List;

/// What splitting a text gave: its statements in order, and every problem found, by position.
/// Refused statements are among the statements; one that the text does not end is not.
public record Script(List<Statement> statements, List<Problem> problems) {
  public Script {
    statements = List.copyOf(statements);
    problems = List.copyOf(problems);
  }
}
