package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogContents;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ChangelogReader;
import java.nio.file.Path;
import java.util.Optional;

/// Liquibase changelogs: XML, YAML, JSON and formatted SQL, a migration per changeset.
public final class LiquibaseReader implements ChangelogReader {
  /// Of a plain SQL file, no more is looked at.
  private static final int LONGEST_HEADER = 200;

  @Override
  public boolean reads(String fileName, byte[] content) {
    return ChangelogFormat.of(fileName)
        .map(format -> format != ChangelogFormat.SQL || isFormattedSql(content))
        .orElse(false);
  }

  /// Told without decoding the file: the folder of a changelog may hold thousands that are not.
  private static boolean isFormattedSql(byte[] content) {
    int at = content.length > 2 && content[0] == (byte) 0xEF ? 3 : 0;
    while (at < content.length && content[at] <= ' ' && content[at] >= 0) {
      at++;
    }
    if (at + 2 >= content.length || content[at] != '-' || content[at + 1] != '-') {
      return false;
    }
    int end = at;
    while (end < content.length && end - at < LONGEST_HEADER && content[end] != '\n') {
      end++;
    }
    return isHeader(content, at + 2, end);
  }

  /// Whether it says `liquibase` first, and `formatted` after that.
  private static boolean isHeader(byte[] content, int start, int end) {
    int at = start;
    while (at < end && content[at] <= ' ') {
      at++;
    }
    int behind = behind(content, at, end, "liquibase");
    while (behind >= 0 && behind < end && content[behind] <= ' ') {
      behind++;
    }
    return behind >= 0 && behind(content, behind, end, "formatted") >= 0;
  }

  private static int behind(byte[] content, int at, int end, String word) {
    if (end - at < word.length()) {
      return -1;
    }
    for (int i = 0; i < word.length(); i++) {
      if ((content[at + i] | 0x20) != word.charAt(i)) {
        return -1;
      }
    }
    return at + word.length();
  }

  @Override
  public void read(
      Path file,
      byte[] content,
      Place place,
      ChangelogOptions options,
      ChangelogContents contents) {
    Optional<Node> root = ChangelogFormat.read(file, content, contents.problems());
    if (root.isEmpty()) {
      return;
    }
    var finder = new FileFinder(file);
    var selection = new Selection(options.contexts(), options.labels());
    var walk = new ChangelogWalk(finder, selection, contents);
    walk.read(
        new ChangelogFile(
            file, finder.location(file), root.get(), Optional.empty(), Optional.empty()));
    new ChangesetMigrations(walk, finder, selection, options.idTemplate(), place, contents).add();
  }
}
