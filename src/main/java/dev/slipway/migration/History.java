package dev.slipway.migration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a database is: what its history table records, with what the journal knows of it. Ids are
/// looked up without regard to letter case, as EF does.
public final class History {
  public static final History EMPTY = new History(List.of(), List.of());

  /// Where a migration's id stands in the journal: its schemas are being emptied. What else the
  /// history and the journal say is what was there before.
  public static final String EMPTYING = "slipway resync --wipe";

  private final List<Row> rows;
  private final Map<String, Row> rowByKey;
  private final Map<String, JournalEntry> journalByKey;

  /// A row of the history table. Its id may be anything: others write there too.
  public record Row(String id, String productVersion) {}

  /// What the journal says of one migration.
  ///
  /// @param startedAt null in an entry that does not say
  /// @param finishedAt null while it runs, or after it broke
  /// @param statementBegun of a migration without a transaction: the number, from 1, of the last
  ///     statement that was begun by itself; one that took effect together with its mark is not
  ///     noted. Null where the version that wrote the entry did not note any
  public record JournalEntry(
      String id,
      Checksum checksum,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      int statementsDone,
      int statements,
      @Nullable Integer statementBegun) {}

  public History(List<Row> rows, List<JournalEntry> journal) {
    this.rows = List.copyOf(rows);
    this.rowByKey = HashMap.newHashMap(rows.size());
    this.journalByKey = HashMap.newHashMap(journal.size());
    for (Row row : this.rows) {
      rowByKey.put(MigrationId.key(row.id()), row);
    }
    for (JournalEntry entry : journal) {
      journalByKey.put(MigrationId.key(entry.id()), entry);
    }
  }

  /// The same as the changelog orders it. Where that has an order of its own, what it does not know
  /// comes first.
  public History inOrderOf(Changelog changelog) {
    if (changelog.isOrderedById()) {
      return this;
    }
    Map<String, Integer> places = new HashMap<>();
    changelog.migrations().forEach(migration -> places.put(migration.id().key(), places.size()));
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingInt(row -> places.getOrDefault(MigrationId.key(row.id()), -1)));
    return new History(sorted, List.copyOf(journalByKey.values()));
  }

  /// In the order of their ids, as a rule.
  public List<Row> rows() {
    return rows;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  public boolean records(MigrationId id) {
    return rowByKey.containsKey(id.key());
  }

  /// What was begun and is not finished, nor recorded since by whoever finished it.
  List<JournalEntry> unfinished() {
    List<JournalEntry> unfinished = new ArrayList<>();
    for (JournalEntry entry : journalByKey.values()) {
      if (entry.finishedAt() == null && !rowByKey.containsKey(MigrationId.key(entry.id()))) {
        unfinished.add(entry);
      }
    }
    // What Comparator.comparing() makes is linked anew at each start.
    unfinished.sort((one, other) -> one.id().compareTo(other.id()));
    return unfinished;
  }

  /// What the journal says of an emptying that was begun and is not finished.
  public Optional<JournalEntry> emptying() {
    return journal(EMPTYING);
  }

  /// What the journal has of it; empty for what EF applied.
  public Optional<JournalEntry> journal(String id) {
    return Optional.ofNullable(journalByKey.get(MigrationId.key(id)));
  }
}
