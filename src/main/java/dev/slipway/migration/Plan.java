package dev.slipway.migration;

import java.util.ArrayList;
import java.util.List;

/// What is to be done to take a database with this history to this changelog, and why.
///
/// @param steps in the order of the changelog; ids that only the history knows come first
/// @param common what the history and the changelog have in common
public record Plan(List<Step> steps, Common common) {

  /// Whether history and changelog belong together at all.
  public enum Common {
    /// The history holds nothing yet.
    NO_HISTORY,
    SOME,
    /// The history holds ids, all of them of others with whom it is shared.
    SHARED,
    /// The history holds ids, and not one of the changelog's: this release cannot go on top of that
    /// database.
    NOTHING
  }

  public Plan {
    steps = List.copyOf(steps);
  }

  /// What a run applies, in order.
  public List<Migration> due() {
    List<Migration> due = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.OfMigration known && known.standing().isDue()) {
        due.add(known.migration());
      }
    }
    return due;
  }

  /// The ids of the changelog that the history does not hold, or with another text that waits for a
  /// run.
  public List<String> pending() {
    List<String> pending = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.OfMigration known && isPending(known)) {
        pending.add(known.migration().id().value());
      }
    }
    return pending;
  }

  /// A repeatable migration that was edited waits for a run; a run-always one is never done, so
  /// with the same text it does not count as waiting.
  private static boolean isPending(Step.OfMigration step) {
    return switch (step.standing()) {
      case PENDING, HELD -> true;
      case AGAIN -> isEdited(step);
      case APPLIED -> false;
    };
  }

  private static boolean isEdited(Step step) {
    return step instanceof Step.RepeatableDue(_, var text) && text == Step.RepeatableDue.Text.OTHER;
  }

  /// Whether the database holds what this changelog brings. Where a newer release was there,
  /// another
  /// text of a repeatable migration is taken for that release's, which has to stay.
  public boolean isThere() {
    return switch (state()) {
      case UP_TO_DATE, AHEAD -> true;
      case PENDING ->
          !newer().isEmpty() && steps.stream().allMatch(step -> isEdited(step) || !isPending(step));
      case EMPTY, CONFLICT, PARTIALLY_APPLIED -> false;
    };
  }

  private static boolean isPending(Step step) {
    return step instanceof Step.OfMigration known && isPending(known);
  }

  /// The ids that changelog and history share.
  public List<String> applied() {
    List<String> applied = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.OfMigration known && known.standing().isApplied()) {
        applied.add(known.migration().id().value());
      }
    }
    return applied;
  }

  /// The ids that only the history knows.
  public List<String> unknown() {
    List<String> unknown = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Unknown stranger) {
        unknown.add(stranger.id());
      }
    }
    return unknown;
  }

  public List<Step.UnknownNewer> newer() {
    return of(Step.UnknownNewer.class);
  }

  public List<Step.UnknownOlder> older() {
    return of(Step.UnknownOlder.class);
  }

  public List<Step.OutOfOrder> outOfOrder() {
    return of(Step.OutOfOrder.class);
  }

  public List<Step.Modified> modified() {
    return of(Step.Modified.class);
  }

  public List<Step.Rewritten> rewritten() {
    return of(Step.Rewritten.class);
  }

  public List<Step.PartiallyApplied> partiallyApplied() {
    return of(Step.PartiallyApplied.class);
  }

  public List<Step.Abandoned> abandoned() {
    return of(Step.Abandoned.class);
  }

  public List<Step.HalfEmptied> halfEmptied() {
    return of(Step.HalfEmptied.class);
  }

  /// Whether something was begun and not finished.
  public boolean isHalfDone() {
    return !partiallyApplied().isEmpty() || !abandoned().isEmpty() || !halfEmptied().isEmpty();
  }

  /// Whether the same was begun and not finished as in another plan.
  public boolean isHalfDoneLike(Plan other) {
    return partiallyApplied().equals(other.partiallyApplied())
        && abandoned().equals(other.abandoned())
        && halfEmptied().equals(other.halfEmptied());
  }

  private <S extends Step> List<S> of(Class<S> type) {
    return steps.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /// The plan while another run is at work: what it has begun is on its way, not stuck.
  public Plan whileAnotherRuns() {
    List<Step> seen = new ArrayList<>(steps.size());
    for (Step step : steps) {
      if (step instanceof Step.PartiallyApplied(var migration, _, _)) {
        seen.add(new Step.Pending(migration));
      } else if (!(step instanceof Step.Abandoned || step instanceof Step.HalfEmptied)) {
        seen.add(step);
      }
    }
    return new Plan(seen, common);
  }

  public DatabaseState state() {
    if (isHalfDone()) {
      return DatabaseState.PARTIALLY_APPLIED;
    }
    if (common == Common.NOTHING || !modified().isEmpty()) {
      return DatabaseState.CONFLICT;
    }
    if (common == Common.NO_HISTORY) {
      return DatabaseState.EMPTY;
    }
    if (!pending().isEmpty()) {
      return DatabaseState.PENDING;
    }
    return newer().isEmpty() ? DatabaseState.UP_TO_DATE : DatabaseState.AHEAD;
  }
}
