package dev.slipway.changelog.ef;

/// A piece of a script, in the order in which it stands there.
sealed interface Part {

  /// One command of one migration: `DO $EF$ BEGIN IF NOT EXISTS(…) THEN … END IF; END $EF$;`.
  ///
  /// @param start of its DO
  /// @param end behind it
  /// @param tag the dollar quote around it
  /// @param from behind THEN
  /// @param to in front of END IF
  /// @param line of its DO
  /// @param bodyLine of its THEN
  /// @param place where it stands
  record Block(
      Guard guard,
      int start,
      int end,
      String tag,
      int from,
      int to,
      int line,
      int bodyLine,
      Place place)
      implements Part {

    /// The same as a statement that is run as it stands.
    Extra asStatement() {
      return new Extra(start, end, line, 1, place);
    }
  }

  /// Everything else that is no comment: how the history is made, and what a person has added.
  ///
  /// @param line of its first token
  record Extra(int from, int to, int line, int column, Place place) implements Part {}

  /// Where a block stands, by `START TRANSACTION` and `COMMIT` around it.
  enum Place {
    WITHIN_TRANSACTION,
    OUTSIDE
  }
}
