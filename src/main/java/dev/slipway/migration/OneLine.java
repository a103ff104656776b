package dev.slipway.migration;

import java.util.regex.Pattern;

/// A text of an author's on its way into messages and comments, which have one line.
final class OneLine {
  private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

  private OneLine() {}

  static String of(String text) {
    return WHITE_SPACE.matcher(text.strip()).replaceAll(" ");
  }
}
