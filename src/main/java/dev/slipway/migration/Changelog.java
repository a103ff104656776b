package dev.slipway.migration;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The migrations that a release ships, in the order of application; at least one. Ids are unique,
/// also when letter case does not count.
public final class Changelog {
  private final String name;
  private final List<Migration> migrations;
  private final List<Precondition> preconditions;
  private final Map<String, Migration> byKey;
  private final Set<MigrationId> leftOut;
  private final Set<String> leftOutKeys = new HashSet<>();

  /// @param name the folder or file, as the user named it
  public Changelog(String name, List<Migration> migrations) {
    this(name, migrations, List.of(), Set.of());
  }

  /// @param preconditions what must hold before anything of it is applied
  /// @param leftOut ids of migrations that are not for this database
  public Changelog(
      String name,
      List<Migration> migrations,
      List<Precondition> preconditions,
      Set<MigrationId> leftOut) {
    if (migrations.isEmpty()) {
      throw new IllegalArgumentException("an empty changelog: " + name);
    }
    this.name = name;
    this.migrations = List.copyOf(migrations);
    this.preconditions = List.copyOf(preconditions);
    this.byKey = HashMap.newHashMap(migrations.size());
    for (Migration migration : this.migrations) {
      if (byKey.put(migration.id().key(), migration) != null) {
        throw new IllegalArgumentException("duplicate migration id: " + migration.id());
      }
    }
    this.leftOut = Set.copyOf(leftOut);
    for (MigrationId id : leftOut) {
      this.leftOutKeys.add(id.key());
    }
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
