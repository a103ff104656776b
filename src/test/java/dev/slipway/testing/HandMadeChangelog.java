package dev.slipway.testing;

import dev.slipway.migration.ChangelogContents;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ChangelogReader;
import dev.slipway.migration.Checksum;
import dev.slipway.migration.Conduct;
import dev.slipway.migration.Edits;
import dev.slipway.migration.ForeignId;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.MigrationSql;
import dev.slipway.migration.Origin;
import dev.slipway.sql.Lexer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A format of changelog for tests of adoption: a file `hand-made.txt` whose lines are migrations
/// with the identity that another tool gave them, as in `ann.1 | 1 | ann | db/a.xml | SELECT 1`.
/// Several paths are separated by commas.
public final class HandMadeChangelog implements ChangelogReader {
  public static final String FILE = "hand-made.txt";

  @Override
  public boolean reads(String fileName, byte[] content) {
    return fileName.equals(FILE);
  }

  @Override
  public void read(
      Path file, byte[] content, Place place, ChangelogOptions options, ChangelogContents into) {
    into.keepOrder();
    int number = 1;
    for (String line : new String(content, StandardCharsets.UTF_8).lines().toList()) {
      into.add(migration(line, new Origin(file.toString(), number)));
      number++;
    }
  }

  /// @param line as it may stand in the file
  public static Migration migration(String line, Origin origin) {
    List<String> parts = List.of(line.split(" *\\| *", 5));
    var foreign = new ForeignId(parts.get(1), parts.get(2), List.of(parts.get(3).split(", *", -1)));
    return new Migration(
        new MigrationId(parts.getFirst()),
        origin,
        Checksum.ofText(line.getBytes(StandardCharsets.UTF_8)),
        Conduct.PLAIN,
        Edits.NONE,
        Optional.of(foreign),
        Optional.empty(),
        () -> MigrationSql.of(origin.file(), Lexer.split(parts.get(4))));
  }
}
