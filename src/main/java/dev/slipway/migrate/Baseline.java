package dev.slipway.migrate;

import dev.slipway.failure.FailureKind;
import dev.slipway.failure.SlipwayException;
import dev.slipway.failure.TargetState;
import dev.slipway.history.HistorySql;
import dev.slipway.migration.Changelog;
import dev.slipway.migration.ChangelogException;
import dev.slipway.migration.CompiledMigration;
import dev.slipway.migration.ForeignId;
import dev.slipway.migration.Migration;
import dev.slipway.migration.Needs;
import dev.slipway.migration.Plan;
import dev.slipway.migration.Planner;
import dev.slipway.migration.Rerun;
import dev.slipway.sql.CreatedObject;
import dev.slipway.sql.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Adopts a database that was migrated by other means: records as applied what it holds already,
/// without running it.
public final class Baseline {
  private final Target target;
  private final Changelog changelog;
  private final Extent extent;
  private final RunSettings settings;
  private final LaterObjects laterObjects;
  private final LockedRun lockedRun;

  /// What of the changelog a database holds already.
  public sealed interface Extent {
    /// None of it: only the empty history is made.
    record Nothing() implements Extent {}

    /// This migration and all before it.
    record UpTo(Migration last) implements Extent {}

    /// What Liquibase's own table records, be it the first ones or any.
    record RecordedByLiquibase() implements Extent {}
  }

  /// What a baseline gave.
  ///
  /// @param recorded in the order of the changelog
  /// @param strangers what Liquibase recorded and the changelog does not have
  public record Outcome(List<Migration> recorded, List<ForeignId> strangers) {
    public Outcome {
      recorded = List.copyOf(recorded);
      strangers = List.copyOf(strangers);
    }
  }

  /// What the database holds.
  private record Held(List<Migration> migrations, List<ForeignId> strangers) {}

  /// What to do when objects are there that only later migrations create.
  public enum LaterObjects {
    REFUSE,
    ACCEPT
  }

  /// @param laterObjects not asked where another tool's record says which migrations are applied
  public Baseline(
      Target target,
      Changelog changelog,
      Extent extent,
      RunSettings settings,
      LaterObjects laterObjects,
      RunEvent.Listener listener) {
    this.target = target;
    this.changelog = changelog;
    this.extent = extent;
    this.settings = settings;
    this.laterObjects = laterObjects;
    this.lockedRun = new LockedRun(target, settings, listener);
  }

  /// What is to be recorded. Nothing is written.
  ///
  /// @throws SlipwayException if the database does not look as if it were at that migration
  public Outcome prepare() throws SQLException {
    Held held = held();
    refuse(held);
    return new Outcome(unrecorded(held), held.strangers());
  }

  /// Records it.
  ///
  /// @return what was recorded
  public Outcome run() throws SQLException {
    List<Outcome> outcome = new ArrayList<>();
    lockedRun.run(() -> refuse(held()), () -> outcome.add(record(held())));
    target.refresh();
    return outcome.getFirst();
  }

  private Held held() throws SQLException {
    return switch (extent) {
      case Extent.Nothing() -> new Held(List.of(), List.of());
      case Extent.UpTo(var last) -> new Held(upTo(last), List.of());
      case Extent.RecordedByLiquibase() -> {
        LiquibaseRecord found = LiquibaseAdoption.read(target, changelog);
        yield new Held(found.applied(), found.strangers());
      }
    };
  }

  private List<Migration> upTo(Migration last) {
    return changelog.migrations().subList(0, changelog.migrations().indexOf(last) + 1);
  }

  private void refuse(Held held) throws SQLException {
    refusePartiallyApplied();
    lockedRun.refuseMissingSchema();
    Rights.check(target, Needs.none());
    switch (extent) {
      case Extent.Nothing() -> refuseLaterObjects(held, "0");
      case Extent.UpTo(var last) -> refuseLaterObjects(held, last.id().value());
      // Liquibase knows which ones it applied; a later one may create what it has created, too.
      case Extent.RecordedByLiquibase() -> {}
    }
  }

  /// Even one that a run could go on with: what of the changelog is there is then not yet settled.
  private void refusePartiallyApplied() {
    Plan plan = Planner.plan(changelog, target.history());
    Conflicts.refuseHalfDone(plan, target);
    if (!plan.partiallyApplied().isEmpty()) {
      throw PartiallyAppliedException.toBeGoneOnWith(plan.partiallyApplied().getFirst());
    }
  }

  private Outcome record(Held held) throws SQLException {
    HistoryLock.begin(target, settings, TargetState.UNCHANGED, List.of());
    try {
      target.refresh();
      refuse(held);
      List<Migration> missing = unrecorded(held);
      List<String> statements = new ArrayList<>();
      for (Migration migration : missing) {
        HistorySql sql = target.sql();
        statements.add(sql.recordMigration(migration, settings.version()));
        statements.add(
            sql.journal().applied(migration.id(), migration.checksum(), 0, settings.version()));
      }
      statements.add("COMMIT");
      target.session().together(statements);
      return new Outcome(missing, held.strangers());
    } catch (SQLException | RuntimeException e) {
      target.session().rollback(e);
      throw e;
    }
  }

  private List<Migration> unrecorded(Held held) {
    return held.migrations().stream()
        .filter(migration -> !target.history().records(migration.id()))
        .toList();
  }

  /// @param id what was asked for
  private void refuseLaterObjects(Held held, String id) throws SQLException {
    // A schema that is still to be made holds nothing; PostgreSQL would look into the next one.
    if (laterObjects == LaterObjects.ACCEPT || !target.found().missing().isEmpty()) {
      return;
    }
    Set<CreatedObject> known = new HashSet<>();
    held.migrations().forEach(migration -> known.addAll(createdBefore(migration)));
    Map<CreatedObject, Migration> later = new LinkedHashMap<>();
    List<Migration> all = changelog.migrations();
    for (Migration migration : all.subList(held.migrations().size(), all.size())) {
      // What is repeatable is there already by its nature, and does no harm when it runs again.
      if (migration.rerun() == Rerun.NEVER && !target.history().records(migration.id())) {
        created(migration).stream()
            .filter(object -> !known.contains(object))
            .forEach(object -> later.putIfAbsent(object, migration));
      }
    }
    List<CreatedObject> there =
        CatalogObjects.existing(target.session(), List.copyOf(later.keySet()));
    if (!there.isEmpty()) {
      throw new LaterObjectsException(there, later, id, target.surroundings().database());
    }
  }

  private static List<CreatedObject> created(Migration migration) {
    return CompiledMigration.of(migration).statements().stream()
        .map(Statement::created)
        .flatMap(List::stream)
        .toList();
  }

  /// What a migration that is there has created, as far as can be told: one that cannot be compiled
  /// was applied by a tool that could.
  private static List<CreatedObject> createdBefore(Migration migration) {
    try {
      return created(migration);
    } catch (ChangelogException _) {
      return List.of();
    }
  }

  /// Migrations behind the one that was named seem to be in the database, too: applied again, they
  /// would fail.
  public static final class LaterObjectsException extends SlipwayException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_SHOWN = 10;

    LaterObjectsException(
        List<CreatedObject> there,
        Map<CreatedObject, Migration> creators,
        String id,
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
              .formatted(creators.get(there.getLast()), id, database),
          TargetState.UNCHANGED,
          null);
    }
  }
}
