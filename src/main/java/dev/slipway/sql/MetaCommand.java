package dev.slipway.sql;

import java.util.Set;
import java.util.regex.Pattern;

/// A command of psql in the text: a backslash outside quotes and comments with what follows it on
/// its line.
///
/// @param name with its backslash
/// @param end the offset where SQL goes on
record MetaCommand(String name, int end) {
  /// Those that send the statement before them, as a `;` does.
  private static final Set<String> SENDING =
      Set.of("\\g", "\\gx", "\\gset", "\\gexec", "\\gdesc", "\\crosstabview", "\\watch");

  private static final Pattern GUARD = Pattern.compile("\\\\(un)?restrict[ \\t]+\\w+[ \\t]*");
  private static final Pattern COPY_FROM_STDIN =
      Pattern.compile("\\\\copy\\s.*\\sfrom\\s+stdin\\b.*", Pattern.CASE_INSENSITIVE);

  static MetaCommand at(String sql, int backslash) {
    int afterName = afterName(sql, backslash);
    String name = sql.substring(backslash, afterName);
    if (name.equals("\\") && (sql.startsWith(";", afterName) || sql.startsWith(":", afterName))) {
      // `\;` and `\:` are a semicolon and a colon that mean nothing to psql.
      return new MetaCommand(sql.substring(backslash, afterName + 1), afterName);
    }
    int endOfLine = endOfLine(sql, backslash);
    return COPY_FROM_STDIN.matcher(sql.substring(backslash, endOfLine)).matches()
        ? new MetaCommand(name, afterInlineData(sql, endOfLine))
        : new MetaCommand(name, endOfLine);
  }

  boolean sendsStatement() {
    return SENDING.contains(name);
  }

  /// Whether the line holds nothing but `\restrict KEY` or its "unrestrict": pg_dump puts them
  /// around its output (since 18, 17.6, 16.10, 15.14 and 14.19) so that psql obeys no other
  /// meta-command in it. To others they say nothing.
  static boolean isPgDumpGuard(String sql, int backslash) {
    int line = backslash;
    while (line > 0 && !Ascii.isNewLine(sql.charAt(line - 1))) {
      line--;
      if (!Ascii.isSpace(sql.charAt(line))) {
        return false;
      }
    }
    return GUARD.matcher(sql).region(backslash, endOfLine(sql, backslash)).matches();
  }

  /// Where SQL goes on after the data that psql reads for a COPY … FROM STDIN: it begins with the
  /// next line and ends with the line `\.`, or with the text.
  static int afterInlineData(String sql, int command) {
    int line = nextLine(sql, command);
    while (line < sql.length()) {
      int end = endOfLine(sql, line);
      if (end == line + 2 && sql.startsWith("\\.", line)) {
        return end;
      }
      line = nextLine(sql, end);
    }
    return sql.length();
  }

  static int endOfLine(String sql, int from) {
    int i = from;
    while (i < sql.length() && !Ascii.isNewLine(sql.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int nextLine(String sql, int from) {
    int end = endOfLine(sql, from);
    return Math.min(sql.length(), sql.startsWith("\r\n", end) ? end + 2 : end + 1);
  }

  private static int afterName(String sql, int backslash) {
    int i = backslash + 1;
    while (i < sql.length() && !endsName(sql.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean endsName(char c) {
    return Ascii.isSpace(c) || c == '\\' || c == ';' || c == ':';
  }
}
