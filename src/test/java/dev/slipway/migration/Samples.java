package dev.slipway.migration;

import dev.slipway.sql.Script;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Migrations and histories for tests of planning. A text stands for a checksum: equal texts are
/// equal checksums.
final class Samples {
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private Samples() {}

  static Checksum checksum(String text) {
    return Checksum.ofText(text.getBytes(StandardCharsets.UTF_8));
  }

  static Migration migration(String id) {
    return migration(id, Rerun.NEVER);
  }

  static Migration migration(String id, Rerun rerun) {
    return new Migration(
        new MigrationId(id),
        new Origin(id + ".sql", 1),
        checksum("as shipped"),
        new Conduct(TransactionMode.ONE, rerun, Conduct.OnFailure.STOP),
        Edits.NONE,
        Optional.empty(),
        Optional.empty(),
        () -> MigrationSql.of(id + ".sql", new Script(List.of(), List.of())));
  }

  static Changelog changelog(Migration... migrations) {
    return new Changelog("changelog", List.of(migrations));
  }

  /// A history without a journal, as EF writes it.
  static History history(String... ids) {
    return new History(rows(ids), List.of());
  }

  static List<History.Row> rows(String... ids) {
    List<History.Row> rows = new ArrayList<>();
    for (String id : ids) {
      rows.add(new History.Row(id, "8.0.0"));
    }
    return rows;
  }

  /// The journal's row of a migration that is done.
  static History.JournalEntry finished(String id, String text) {
    return new History.JournalEntry(id, checksum(text), NOON, NOON.plusSeconds(1), 3, 3, 0);
  }

  /// The journal's row of a migration that runs, or broke.
  static History.JournalEntry unfinished(String id, String text, int statementsDone) {
    return new History.JournalEntry(id, checksum(text), NOON, null, statementsDone, 3, 0);
  }
}
