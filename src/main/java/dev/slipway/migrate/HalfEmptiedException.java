package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.ShellWord;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.migration.History;

/// The schemas were being emptied in portions, and that stopped half-way: whatever the history
/// says,
/// a part of it is gone.
public final class HalfEmptiedException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  HalfEmptiedException(Target target, History.JournalEntry begun) {
    super(
        FailureKind.PARTIALLY_APPLIED,
        "database \"%s\" is half emptied".formatted(target.surroundings().database()),
        "%s says that emptying it was begun%s, and not that it was finished."
            .formatted(
                target.historyTable().quotedJournal(),
                begun.startedAt() == null ? "" : " at " + begun.startedAt()),
        "Finish it: slipway resync --wipe --database %s --confirm %s"
            .formatted(ShellWord.of(target.name()), ShellWord.of(target.surroundings().database())),
        new TargetState.HalfEmptied(begun.statementsDone(), begun.statements()),
        null);
  }
}
