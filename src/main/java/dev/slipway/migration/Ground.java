package dev.slipway.migration;

import java.util.ArrayList;
import java.util.List;

/// Whether a release can go on top of what a database holds: told by history, changelog and its
/// marks alone. The rule is the table of docs/resync.md.
public sealed interface Ground {

  /// It can. Ids that it does not know are remarkable, and no more.
  ///
  /// @param older renamed since, or squashed and adopted; empty as a rule
  /// @param newer the database is ahead of the release; empty as a rule
  record Fits(List<Step.UnknownOlder> older, List<Step.UnknownNewer> newer) implements Ground {
    public Fits {
      older = List.copyOf(older);
      newer = List.copyOf(newer);
    }
  }

  /// The history holds ids, and not one of the changelog's.
  record NothingInCommon() implements Ground {}

  /// What is pending and needs a clean database, while this one holds tables.
  record NotClean(List<Migration> marked) implements Ground {
    public NotClean {
      marked = List.copyOf(marked);
    }
  }

  /// What lies in the schemas that a changelog is concerned with, beside history, journal, and what
  /// belongs to extensions.
  enum Tables {
    NONE,
    SOME
  }

  /// What is pending and needs a clean database. One that has been begun made its tables itself.
  static List<Migration> marked(Plan plan, Changelog changelog) {
    if (!changelog.hasCleanBase()) {
      return List.of();
    }
    List<Migration> marked = new ArrayList<>();
    for (Step step : plan.steps()) {
      if ((step instanceof Step.Pending || step instanceof Step.OutOfOrder)
          && step instanceof Step.OfMigration known
          && changelog.base(known.migration()) == Base.CLEAN_DATABASE) {
        marked.add(known.migration());
      }
    }
    return marked;
  }

  /// @param tables need not be known where nothing is [#marked]
  static Ground of(Plan plan, Changelog changelog, Tables tables) {
    if (plan.common() == Plan.Common.NOTHING) {
      return new NothingInCommon();
    }
    List<Migration> marked = marked(plan, changelog);
    return marked.isEmpty() || tables == Tables.NONE
        ? new Fits(plan.older(), plan.newer())
        : new NotClean(marked);
  }
}
