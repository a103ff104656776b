package dev.slipway.migrate;

import java.sql.SQLException;

/// CREATE INDEX CONCURRENTLY said that all went well, and the index is invalid all the same.
final class InvalidIndexException extends SQLException {
  private static final long serialVersionUID = 1L;

  private final String index;

  InvalidIndexException(String index) {
    super("index %s is there, but invalid: an earlier build of it broke".formatted(index), "55000");
    this.index = index;
  }

  String index() {
    return index;
  }
}
