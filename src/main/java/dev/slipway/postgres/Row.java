package dev.slipway.postgres;

import org.jspecify.annotations.Nullable;

/// A row of a result, every column as PostgreSQL writes it as text.
public final class Row {
  private final @Nullable String[] columns;

  Row(@Nullable String[] columns) {
    this.columns = columns;
  }

  /// How many columns it has.
  public int columns() {
    return columns.length;
  }

  /// The column's text, empty for null.
  ///
  /// @param column from 0
  public String text(int column) {
    String value = columns[column];
    return value == null ? "" : value;
  }

  public boolean isNull(int column) {
    return columns[column] == null;
  }

  public boolean isTrue(int column) {
    return "t".equals(columns[column]);
  }

  /// The column as a number, 0 for null.
  public long number(int column) {
    String value = columns[column];
    return value == null ? 0 : Long.parseLong(value);
  }
}
