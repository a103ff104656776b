package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.HistorySql;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Planner;
import dev.slipway.sql.CreatedObject;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Adopts a database that was migrated by other means: records a migration and all before it as
/// applied, without running them.
public final class Baseline {
  private final Target target;
  private final Changelog changelog;
  private final Optional<Migration> last;
  private final RunSettings settings;
  private final LaterObjects laterObjects;
  private final LockedRun lockedRun;

  /// What to do when objects are there that only later migrations create.
  public enum LaterObjects {
    REFUSE,
    ACCEPT
  }

  /// @param last the last migration that the database holds already; empty for none: then only the
  /// empty history is made
  public Baseline(
      Target target,
      Changelog changelog,
      Optional<Migration> last,
      RunSettings settings,
      LaterObjects laterObjects,
      RunEvent.Listener listener) {
    this.target = target;
    this.changelog = changelog;
    this.last = last;
    this.settings = settings;
    this.laterObjects = laterObjects;
    this.lockedRun = new LockedRun(target, settings, listener);
  }

  /// What is to be recorded. Nothing is written.
  ///
  /// @throws SlipwayException if the database does not look as if it were at that migration
  public List<Migration> prepare() throws SQLException {
    refuse();
    return unrecorded();
  }

  /// Records it.
  ///
  /// @return what was recorded
  public List<Migration> run() throws SQLException {
    List<Migration> recorded = new ArrayList<>();
    lockedRun.run(this::refuse, () -> recorded.addAll(record()));
    target.refresh();
    return recorded;
  }

  private void refuse() throws SQLException {
    Conflicts.refusePartiallyApplied(Planner.plan(changelog, target.history()), target);
    lockedRun.refuseMissingSchema();
    Rights.check(target);
    // A schema that is still to be made holds nothing; PostgreSQL would look into the next one.
    if (laterObjects == LaterObjects.REFUSE && target.found().missing().isEmpty()) {
      refuseLaterObjects();
    }
  }

  private List<Migration> record() throws SQLException {
    HistoryLock.begin(target, settings, TargetState.UNCHANGED, List.of());
    try {
      target.refresh();
      refuse();
      List<Migration> missing = unrecorded();
      List<String> statements = new ArrayList<>();
      for (Migration migration : missing) {
        HistorySql sql = target.sql();
        statements.add(sql.recordMigration(migration.id(), settings.productVersion()));
        statements.add(
            sql.journalApplied(migration.id(), migration.checksum(), 0, settings.version()));
      }
      statements.add("COMMIT");
      target.session().together(statements);
      return missing;
    } catch (SQLException | RuntimeException e) {
      target.session().rollback(e);
      throw e;
    }
  }

  /// The last one and those before it, as far as the history lacks them.
  private List<Migration> unrecorded() {
    return covered().stream()
        .filter(migration -> !target.history().records(migration.id()))
        .toList();
  }

  private List<Migration> covered() {
    return last.map(
            migration ->
                changelog.migrations().subList(0, changelog.migrations().indexOf(migration) + 1))
        .orElse(List.of());
  }

  private void refuseLaterObjects() throws SQLException {
    Set<CreatedObject> known = new HashSet<>();
    covered().forEach(migration -> known.addAll(created(migration)));
    Map<CreatedObject, Migration> later = new LinkedHashMap<>();
    List<Migration> all = changelog.migrations();
    for (Migration migration : all.subList(covered().size(), all.size())) {
      if (!target.history().records(migration.id())) {
        created(migration).stream()
            .filter(object -> !known.contains(object))
            .forEach(object -> later.putIfAbsent(object, migration));
      }
    }
    List<CreatedObject> there =
        CatalogObjects.existing(target.session(), List.copyOf(later.keySet()));
    if (!there.isEmpty()) {
      throw new LaterObjectsException(there, later, last, target.surroundings().database());
    }
  }

  private static List<CreatedObject> created(Migration migration) {
    return CompiledMigration.of(migration).statements().stream()
        .map(Statement::created)
        .flatMap(List::stream)
        .toList();
  }

  /// Migrations behind the one that was named seem to be in the database, too: applied again, they
  /// would fail.
  public static final class LaterObjectsException extends SlipwayException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_SHOWN = 10;

    LaterObjectsException(
        List<CreatedObject> there,
        Map<CreatedObject, Migration> creators,
        Optional<Migration> last,
        String database) {
      super(
          FailureKind.CONFLICT,
          "database \"%s\" holds objects of later migrations already".formatted(database),
          there.stream()
                  .limit(MOST_SHOWN)
                  .map(object -> object.text() + ", of " + creators.get(object))
                  .collect(Collectors.joining("\n"))
              + (there.size() > MOST_SHOWN
                  ? "\nand %d more".formatted(there.size() - MOST_SHOWN)
                  : ""),
          """
          Name the last migration that the database holds, if these are its objects: slipway baseline %s
          If they are something else's: slipway baseline %s --confirm %s"""
              .formatted(
                  creators.get(there.getLast()),
                  last.map(Migration::toString).orElse("0"),
                  database),
          TargetState.UNCHANGED,
          null);
    }
  }
}
