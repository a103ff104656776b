package dev.slipway.changelog.liquibase;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import liquibase.change.core.LoadDataChange;
import liquibase.change.core.LoadDataColumnConfig;
import liquibase.util.StringUtil;
import liquibase.util.csv.CSVReader;
import org.jspecify.annotations.Nullable;

/// Refuses cells of loadData whose meaning Liquibase takes from the database or from the machine
/// that it runs on.
final class LoadedDataCheck {
  private final LoadDataChange change;
  private final Node node;
  private final ChangelogFile file;
  private final NodeCheck check;

  /// @param change with a file that is named by where it is
  /// @param node as the author wrote it
  LoadedDataCheck(LoadDataChange change, Node node, ChangelogFile file, NodeCheck check) {
    this.change = change;
    this.node = node;
    this.file = file;
    this.check = check;
  }

  private record Cell(int row, int index, String column, String text) {}

  /// Whether all is clear; the first that is not is refused.
  boolean isClear() {
    return isReadable() && OfflineLiquibase.call(this::areRowsClear);
  }

  /// Whether the file can be read as it is said to be; of several characters Liquibase takes the
  /// first one.
  private boolean isReadable() {
    @Nullable String separator = change.getSeparator();
    @Nullable String quote = change.getQuotchar();
    if (separator != null && separator.length() != 1) {
      refuse(
          "separator \"%s\" is no single character".formatted(separator),
          "Write one, as separator=\";\".");
      return false;
    }
    if (quote != null && quote.length() > 1) {
      refuse(
          "quotchar \"%s\" is no single character".formatted(quote),
          "Write one, as quotchar=\"'\".");
      return false;
    }
    @Nullable String encoding = change.getEncoding();
    if (encoding != null && !isEncoding(encoding)) {
      refuse("unknown encoding \"%s\"".formatted(encoding), "Write UTF-8, or the file's real one.");
      return false;
    }
    return true;
  }

  private static boolean isEncoding(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalCharsetNameException _) {
      return false;
    }
  }

  @SuppressWarnings("try") // The reader declares that closing it may throw anything.
  private boolean areRowsClear() throws Exception {
    try (CSVReader reader = change.getCSVReader()) {
      String @Nullable [] header = reader.readNext();
      if (header != null && !hasAllColumns(header)) {
        return false;
      }
      int line = 1;
      for (String[] row = reader.readNext(); row != null; row = reader.readNext()) {
        line++;
        if (header != null && !isComment(row[0]) && !areClear(header, row, line)) {
          return false;
        }
      }
      return true;
    }
  }

  /// Liquibase passes over a column that the file lacks, and over its default.
  private boolean hasAllColumns(String[] header) {
    for (LoadDataColumnConfig column : change.getColumns()) {
      boolean found = "skip".equalsIgnoreCase(column.getType());
      for (int i = 0; i < header.length && !found; i++) {
        found = LoadedData.isMeant(column, header[i].strip(), i);
      }
      if (!found) {
        refuse(
            "\"%s\" has no column \"%s\"".formatted(node.attribute("file"), name(column)),
            "Take it out, or mend its header; it has %s.".formatted(String.join(", ", header)));
        return false;
      }
    }
    return true;
  }

  private static String name(LoadDataColumnConfig column) {
    return Stream.of(column.getHeader(), column.getName(), String.valueOf(column.getIndex()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  private boolean isComment(String cell) {
    String start = change.getCommentLineStartsWith();
    return start != null && !start.isEmpty() && cell.startsWith(start);
  }

  private boolean areClear(String[] header, String[] row, int line) {
    for (int i = 0; row.length > 1 && i < Math.min(row.length, header.length); i++) {
      if (!isClear(new Cell(line, i, header[i].strip(), row[i]))) {
        return false;
      }
    }
    return true;
  }

  private boolean isClear(Cell cell) {
    Optional<LoadDataColumnConfig> config = LoadedData.config(change, cell.column, cell.index);
    @Nullable String type = config.map(LoadDataColumnConfig::getType).orElse(null);
    if (cell.text.isEmpty() && type == null) {
      refuse(
          cell,
          "an empty value in column \"%s\", whose type is not written".formatted(cell.column),
          "Only the database knows whether that is NULL: add to the change"
              + " <column header=\"%s\" name=\"%s\" type=\"STRING\"/>, or NUMERIC, DATE …"
                  .formatted(cell.column, cell.column));
      return false;
    }
    if (config.isPresent() && type != null && LoadedData.isDate(type)) {
      return isDate(cell, config.get(), type);
    }
    return true;
  }

  private boolean isDate(Cell cell, LoadDataColumnConfig config, String type) {
    @Nullable String text = cell.text.isEmpty() ? config.getDefaultValue() : cell.text;
    if (text == null
        || text.equals(config.getNullPlaceholder())
        || StringUtil.equalsWordNull(text)
        || DateText.sql(text, type).isPresent()) {
      return true;
    }
    refuse(
        cell,
        "\"%s\" in column \"%s\", which is no date or time".formatted(text, cell.column),
        DateText.EXPECTATION);
    return false;
  }

  private void refuse(Cell cell, String has, String hint) {
    refuse("row %d of \"%s\" has %s".formatted(cell.row, node.attribute("file"), has), hint);
  }

  private void refuse(String message, String hint) {
    check.refuse(file, node, message, hint);
  }
}
