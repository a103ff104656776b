package dev.slipway.changelog.ef;

/// What tells a script of EF's before it is read. A changelog may be a folder of thousands of other
/// files, so their bytes are looked at as they are.
final class ScriptSigns {
  private ScriptSigns() {}

  /// Whether `EXISTS(SELECT` is in it, which every guard has.
  static boolean hasGuard(byte[] content) {
    for (int at = find(content, 0, "exists"); at >= 0; at = find(content, at, "exists")) {
      at += "exists".length();
      int open = afterBlanks(content, at);
      if (open < content.length
          && content[open] == '('
          && startsWith(content, afterBlanks(content, open + 1), "select")) {
        return true;
      }
    }
    return false;
  }

  /// Whether it names EF's history, or the version that EF records in any other.
  static boolean namesHistory(byte[] content) {
    return find(content, 0, "efmigrationshistory") >= 0
        || find(content, 0, "ef_migrations_history") >= 0
        || find(content, 0, "productversion") >= 0
        || find(content, 0, "product_version") >= 0;
  }

  private static int afterBlanks(byte[] content, int from) {
    int i = from;
    while (i < content.length && content[i] <= ' ' && content[i] > 0) {
      i++;
    }
    return i;
  }

  /// @param word in lower case
  private static int find(byte[] content, int from, String word) {
    for (int i = from; i <= content.length - word.length(); i++) {
      if (startsWith(content, i, word)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] content, int at, String word) {
    if (at + word.length() > content.length) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      byte b = content[at + i];
      if ((b >= 'A' && b <= 'Z' ? b + 'a' - 'A' : b) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
