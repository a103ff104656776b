package dev.slipway.changelog.liquibase;

import dev.slipway.sql.Literal;
import java.util.HexFormat;

/// Binary values as SQL.
final class LargeObjects {
  private LargeObjects() {}

  static String bytes(byte[] content) {
    return "decode('" + HexFormat.of().formatHex(content) + "', 'hex')";
  }

  static String base64(String text) {
    return "decode(" + new Literal(text).quoted() + ", 'base64')";
  }
}
