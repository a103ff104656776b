package dev.slipway.changelog;

import dev.slipway.migration.ChangelogContents;
import dev.slipway.migration.ChangelogContents.Order;
import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Edits;
import dev.slipway.migration.HistoryDefinition;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.migration.Origin;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the files of a changelog are together: a migration is there once, all are recorded in one
/// table, and one order holds for all of them.
final class FilesTogether {
  private final ChangelogContents contents;

  private FilesTogether(ChangelogContents contents) {
    this.contents = contents;
  }

  /// Settles what can be settled, and adds the problems with the rest.
  static void settle(ChangelogContents contents) {
    var files = new FilesTogether(contents);
    files.settleDuplicates();
    files.refuseSeveralHistories();
    files.refuseMixedOrders();
  }

  private void settleDuplicates() {
    Map<String, Migration> seen = LinkedHashMap.newLinkedHashMap(contents.migrations().size());
    boolean isSettled = false;
    for (Migration migration : contents.migrations()) {
      Migration first = seen.putIfAbsent(migration.id().key(), migration);
      if (first != null && isRegenerated(first, migration)) {
        seen.put(migration.id().key(), later(first, migration));
        contents.repeated(migration.id());
        isSettled = true;
      } else if (first != null) {
        contents.problem(duplicate(migration, first));
      }
    }
    if (isSettled) {
      contents.migrations().clear();
      contents.migrations().addAll(seen.values());
    }
  }

  /// Whether both come from scripts that a tool writes anew with each release, where a later one
  /// holds what an earlier one held.
  private static boolean isRegenerated(Migration one, Migration other) {
    return one.edits() instanceof Edits.Regenerated
        && other.edits() instanceof Edits.Regenerated
        && one.id().equals(other.id())
        && !one.origin().file().equals(other.origin().file());
  }

  /// The one from the script that goes further.
  private Migration later(Migration one, Migration other) {
    int comparison = last(one).compareTo(last(other));
    Migration later =
        comparison > 0 || (comparison == 0 && fileOf(one).compareTo(fileOf(other)) > 0)
            ? one
            : other;
    if (!one.checksum().equals(other.checksum())) {
      contents.notice(
          "\"%s\" has one text in %s and another in %s; that of %s is taken"
              .formatted(one, one.origin(), other.origin(), fileOf(later)));
    }
    return later;
  }

  private static String fileOf(Migration migration) {
    return migration.origin().file();
  }

  /// The last id of the script that this migration is from.
  private MigrationId last(Migration migration) {
    return contents.migrations().stream()
        .filter(other -> fileOf(other).equals(fileOf(migration)))
        .map(Migration::id)
        .max(Comparator.naturalOrder())
        .orElse(migration.id());
  }

  /// All migrations of a changelog are recorded in one table.
  private void refuseSeveralHistories() {
    @Nullable HistoryDefinition first = null;
    for (ChangelogContents.Claim claim : contents.claims()) {
      if (first == null) {
        first = claim.history();
      } else if (!first.isSameTable(claim.history())) {
        contents.problem(anotherHistory(claim.origin(), claim.history(), first));
      }
    }
  }

  /// An order of its own is no order for what another file has.
  private void refuseMixedOrders() {
    if (contents.order() == Order.BY_ID) {
      return;
    }
    for (ChangelogContents.Claim claim : contents.claims()) {
      String file = claim.origin().file();
      if (contents.migrations().stream().anyMatch(m -> !fileOf(m).equals(file))) {
        contents.problem(FileProblem.notAlone(Path.of(file)));
        return;
      }
    }
  }

  private static ChangelogProblem anotherHistory(
      Origin origin, HistoryDefinition history, HistoryDefinition first) {
    return new ChangelogProblem(
        origin,
        "the script records in %s, another one of this changelog in %s".formatted(history, first),
        "Give each its own changelog: a folder for each, named like its connection string.");
  }

  private static ChangelogProblem duplicate(Migration migration, Migration first) {
    return new ChangelogProblem(
        migration.origin(),
        "duplicate migration id \"%s\": also in %s".formatted(migration.id(), first.origin()),
        "Give one of them another id; letter case does not make ids differ.");
  }
}
