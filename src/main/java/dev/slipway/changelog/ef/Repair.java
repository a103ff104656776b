package dev.slipway.changelog.ef;

import dev.slipway.sql.Statement;

/// Something in a block that fails when PostgreSQL runs it as EF wrote it, or stores another text
/// than the author's.
///
/// @param line in the script
/// @param text a clause, lower case, without a full stop
public record Repair(int line, Kind kind, String text) {

  public enum Kind {
    MISSING_SEMICOLON,
    /// Rows that nobody takes.
    NO_DESTINATION,
    /// What PL/pgSQL knows and SQL does not.
    PLPGSQL,
    /// A command that PostgreSQL refuses in a DO block.
    OUTSIDE_TRANSACTION,
    /// The block's own dollar quote, inside it.
    NESTED_QUOTE,
    /// Blanks of EF's in a text of several lines.
    INDENTED_TEXT
  }

  /// Whether it is of this kind, and of this statement.
  boolean isOf(Kind wanted, Statement statement) {
    return kind == wanted && line == statement.position().line();
  }
}
