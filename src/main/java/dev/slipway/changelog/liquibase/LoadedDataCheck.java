package dev.slipway.changelog.liquibase;

import java.util.Optional;
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
    return OfflineLiquibase.call(this::areRowsClear);
  }

  @SuppressWarnings("try") // The reader declares that closing it may throw anything.
  private boolean areRowsClear() throws Exception {
    try (CSVReader reader = change.getCSVReader()) {
      String @Nullable [] header = reader.readNext();
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
    check.refuse(
        file,
        node,
        "row %d of \"%s\" has %s".formatted(cell.row, node.attribute("file"), has),
        hint);
  }
}
