package dev.slipway.testing;

import dev.slipway.migration.ChangelogContents;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ChangelogReader;
import dev.slipway.migration.Checksum;
import dev.slipway.migration.Condition;
import dev.slipway.migration.Conduct;
import dev.slipway.migration.Edits;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.MigrationSql;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Precondition;
import dev.slipway.migration.Precondition.Otherwise;
import dev.slipway.sql.Lexer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The reader of a changelog whose migrations a test gives as values, for what plain SQL cannot
/// say. It reads any file that ends with `.written`, and takes nothing from it but its name.
public final class WrittenChangelog implements ChangelogReader {
  private static final String SUFFIX = ".written";

  private final String file;
  private final List<Migration> migrations = new ArrayList<>();
  private final List<Precondition> preconditions = new ArrayList<>();

  /// @param file what messages name
  public WrittenChangelog(String file) {
    this.file = file;
  }

  public WrittenChangelog add(
      String id, Conduct conduct, Optional<Precondition> precondition, String sql) {
    migrations.add(
        new Migration(
            new MigrationId(id),
            new Origin(file, 1),
            Checksum.ofText(sql.getBytes(StandardCharsets.UTF_8)),
            conduct,
            Edits.NONE,
            Optional.empty(),
            Optional.empty(),
            () ->
                new MigrationSql(
                    List.of(new MigrationSql.Source(file, Lexer.split(sql))),
                    precondition,
                    List.of())));
    return this;
  }

  /// A migration without anything particular.
  public WrittenChangelog add(String id, String sql) {
    return add(id, Conduct.PLAIN, Optional.empty(), sql);
  }

  public WrittenChangelog require(Precondition precondition) {
    preconditions.add(precondition);
    return this;
  }

  /// A precondition on line 3, whose author wants the same for both cases and says nothing.
  public Precondition precondition(Otherwise otherwise, Condition condition) {
    return new Precondition(new Origin(file, 3), condition, otherwise, otherwise, "", "");
  }

  @Override
  public boolean reads(String fileName, byte[] content) {
    return fileName.endsWith(SUFFIX);
  }

  @Override
  public void read(
      Path path, byte[] content, Place place, ChangelogOptions options, ChangelogContents into) {
    migrations.forEach(into::add);
    preconditions.forEach(into::require);
  }
}
