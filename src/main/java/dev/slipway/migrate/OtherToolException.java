package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.OtherHistory;
import dev.slipway.history.OtherHistory.Applied;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.Migration;
import dev.slipway.migration.MigrationId;
import dev.slipway.sql.Ascii;
import java.util.Optional;

/// Another tool has migrated this database so far, and nothing says yet what of our changelog it
/// holds.
public final class OtherToolException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  /// Shorter ones, as `1` or `V2`, would be found in many ids.
  private static final int SHORTEST_REVISION = 8;

  OtherToolException(String database, OtherHistory other, Changelog changelog) {
    super(
        FailureKind.CONFLICT,
        "database \"%s\" was migrated by %s so far".formatted(database, other.tool().title()),
        "%s records %s; the last is %s. There is no history of ours."
            .formatted(other.table(), count(other.applied().size()), last(other).text()),
        hint(other, changelog),
        TargetState.UNCHANGED,
        null);
  }

  private static String count(int applied) {
    return applied == 1 ? "1 migration" : applied + " migrations";
  }

  private static Applied last(OtherHistory other) {
    return other.applied().getLast();
  }

  private static String hint(OtherHistory other, Changelog changelog) {
    LiquibaseRecord found = LiquibaseRecord.match(other.foreignIds(), changelog.migrations());
    String remedy =
        found.applied().isEmpty() && found.ambiguous().isEmpty()
            ? "Record what it holds, which runs nothing: "
                + baseline(last(other), fitting(other, changelog))
            : "Record the %d of %d that the changelog has, which runs nothing: slipway baseline --from-liquibase"
                .formatted(found.matched(), other.applied().size());
    return remedy + "\nIf these tables are another application's: slipway baseline 0";
  }

  private static String baseline(Applied last, Optional<Migration> fitting) {
    return fitting
        .map(migration -> "slipway baseline " + migration)
        .orElse(
            "slipway baseline ID, with the migration of the changelog that does what \"%s\" did"
                .formatted(last.version()));
  }

  /// The last migration of the changelog that the tool seems to have applied.
  private static Optional<Migration> fitting(OtherHistory other, Changelog changelog) {
    return changelog.migrations().reversed().stream()
        .filter(migration -> other.applied().stream().anyMatch(a -> isSame(a, migration.id())))
        .findFirst();
  }

  private static boolean isSame(Applied applied, MigrationId id) {
    String version = applied.version();
    String name = letters(id.name());
    return version.equalsIgnoreCase(id.value())
        || letters(version).equals(name)
        || (!applied.description().isEmpty() && letters(applied.description()).equals(name))
        || (version.length() >= SHORTEST_REVISION
            && Ascii.lower(id.value()).contains(Ascii.lower(version)));
  }

  /// Tools write the name of a migration with underscores, blanks, or neither.
  private static String letters(String name) {
    return Ascii.lower(name).replaceAll("[ _.-]", "");
  }
}
