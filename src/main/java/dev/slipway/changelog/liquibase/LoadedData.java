package dev.slipway.changelog.liquibase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import liquibase.change.ColumnConfig;
import liquibase.change.core.LoadDataChange;
import liquibase.change.core.LoadDataColumnConfig;
import liquibase.change.core.LoadUpdateDataChange;
import liquibase.database.Database;
import liquibase.statement.DatabaseFunction;
import liquibase.statement.ExecutablePreparedStatementBase;
import liquibase.statement.SqlStatement;
import liquibase.statement.core.InsertOrUpdateStatement;
import liquibase.statement.core.InsertSetStatement;
import liquibase.statement.core.InsertStatement;
import org.jspecify.annotations.Nullable;

/// What loadData reads from its file, where Liquibase would ask the database or send parameters.
final class LoadedData {
  /// Stands before a type whose values are converted here: Liquibase leaves those of a type that it
  /// does not know as they are.
  private static final String TEXT_OF = "text of ";

  private final LoadDataChange change;
  private final ChangelogFile file;
  private final FileFinder finder;

  /// @param change with a file that is named by where it is
  LoadedData(LoadDataChange change, ChangelogFile file, FileFinder finder) {
    this.change = change;
    this.file = file;
    this.finder = finder;
  }

  /// What the change says of a column; letter case does not count.
  static Optional<LoadDataColumnConfig> config(LoadDataChange change, String column, int index) {
    return change.getColumns().stream()
        .filter(config -> isMeant(config, column, index))
        .findFirst();
  }

  /// Whether it is about the column of the file with this header.
  static boolean isMeant(LoadDataColumnConfig config, String header, int index) {
    return (config.getIndex() != null && config.getIndex() == index)
        || header.equalsIgnoreCase(config.getHeader())
        || header.equalsIgnoreCase(config.getName());
  }

  /// Whether the cells of such a column are dates or times.
  static boolean isDate(String type) {
    return type.matches("(?i)date|datetime|time");
  }

  /// The statements that Liquibase has for the rows, without parameters.
  List<SqlStatement> statements(Database database) {
    change.getColumns().stream()
        .filter(column -> column.getType() != null && isDate(column.getType()))
        .forEach(column -> column.setType(TEXT_OF + column.getType()));
    if (change instanceof LoadUpdateDataChange) {
      return List.of(change.generateStatements(database)).stream()
          .map(this::withoutParameters)
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

  private SqlStatement withoutParameters(SqlStatement statement) {
    if (statement instanceof InsertOrUpdateStatement row) {
      List<String> names = new ArrayList<>(row.getColumnValues().keySet());
      names.forEach(name -> row.addColumnValue(name, converted(name, row.getColumnValue(name))));
    }
    return statement;
  }

  private @Nullable Object converted(String column, @Nullable Object value) {
    return value instanceof String text && !text.equalsIgnoreCase("NULL")
        ? type(column).map(type -> converted(text, type)).orElse(text)
        : value;
  }

  /// The type that is written of a column of the table.
  private Optional<String> type(String column) {
    return change.getColumns().stream()
        .filter(
            config ->
                column.equalsIgnoreCase(
                    config.getName() == null ? config.getHeader() : config.getName()))
        .findFirst()
        .map(LoadDataColumnConfig::getType);
  }

  private Object converted(String text, String type) {
    if (type.startsWith(TEXT_OF)) {
      return date(text, type);
    }
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "blob" ->
          LoadDataChange.BASE64_PATTERN.matcher(text).matches() ? decoded(text) : bytes(text);
      case "clob" -> References.largeObject(text, file, finder).map(LoadedData::text).orElse(text);
      default -> text;
    };
  }

  private static DatabaseFunction date(String text, String type) {
    return new DatabaseFunction(DateText.sql(text, type.substring(TEXT_OF.length())).orElseThrow());
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
    @Nullable Object value = column.getValueObject();
    return type(column.getName()).filter(type -> type.startsWith(TEXT_OF)).isPresent()
        ? converted(column.getName(), value)
        : value;
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
