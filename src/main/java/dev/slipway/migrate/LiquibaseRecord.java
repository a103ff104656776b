package dev.slipway.migrate;

import dev.slipway.migration.ForeignId;
import dev.slipway.migration.Migration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What Liquibase recorded, seen from a changelog. A pure function of its rows and the migrations:
/// id and author must be the same, and the path, or else its end, or else its file name.
///
/// @param applied the migrations that a row stands for, in the order of the changelog
/// @param matched how many rows stand for one
/// @param strangers rows that stand for no migration of the changelog
/// @param ambiguous rows that may stand for several
record LiquibaseRecord(
    List<Migration> applied, int matched, List<ForeignId> strangers, List<Ambiguous> ambiguous) {

  /// A row, and the migrations of which it may be one.
  record Ambiguous(ForeignId row, List<Migration> candidates) {
    Ambiguous {
      candidates = List.copyOf(candidates);
    }
  }

  LiquibaseRecord {
    applied = List.copyOf(applied);
    strangers = List.copyOf(strangers);
    ambiguous = List.copyOf(ambiguous);
  }

  static LiquibaseRecord match(List<ForeignId> rows, List<Migration> migrations) {
    return new Matching(migrations).match(rows);
  }

  /// One comparison. What is certain goes first: a migration that has its row is no candidate for a
  /// row whose path does not fit as well.
  private static final class Matching {
    private static final int WHOLE = Integer.MAX_VALUE;

    private final List<Migration> migrations;
    private final Map<Key, List<Migration>> byKey = new HashMap<>();
    private final Set<Migration> found = new HashSet<>();
    private final List<ForeignId> strangers = new ArrayList<>();
    private final List<Ambiguous> ambiguous = new ArrayList<>();

    /// What must be the same; Liquibase compares both without regard to letter case.
    private record Key(String id, String author) {
      static Key of(ForeignId foreign) {
        return new Key(
            foreign.id().toLowerCase(Locale.ROOT), foreign.author().toLowerCase(Locale.ROOT));
      }
    }

    Matching(List<Migration> migrations) {
      this.migrations = migrations;
      for (Migration migration : migrations) {
        migration
            .foreignId()
            .ifPresent(
                foreign ->
                    byKey.computeIfAbsent(Key.of(foreign), _ -> new ArrayList<>()).add(migration));
      }
    }

    LiquibaseRecord match(List<ForeignId> rows) {
      List<ForeignId> elsewhere = rows.stream().filter(row -> !findNearest(row, WHOLE)).toList();
      List<ForeignId> rest = elsewhere.stream().filter(row -> !findNearest(row, 1)).toList();
      rest.forEach(this::findByFileName);
      return new LiquibaseRecord(
          migrations.stream().filter(found::contains).toList(),
          rows.size() - strangers.size() - ambiguous.size(),
          strangers,
          ambiguous);
    }

    /// @param least overlap of the paths
    /// @return whether there is one migration whose path fits best
    private boolean findNearest(ForeignId row, int least) {
      List<Migration> nearest = nearest(row, least);
      if (nearest.size() != 1) {
        return false;
      }
      found.add(nearest.getFirst());
      return true;
    }

    private List<Migration> nearest(ForeignId row, int least) {
      List<Migration> nearest = new ArrayList<>();
      int most = least;
      for (Migration migration : candidates(row)) {
        int overlap = overlap(row, migration);
        if (overlap > most) {
          nearest.clear();
          most = overlap;
        }
        if (overlap == most) {
          nearest.add(migration);
        }
      }
      return nearest;
    }

    private List<Migration> candidates(ForeignId row) {
      return byKey.getOrDefault(Key.of(row), List.of());
    }

    private static int overlap(ForeignId row, Migration migration) {
      RecordedPath recorded = path(row);
      int most = 0;
      for (RecordedPath path : paths(migration)) {
        most = Math.max(most, path.equals(recorded) ? WHOLE : path.overlap(recorded));
      }
      return most;
    }

    /// For a row whose path fits none, or several. With ids like `1` in each file, a changeset that
    /// was removed looks like one that was moved: what is not the only one with its id and author
    /// is left to a person.
    private void findByFileName(ForeignId row) {
      List<Migration> candidates = candidates(row);
      List<Migration> sameName = candidates.stream().filter(m -> hasFileName(m, row)).toList();
      if (candidates.size() == 1 && sameName.size() == 1) {
        found.add(sameName.getFirst());
        return;
      }
      List<Migration> left = sameName.stream().filter(m -> !found.contains(m)).toList();
      if (left.isEmpty()) {
        strangers.add(row);
      } else {
        ambiguous.add(new Ambiguous(row, left));
      }
    }

    private static boolean hasFileName(Migration migration, ForeignId row) {
      return paths(migration).stream()
          .anyMatch(path -> path.fileName().equals(path(row).fileName()));
    }

    private static RecordedPath path(ForeignId row) {
      return RecordedPath.of(row.paths().getFirst());
    }

    private static List<RecordedPath> paths(Migration migration) {
      return migration.foreignId().stream()
          .flatMap(foreign -> foreign.paths().stream())
          .map(RecordedPath::of)
          .toList();
    }
  }
}
