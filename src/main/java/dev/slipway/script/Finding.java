package dev.slipway.script;

import java.util.Locale;

/// Something that is wrong with a script.
///
/// @param line from 1
/// @param message a clause, lower case, without a full stop
public record Finding(int line, Kind kind, String message) {

  public enum Kind {
    /// It is none of ours.
    NOT_A_SCRIPT,
    /// It ends too early.
    CUT_OFF,
    BLOCK_MISSING,
    /// A block stands at another place, or twice.
    BLOCK_MOVED,
    /// What decides whether a migration is applied, or records it, is another than was written.
    GUARD_CHANGED,
    /// The statements are others than those whose checksum is recorded.
    STATEMENTS_CHANGED,
    /// Only psql can run it, and it does not say so.
    NEEDS_PSQL,
    /// It is not UTF-8 with line feeds, so texts in it would be changed.
    ENCODING,
    /// A database refuses it.
    FAILS,
    /// A script of EF's that cannot be applied.
    REFUSED,
    /// Nothing ends the last statement of a block of EF's.
    MISSING_SEMICOLON,
    /// A statement in a block of EF's gives rows.
    NO_DESTINATION,
    /// PostgreSQL refuses it in a block of EF's.
    OUTSIDE_TRANSACTION,
    /// A block of EF's holds the quote around it.
    NESTED_QUOTE,
    /// EF has put blanks into a text of several lines.
    INDENTED_TEXT;

    /// As in JSON: `guard-changed`.
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
