package dev.slipway.changelog.sql;

import dev.slipway.migration.Base;
import dev.slipway.migration.ChangelogContents;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.ChangelogReader;
import dev.slipway.migration.Checksum;
import dev.slipway.migration.Edits;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.MigrationSql;
import dev.slipway.migration.Origin;
import dev.slipway.migration.Utf8;
import dev.slipway.sql.Lexer;
import dev.slipway.sql.Problem;
import dev.slipway.sql.Script;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plain SQL: one migration per file, `<id>.sql`, UTF-8.
public final class PlainSqlReader implements ChangelogReader {
  private static final String SUFFIX = ".sql";

  /// How many characters of all changelogs together are kept in memory between loading and
  /// applying; what is beyond is read from its file again.
  private static final int KEPT_CHARACTERS = 4_000_000;

  private int kept;

  @Override
  public boolean reads(String fileName, byte[] content) {
    return fileName.endsWith(SUFFIX);
  }

  @Override
  public void read(
      Path file,
      byte[] content,
      Place place,
      ChangelogOptions options,
      ChangelogContents contents) {
    List<ChangelogProblem> problems = contents.problems();
    int before = problems.size();
    String fileName = String.valueOf(file.getFileName());
    String id = fileName.substring(0, fileName.length() - SUFFIX.length());
    String shown = file.toString();
    if (!MigrationId.hasTimestampForm(id)) {
      problems.add(badId(shown, id));
    }
    Optional<Content> read =
        content.length > TextPieces.SIZE
            ? readLarge(file, content, problems)
            : readSmall(file, content, problems);
    if (read.isEmpty() || problems.size() > before) {
      return;
    }
    var migrationId = new MigrationId(id);
    if (read.get().directives.base() == Base.CLEAN_DATABASE) {
      contents.needsCleanDatabase(migrationId);
    }
    contents.add(
        new Migration(
            migrationId,
            new Origin(shown, 1),
            read.get().checksum,
            read.get().directives.conduct(),
            Edits.NONE,
            Optional.empty(),
            Optional.empty(),
            read.get().body));
  }

  /// What a file holds.
  private record Content(Directives directives, Checksum checksum, Migration.Body body) {}

  private Optional<Content> readSmall(Path file, byte[] content, List<ChangelogProblem> problems) {
    String shown = file.toString();
    Optional<String> text = Utf8.decode(content, shown, problems);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Directives directives = Directives.read(shown, text.get(), problems);
    Checksum checksum = Checksum.ofText(content);
    return Optional.of(new Content(directives, checksum, body(file, text.get(), checksum)));
  }

  /// A file that is never held as one text.
  private static Optional<Content> readLarge(
      Path file, byte[] content, List<ChangelogProblem> problems) {
    String shown = file.toString();
    try {
      var pieces = new TextPieces(new ByteArrayInputStream(content));
      Directives directives = Directives.read(shown, pieces.next(), problems);
      while (pieces.hasNext()) {
        pieces.next();
      }
      Checksum checksum = pieces.checksum();
      return Optional.of(
          new Content(
              directives, checksum, () -> MigrationSql.of(shown, splitLarge(file, checksum))));
    } catch (IOException | UncheckedIOException e) {
      // It is not UTF-8; where not, decoding all of it tells.
      Utf8.decode(content, shown, problems);
      return Optional.empty();
    }
  }

  private Migration.Body body(Path file, String text, Checksum checksum) {
    String shown = file.toString();
    if (kept + text.length() > KEPT_CHARACTERS) {
      return () -> MigrationSql.of(shown, split(readAgain(file, checksum)));
    }
    kept += text.length();
    return () -> MigrationSql.of(shown, split(text));
  }

  private static String readAgain(Path file, Checksum expected) {
    String shown = file.toString();
    byte[] content;
    try (var in = new FileInputStream(file.toFile())) {
      content = in.readAllBytes();
    } catch (IOException e) {
      throw new ChangelogException(changed(shown));
    }
    if (!Checksum.ofText(content).equals(expected)) {
      throw new ChangelogException(changed(shown));
    }
    List<ChangelogProblem> problems = new ArrayList<>();
    return Utf8.decode(content, shown, problems)
        .orElseThrow(() -> new ChangelogException(problems));
  }

  private static Script splitLarge(Path file, Checksum expected) {
    try (var in = new FileInputStream(file.toFile())) {
      var pieces = new TextPieces(in);
      Script script = split(pieces);
      if (pieces.checksum().equals(expected)) {
        return script;
      }
    } catch (IOException | UncheckedIOException e) {
      throw new ChangelogException(changed(file.toString()));
    }
    throw new ChangelogException(changed(file.toString()));
  }

  private static Script split(String text) {
    var watched = new MisplacedDirectives(List.of(text).iterator());
    return refusing(watched, Lexer.split(watched.next()));
  }

  private static Script split(TextPieces pieces) {
    var watched = new MisplacedDirectives(pieces);
    return refusing(watched, Lexer.split(watched));
  }

  private static Script refusing(MisplacedDirectives watched, Script script) {
    List<Problem> misplaced = watched.problems(script.statements());
    if (misplaced.isEmpty()) {
      return script;
    }
    List<Problem> problems = new ArrayList<>(script.problems());
    problems.addAll(misplaced);
    return new Script(script.statements(), problems);
  }

  private static ChangelogProblem badId(String file, String id) {
    return new ChangelogProblem(
        new Origin(file, 1),
        "\"%s\" is no migration id".formatted(id),
        "Name the file <14 digits>_<Name>.sql, at most 150 characters, for example"
            + " 20260822093000_AddOrders.sql");
  }

  private static ChangelogProblem changed(String file) {
    return new ChangelogProblem(
        new Origin(file, 1),
        "the file changed while slipway was running",
        "Run slipway again when nobody writes to the changelog.");
  }
}
