package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.HistoryTable;
import dev.slipway.migration.Migration;
import java.util.List;
import java.util.stream.Collectors;

/// Migrations were applied, and the history does not hold them: the next run would apply them
/// again.
public final class UnrecordedException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  UnrecordedException(List<Migration> migrations, HistoryTable history) {
    super(
        FailureKind.CONFLICT,
        "the history does not hold what was applied",
        migrations.stream()
                .map(migration -> migration.origin().toString())
                .collect(Collectors.joining("\n"))
            + "\nTheir rows were written to %s and are not there.".formatted(history.quoted()),
        "Look for a rule or trigger on that table, or a statement that deletes from it; once it is"
            + " gone, record them: slipway baseline %s".formatted(migrations.getLast()),
        new TargetState.Applied(migrations.getLast().id().value()),
        null);
  }
}
