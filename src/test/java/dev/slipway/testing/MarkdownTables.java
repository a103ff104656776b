package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Tables of documentation that are made from the program. With `-Dslipway.golden.update=true` they
/// are written anew, between `<!-- name -->` and `<!-- /name -->`.
public final class MarkdownTables {
  private MarkdownTables() {}

  /// Compares the tables of a file.
  ///
  /// @param tables each by the name of its markers
  public static void check(Path file, Map<String, String> tables) {
    try {
      String text = Files.readString(file);
      String wanted = text;
      for (Map.Entry<String, String> table : tables.entrySet()) {
        wanted = replace(wanted, table.getKey(), table.getValue());
      }
      if (Boolean.getBoolean("slipway.golden.update")) {
        Files.writeString(file, wanted);
      } else {
        assertThat(text).isEqualTo(wanted);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String replace(String text, String name, String table) {
    String begin = "<!-- " + name + " -->\n";
    String end = "<!-- /" + name + " -->\n";
    assertThat(text).containsOnlyOnce(begin).containsOnlyOnce(end);
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf(end);
    return text.substring(0, from) + "\n" + table + "\n" + text.substring(to);
  }

  public static String code(String text) {
    return "`" + text + "`";
  }

  /// A table in Markdown.
  public static String table(List<String> head, List<List<String>> rows) {
    var table = new StringBuilder(row(head)).append("|---".repeat(head.size())).append("|\n");
    rows.forEach(columns -> table.append(row(columns)));
    return table.toString();
  }

  private static String row(List<String> columns) {
    return columns.stream()
        .map(column -> column.isEmpty() ? " " : " " + column.replace("|", "\\|") + " ")
        .collect(Collectors.joining("|", "|", "|\n"));
  }
}
