package dev.slipway.changelog.liquibase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import liquibase.change.ColumnConfig;
import liquibase.change.core.LoadDataChange;
import liquibase.change.core.LoadDataChange.LOAD_DATA_TYPE;
import liquibase.change.core.LoadDataColumnConfig;
import liquibase.change.core.LoadUpdateDataChange;
import liquibase.database.Database;
import liquibase.statement.DatabaseFunction;
import liquibase.statement.ExecutablePreparedStatementBase;
import liquibase.statement.SqlStatement;
import liquibase.statement.core.InsertOrUpdateStatement;
import liquibase.statement.core.InsertSetStatement;
import liquibase.statement.core.InsertStatement;
import liquibase.util.csv.CSVReader;
import org.jspecify.annotations.Nullable;

/// What loadData reads from its file, where Liquibase would ask the database or send parameters.
final class LoadedData {
  private final LoadDataChange change;
  private final Node node;
  private final ChangelogFile file;
  private final FileFinder finder;

  /// @param change with a file that is named by where it is
  /// @param node as the author wrote it
  LoadedData(LoadDataChange change, Node node, ChangelogFile file, FileFinder finder) {
    this.change = change;
    this.node = node;
    this.file = file;
    this.finder = finder;
  }

  /// Receives what cannot be done.
  @FunctionalInterface
  interface Refusal {
    void refuse(Node node, String message, String hint);
  }

  /// Refuses an empty cell in a column whose type is not written: Liquibase takes it for NULL or
  /// for an empty text, whatever the database says of the column.
  ///
  /// @return whether all cells are clear
  boolean check(Refusal refusal) {
    return OfflineLiquibase.call(() -> areClear(refusal));
  }

  @SuppressWarnings("try") // The reader declares that closing it may throw anything.
  private boolean areClear(Refusal refusal) throws Exception {
    try (CSVReader reader = change.getCSVReader()) {
      String[] header = reader.readNext();
      int line = 1;
      for (String[] row = reader.readNext(); row != null; row = reader.readNext()) {
        line++;
        if (isComment(row[0])) {
          continue;
        }
        for (int i = 0; header != null && i < Math.min(row.length, header.length); i++) {
          String column = header[i].strip();
          if (row.length > 1 && row[i].isEmpty() && isUntyped(column, i)) {
            refusal.refuse(
                node,
                "row %d of \"%s\" has an empty value in column \"%s\", whose type is not written"
                    .formatted(line, node.attribute("file"), column),
                "Only the database knows whether that is NULL: add to the change"
                    + " <column header=\"%s\" name=\"%s\" type=\"STRING\"/>, or NUMERIC, DATE …"
                        .formatted(column, column));
            return false;
          }
        }
      }
      return true;
    }
  }

  private boolean isComment(String cell) {
    String start = change.getCommentLineStartsWith();
    return start != null && !start.isEmpty() && cell.startsWith(start);
  }

  private boolean isUntyped(String column, int index) {
    return config(column, index).map(config -> config.getType() == null).orElse(true);
  }

  private Optional<LoadDataColumnConfig> config(String column, int index) {
    return change.getColumns().stream()
        .filter(
            config ->
                (config.getIndex() != null && config.getIndex() == index)
                    || column.equalsIgnoreCase(config.getHeader())
                    || column.equalsIgnoreCase(config.getName()))
        .findFirst();
  }

  /// The statements that Liquibase has for the rows, without parameters.
  List<SqlStatement> statements(Database database) {
    if (change instanceof LoadUpdateDataChange) {
      return List.of(change.generateStatements(database)).stream()
          .map(this::withLargeObjects)
          .toList();
    }
    // Rows with parameters and rows without: of these Liquibase would leave out the latter.
    change.setUsePreparedStatements(true);
    var rows =
        new InsertSetStatement(
            change.getCatalogName(), change.getSchemaName(), change.getTableName());
    for (SqlStatement statement : change.generateStatements(database)) {
      if (statement instanceof ExecutablePreparedStatementBase prepared) {
        rows.addInsertStatement(insert(prepared));
      }
    }
    return rows.peek() == null ? List.of() : List.of(rows);
  }

  private SqlStatement withLargeObjects(SqlStatement statement) {
    if (statement instanceof InsertOrUpdateStatement row) {
      List<String> names = new ArrayList<>(row.getColumnValues().keySet());
      names.forEach(name -> row.addColumnValue(name, largeObject(name, row.getColumnValue(name))));
    }
    return statement;
  }

  private @Nullable Object largeObject(String column, @Nullable Object value) {
    Optional<LOAD_DATA_TYPE> type =
        config(column, -1)
            .filter(config -> config.getType() != null)
            .map(LoadDataColumnConfig::getTypeEnum);
    if (!(value instanceof String text) || text.equalsIgnoreCase("NULL") || type.isEmpty()) {
      return value;
    }
    return switch (type.get()) {
      case BLOB ->
          LoadDataChange.BASE64_PATTERN.matcher(text).matches() ? decoded(text) : bytes(text);
      case CLOB -> References.largeObject(text, file, finder).map(LoadedData::text).orElse(text);
      default -> value;
    };
  }

  private InsertStatement insert(ExecutablePreparedStatementBase prepared) {
    var insert =
        new InsertStatement(
            prepared.getCatalogName(), prepared.getSchemaName(), prepared.getTableName());
    for (ColumnConfig column : prepared.getColumns()) {
      insert.addColumnValue(column.getName(), value(column));
    }
    return insert;
  }

  private @Nullable Object value(ColumnConfig column) {
    if (column.getValueBlobFile() != null) {
      return bytes(column.getValueBlobFile());
    }
    if (column.getValueClobFile() != null) {
      return text(find(column.getValueClobFile()));
    }
    if ("blob".equalsIgnoreCase(column.getType()) && column.getValue() != null) {
      return decoded(column.getValue());
    }
    return column.getValueObject();
  }

  private static DatabaseFunction decoded(String base64) {
    return new DatabaseFunction(LargeObjects.base64(base64));
  }

  private DatabaseFunction bytes(String name) {
    return new DatabaseFunction(LargeObjects.bytes(read(find(name))));
  }

  private static String text(Path path) {
    return new String(read(path), StandardCharsets.UTF_8);
  }

  private Path find(String name) {
    return References.largeObject(name, file, finder)
        .orElseThrow(() -> new IllegalStateException("could not find \"" + name + "\""));
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
