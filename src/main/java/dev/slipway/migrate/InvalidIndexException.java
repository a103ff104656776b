package dev.slipway.migrate;

import java.sql.SQLException;

/// CREATE INDEX CONCURRENTLY said that all went well, and the index is invalid all the same.
final class InvalidIndexException extends SQLException {
  private static final long serialVersionUID = 1L;

  InvalidIndexException(String index) {
    super(
        "index %s is invalid; drop it with: DROP INDEX CONCURRENTLY %s".formatted(index, index),
        "55000");
  }
}
