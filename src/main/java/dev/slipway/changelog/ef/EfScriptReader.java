package dev.slipway.changelog.ef;

import dev.slipway.migration.ChangelogContents;
import dev.slipway.migration.ChangelogOptions;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.ChangelogReader;
import dev.slipway.migration.Conduct;
import dev.slipway.migration.Edits;
import dev.slipway.migration.HistoryDefinition;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Rerun;
import dev.slipway.migration.Utf8;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The idempotent scripts of Entity Framework Core for PostgreSQL, as `dotnet ef migrations script
/// --idempotent` writes them: a migration for each id that their blocks ask for.
public final class EfScriptReader implements ChangelogReader {
  private static final String SUFFIX = ".sql";

  /// A file that is named like a plain SQL migration is one, unless it holds EF's blocks.
  @Override
  public boolean reads(String fileName, byte[] content) {
    if (!fileName.endsWith(SUFFIX)) {
      return false;
    }
    String name = fileName.substring(0, fileName.length() - SUFFIX.length());
    boolean hasGuard = ScriptSigns.hasGuard(content);
    if (MigrationId.hasTimestampForm(name)) {
      return hasGuard && isScript(fileName, content);
    }
    boolean namesHistory = ScriptSigns.namesHistory(content);
    return (hasGuard && namesHistory)
        || (namesHistory && concernsHistory(fileName, content))
        || Utf8.isUtf16(content);
  }

  /// Whether it is a script of EF's of some kind, and be it one that is refused.
  private static boolean concernsHistory(String fileName, byte[] content) {
    List<ChangelogProblem> problems = new ArrayList<>();
    return Utf8.decode(content, fileName, problems)
        .filter(
            text ->
                OtherProvider.problem(fileName, text).isPresent()
                    || EfScript.read(fileName, text, problems).concernsHistory())
        .isPresent();
  }

  /// Whether blocks in it record what they ask for.
  private static boolean isScript(String fileName, byte[] content) {
    List<ChangelogProblem> problems = new ArrayList<>();
    return Utf8.decode(content, fileName, problems)
        .map(text -> EfScript.read(fileName, text, problems))
        .filter(script -> script.migrations().stream().anyMatch(m -> m.row().isPresent()))
        .isPresent();
  }

  @Override
  public void read(
      Path file,
      byte[] content,
      Place place,
      ChangelogOptions options,
      ChangelogContents contents) {
    String shown = file.toString();
    List<ChangelogProblem> problems = contents.problems();
    Optional<String> text = Utf8.decode(content, shown, problems);
    if (text.isEmpty()) {
      return;
    }
    int before = problems.size();
    Optional<ChangelogProblem> foreign = OtherProvider.problem(shown, text.get());
    if (foreign.isPresent()) {
      problems.add(foreign.get());
      return;
    }
    EfScript script = EfScript.read(shown, text.get(), problems);
    if (problems.size() > before) {
      return;
    }
    HistoryDefinition history = script.history().orElseThrow();
    ScriptMigration first = script.migrations().getFirst();
    contents.recordIn(
        new ChangelogContents.Claim(history, new MigrationId(first.id()), first.origin()));
    String previous = "";
    for (ScriptMigration migration : script.migrations()) {
      contents.add(migration(migration));
      // EF goes by the order of its culture, which is another one where the digits are the same.
      if (!MigrationId.hasTimestampForm(migration.id()) || migration.id().compareTo(previous) < 0) {
        contents.keepOrder();
      }
      previous = migration.id();
    }
  }

  private static Migration migration(ScriptMigration migration) {
    return new Migration(
        new MigrationId(migration.id()),
        migration.origin(),
        migration.checksum(),
        new Conduct(migration.transaction(), Rerun.NEVER, Conduct.OnFailure.STOP),
        new Edits.Regenerated(),
        Optional.empty(),
        migration.row().map(HistoryRow::productVersion),
        migration::compile);
  }
}
