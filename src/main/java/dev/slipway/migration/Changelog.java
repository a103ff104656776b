package dev.slipway.migration;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The migrations that a release ships, in the order of application; at least one. Ids are unique,
/// also when letter case does not count.
public final class Changelog {
  private final String name;
  private final List<Migration> migrations;
  private final Map<String, Migration> byKey;

  /// @param name the folder or file, as the user named it
  public Changelog(String name, List<Migration> migrations) {
    if (migrations.isEmpty()) {
      throw new IllegalArgumentException("an empty changelog: " + name);
    }
    this.name = name;
    this.migrations = List.copyOf(migrations);
    this.byKey = HashMap.newHashMap(migrations.size());
    for (Migration migration : this.migrations) {
      if (byKey.put(migration.id().key(), migration) != null) {
        throw new IllegalArgumentException("duplicate migration id: " + migration.id());
      }
    }
  }

  public String name() {
    return name;
  }

  public List<Migration> migrations() {
    return migrations;
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
