package dev.slipway.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Compares a changelog with a history. A pure function: equal input gives an equal plan.
public final class Planner {
  private final Changelog changelog;
  private final History history;
  private final @Nullable Migration last;

  private Planner(Changelog changelog, History history, @Nullable Migration last) {
    this.changelog = changelog;
    this.history = history;
    this.last = last;
  }

  /// The plan for the whole changelog.
  public static Plan plan(Changelog changelog, History history) {
    return new Planner(changelog, history, null).plan();
  }

  /// The plan that ends with this migration of the changelog.
  public static Plan planTo(Changelog changelog, History history, Migration to) {
    return new Planner(changelog, history, to).plan();
  }

  private Plan plan() {
    List<Step> steps = new ArrayList<>(changelog.migrations().size());
    addUnknown(steps);
    addBegun(steps);
    List<Migration> migrations = changelog.migrations();
    int lastApplied = lastApplied();
    int end = last == null ? migrations.size() : migrations.indexOf(last);
    for (int i = 0; i < migrations.size(); i++) {
      String late = i <= lastApplied ? migrations.get(lastApplied).id().value() : null;
      steps.add(i > end ? stepBeyond(migrations.get(i)) : step(migrations.get(i), late));
    }
    return new Plan(steps, common(lastApplied >= 0));
  }

  private void addUnknown(List<Step> steps) {
    String lastKnown = changelog.migrations().getLast().id().value();
    for (History.Row row : history.rows()) {
      if (!changelog.knows(row.id())) {
        steps.add(unknown(row.id(), lastKnown));
      }
    }
  }

  private Step unknown(String id, String lastKnown) {
    if (changelog.historyUse() == HistoryUse.SHARED) {
      return new Step.OfOthers(id);
    }
    boolean newer = id.compareTo(lastKnown) > 0;
    return newer ? new Step.UnknownNewer(id) : new Step.UnknownOlder(id);
  }

  /// Migrations that others have begun are theirs to finish; emptied is what belongs to all.
  private void addBegun(List<Step> steps) {
    for (History.JournalEntry entry : history.unfinished()) {
      if (entry.id().equals(History.EMPTYING)) {
        steps.add(new Step.HalfEmptied(entry));
      } else if (changelog.historyUse() == HistoryUse.OWN && changelog.byId(entry.id()).isEmpty()) {
        steps.add(new Step.Abandoned(entry));
      }
    }
  }

  /// The place of the last one in the changelog; -1 if none is applied.
  private int lastApplied() {
    List<Migration> migrations = changelog.migrations();
    int i = migrations.size() - 1;
    while (i >= 0 && !history.records(migrations.get(i).id())) {
      i--;
    }
    return i;
  }

  private Plan.Common common(boolean anyApplied) {
    if (history.isEmpty()) {
      return Plan.Common.NO_HISTORY;
    }
    boolean some =
        anyApplied
            || isContinued()
            || history.rows().stream().anyMatch(row -> changelog.knows(row.id()));
    if (some) {
      return Plan.Common.SOME;
    }
    return changelog.historyUse() == HistoryUse.SHARED ? Plan.Common.SHARED : Plan.Common.NOTHING;
  }

  /// Whether the history holds what comes before a changelog that continues others.
  private boolean isContinued() {
    String first = changelog.migrations().getFirst().id().value();
    return changelog.isContinuation()
        && history.rows().stream().anyMatch(row -> row.id().compareTo(first) < 0);
  }

  /// @param behind the last applied id, if it stands behind this migration
  private Step step(Migration migration, @Nullable String behind) {
    boolean recorded = history.records(migration.id());
    Optional<History.JournalEntry> begun =
        history.journal(migration.id().value()).filter(entry -> entry.finishedAt() == null);
    // A repeatable one has its row since its first run; one that is not repeatable and has a row
    // was settled by whoever wrote that.
    if (begun.isPresent() && !(recorded && migration.rerun() == Rerun.NEVER)) {
      return new Step.PartiallyApplied(migration, begun.get(), Step.Standing.PENDING);
    }
    if (recorded) {
      return recorded(migration);
    }
    return behind == null ? new Step.Pending(migration) : new Step.OutOfOrder(migration, behind);
  }

  private Step stepBeyond(Migration migration) {
    Step step = step(migration, null);
    return switch (step) {
      case Step.Pending _, Step.OutOfOrder _ -> new Step.Beyond(migration);
      case Step.RepeatableDue _ -> new Step.Applied(migration);
      case Step.PartiallyApplied(_, var begun, _) ->
          new Step.PartiallyApplied(migration, begun, Step.Standing.HELD);
      case Step.Applied _, Step.Modified _, Step.Rewritten _ -> step;
      case Step.Beyond _, Step.Abandoned _, Step.HalfEmptied _ -> step;
      case Step.UnknownOlder _, Step.UnknownNewer _, Step.OfOthers _ -> step;
    };
  }

  private Step recorded(Migration migration) {
    // An older version's journal had no checksum.
    Optional<Checksum> applied =
        history
            .journal(migration.id().value())
            .map(History.JournalEntry::checksum)
            .filter(checksum -> !checksum.value().isEmpty());
    boolean same = applied.isPresent() && migration.isText(applied.get());
    return switch (migration.rerun()) {
      // Without a checksum it counts as the same: it is never done, and nobody is to wait for it.
      case ALWAYS ->
          new Step.RepeatableDue(
              migration,
              same || applied.isEmpty()
                  ? Step.RepeatableDue.Text.SAME
                  : Step.RepeatableDue.Text.OTHER);
      // Without a checksum nobody knows which text was applied; running it again is what it is for.
      case ON_CHANGE ->
          same
              ? new Step.Applied(migration)
              : new Step.RepeatableDue(migration, Step.RepeatableDue.Text.OTHER);
      case NEVER ->
          same || applied.isEmpty()
              ? new Step.Applied(migration)
              : differing(migration, applied.get());
    };
  }

  private static Step differing(Migration migration, Checksum applied) {
    return migration.edits() instanceof Edits.Regenerated
        ? new Step.Rewritten(migration)
        : new Step.Modified(migration, applied);
  }
}
