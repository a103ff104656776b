package dev.slipway.changelog.liquibase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import liquibase.change.ColumnConfig;
import liquibase.change.core.LoadDataChange;
import liquibase.change.core.LoadDataColumnConfig;
import liquibase.statement.BatchDmlExecutablePreparedStatement;
import liquibase.statement.DatabaseFunction;
import liquibase.statement.ExecutablePreparedStatementBase;
import liquibase.statement.SqlStatement;
import liquibase.statement.core.InsertStatement;
import liquibase.util.csv.CSVReader;
import org.jspecify.annotations.Nullable;

/// What loadData reads from its file, where Liquibase would ask the database or send parameters.
final class LoadedData {
  private final LoadDataChange change;
  private final Node node;
  private final FileFinder finder;

  /// @param change with a file that is named by where it is
  /// @param node as the author wrote it
  LoadedData(LoadDataChange change, Node node, FileFinder finder) {
    this.change = change;
    this.node = node;
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
  @SuppressWarnings("try") // The reader declares that closing it may throw anything.
  boolean check(Refusal refusal) {
    try (CSVReader reader = change.getCSVReader()) {
      String[] header = reader.readNext();
      int line = 1;
      for (String[] row = reader.readNext(); row != null; row = reader.readNext()) {
        line++;
        for (int i = 0; header != null && i < Math.min(row.length, header.length); i++) {
          String column = header[i].strip();
          if (row.length > 1 && row[i].isEmpty() && isUntyped(column)) {
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
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      refusal.refuse(
          node,
          "could not read \"%s\": %s".formatted(node.attribute("file"), e.getMessage()),
          "Mend the file.");
      return false;
    }
  }

  private boolean isUntyped(String column) {
    return config(column).map(config -> config.getType() == null).orElse(true);
  }

  private Optional<LoadDataColumnConfig> config(String column) {
    return change.getColumns().stream()
        .filter(
            config ->
                column.equalsIgnoreCase(config.getHeader())
                    || (config.getHeader() == null && column.equalsIgnoreCase(config.getName())))
        .findFirst();
  }

  /// The same without parameters.
  List<? extends SqlStatement> plain(SqlStatement statement) {
    return switch (statement) {
      case BatchDmlExecutablePreparedStatement batch ->
          batch.getIndividualStatements().stream().map(this::insert).toList();
      case ExecutablePreparedStatementBase prepared -> List.of(insert(prepared));
      default -> List.of(statement);
    };
  }

  private SqlStatement insert(ExecutablePreparedStatementBase prepared) {
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
      return new DatabaseFunction(LargeObjects.bytes(read(column.getValueBlobFile())));
    }
    if (column.getValueClobFile() != null) {
      return new String(read(column.getValueClobFile()), StandardCharsets.UTF_8);
    }
    if ("blob".equalsIgnoreCase(column.getType()) && column.getValue() != null) {
      return new DatabaseFunction(LargeObjects.base64(column.getValue()));
    }
    return column.getValueObject();
  }

  private byte[] read(String name) {
    Path file =
        References.largeObject(name, Path.of(change.getFile()), node, finder)
            .orElseThrow(() -> new IllegalStateException("could not find \"" + name + "\""));
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
