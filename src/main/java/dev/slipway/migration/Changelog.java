package dev.slipway.migration;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The migrations that a release ships, in the order of application; at least one. Ids are unique,
/// also when letter case does not count.
public final class Changelog {
  private final String name;
  private final List<Migration> migrations;
  private final List<Precondition> preconditions;
  private final Map<String, Migration> byKey;
  private final Set<MigrationId> leftOut;
  private final Set<String> leftOutKeys = new HashSet<>();
  private final Optional<HistoryDefinition> history;
  private final Set<String> continuations;
  private final List<String> notices;
  private final Set<MigrationId> onClean;
  private final HistoryUse historyUse;
  private final String afterResync;

  /// @param name the folder or file, as the user named it
  public Changelog(String name, List<Migration> migrations) {
    this(name, ChangelogContents.of(migrations));
  }

  /// @param contents without problems, its migrations in the order of application
  public Changelog(String name, ChangelogContents contents) {
    if (contents.migrations().isEmpty()) {
      throw new IllegalArgumentException("an empty changelog: " + name);
    }
    this.name = name;
    this.migrations = List.copyOf(contents.migrations());
    this.preconditions = List.copyOf(contents.preconditions());
    this.history = history(contents.claims());
    this.continuations = continuations(contents);
    this.notices = List.copyOf(contents.notices());
    this.onClean = Set.copyOf(contents.onClean());
    this.historyUse = contents.historyUse();
    this.afterResync = contents.afterResync();
    this.byKey = HashMap.newHashMap(migrations.size());
    for (Migration migration : this.migrations) {
      if (byKey.put(migration.id().key(), migration) != null) {
        throw new IllegalArgumentException("duplicate migration id: " + migration.id());
      }
    }
    this.leftOut = Set.copyOf(contents.leftOut());
    for (MigrationId id : leftOut) {
      this.leftOutKeys.add(id.key());
    }
  }

  /// All claims in one; a loop, as most changelogs have none and every run asks.
  private static Optional<HistoryDefinition> history(List<ChangelogContents.Claim> claims) {
    @Nullable HistoryDefinition all = null;
    for (ChangelogContents.Claim claim : claims) {
      all = all == null ? claim.history() : all.with(claim.history());
    }
    return Optional.ofNullable(all);
  }

  private static Set<String> continuations(ChangelogContents contents) {
    Set<String> continuations = new HashSet<>();
    for (ChangelogContents.Claim claim : contents.claims()) {
      if (claim.history().columns().isEmpty()) {
        continuations.add(claim.first().key());
      }
    }
    for (ChangelogContents.Claim claim : contents.claims()) {
      if (claim.history().columns().isPresent()) {
        continuations.remove(claim.first().key());
      }
    }
    continuations.removeAll(contents.repeated());
    return continuations;
  }

  public String name() {
    return name;
  }

  public List<Migration> migrations() {
    return migrations;
  }

  public List<Precondition> preconditions() {
    return preconditions;
  }

  /// Where it says itself that its migrations are recorded; empty for wherever the configuration
  /// says, as most do.
  public Optional<HistoryDefinition> history() {
    return history;
  }

  /// Whether it makes the schema that its history lies in.
  public boolean makesHistorySchema() {
    return history
        .filter(h -> h.schemaCreation() == HistoryDefinition.SchemaCreation.IF_MISSING)
        .isPresent();
  }

  /// Whether others come before its first migration, which it does not have.
  public boolean isContinuation() {
    return isContinuation(migrations.getFirst());
  }

  /// Whether it begins a file that continues others, without saying which is the one before.
  public boolean isContinuation(Migration migration) {
    return continuations.contains(migration.id().key());
  }

  /// What people should know of how it was read.
  public List<String> notices() {
    return notices;
  }

  /// What this migration can be applied on top of.
  public Base base(Migration migration) {
    return onClean.contains(migration.id()) ? Base.CLEAN_DATABASE : Base.ANY;
  }

  /// Whether any of its migrations needs a clean database.
  public boolean hasCleanBase() {
    return !onClean.isEmpty();
  }

  /// What an operator does once a clean database is migrated, in one or several lines.
  public String afterResync() {
    return afterResync;
  }

  /// Whose ids its history holds.
  public HistoryUse historyUse() {
    return historyUse;
  }

  /// The ids of migrations that are for other databases.
  public Set<MigrationId> leftOut() {
    return leftOut;
  }

  /// Whether ids say the order; all of a changelog have the form that does, or none.
  public boolean isOrderedById() {
    return MigrationId.hasTimestampForm(migrations.getLast().id().value());
  }

  /// Whether the changelog has a migration with this id, for this database or for others.
  public boolean knows(String id) {
    String key = MigrationId.key(id);
    return byKey.containsKey(key) || leftOutKeys.contains(key);
  }

  /// The migration with this id, in any letter case.
  public Optional<Migration> byId(String id) {
    return Optional.ofNullable(byKey.get(MigrationId.key(id)));
  }

  /// The migrations that a person may mean: `head` is the last one; otherwise the one with this id,
  /// or those with this name behind the digits. Letter case does not count.
  public List<Migration> find(String reference) {
    if (reference.equals("head")) {
      return List.of(migrations.getLast());
    }
    Optional<Migration> exact = byId(reference);
    return exact.isPresent()
        ? List.of(exact.get())
        : migrations.stream().filter(m -> m.id().name().equalsIgnoreCase(reference)).toList();
  }
}
